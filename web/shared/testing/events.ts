import type { EventHappened, MessageSent } from "../protocol.js";

/** A message event, for tests. */
export function message(seq: number, text = `message ${seq}`): MessageSent {
  return {
    type: "message.sent",
    seq,
    at: "2026-11-22T09:30:00Z",
    message_id: `message-${seq}`,
    sender: { role: "agent", id: "agent-1", name: "Ada Byron" },
    text,
    delivery: null,
  };
}

/** The push of a message event, for tests. */
export function pushed(seq: number, after: number): EventHappened {
  return { type: "event", conversation_id: "c1", after, event: message(seq) };
}
