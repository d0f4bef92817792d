import type { Draft } from "../../shared/outbox.js";
import type { Event, MessageSent, Participant } from "../../shared/protocol.js";
import { isSoon } from "../../shared/run.js";
import { sameDay } from "../../shared/time.js";

/** A line of the conversation as it is shown. */
export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "note"; key: string; event: Note }
  | MessageLine;

/** Events that are told in a line of text. */
export type Note = Extract<
  Event,
  { type: "participant.joined" | "participant.left" | "conversation.ended" }
>;

export interface MessageLine {
  kind: "message";
  key: string;
  messageId: string;
  at: string;
  text: string;
  mine: boolean;
  sender: Participant | null;
  /** Its number in the transcript; null while it is on its way. */
  seq: number | null;
  /** Whether it begins, or ends, a run of messages of one sender. */
  first: boolean;
  last: boolean;
  /** The message on its way; null once it is in the transcript. */
  draft: Draft | null;
}

/** Arranges a transcript, and the messages that are not in it yet, into lines. */
export function timeline(events: readonly Event[], drafts: readonly Draft[]): Line[] {
  const lines: Line[] = [];
  const known = new Set<string>();
  let day: string | null = null;
  const add = (line: MessageLine | Extract<Line, { kind: "note" }>, at: string) => {
    if (day === null || !sameDay(day, at)) lines.push({ kind: "day", key: `day ${at}`, at });
    day = at;
    if (line.kind === "message") joinRun(lines.at(-1), line);
    lines.push(line);
  };
  for (const event of events) {
    if (event.type === "message.sent") {
      known.add(event.message_id);
      add(messageLine(event), event.at);
    } else if (isNote(event)) {
      add({ kind: "note", key: `event ${event.seq}`, event }, event.at);
    }
  }
  for (const draft of drafts) {
    if (!known.has(draft.message_id)) add(draftLine(draft), draft.at);
  }
  return lines;
}

function isNote(event: Event): event is Note {
  if (event.type === "participant.joined" || event.type === "participant.left")
    return event.participant.role !== "customer";
  return event.type === "conversation.ended";
}

function messageLine({ message_id, seq, at, text, sender }: MessageSent): MessageLine {
  return {
    kind: "message",
    // The key is that of its draft, so the line stays where it is when the message arrives.
    key: message_id,
    messageId: message_id,
    at,
    text,
    mine: sender.role === "customer",
    sender,
    seq,
    first: true,
    last: true,
    draft: null,
  };
}

function draftLine(draft: Draft): MessageLine {
  const { message_id, at, text } = draft;
  return {
    kind: "message",
    key: message_id,
    messageId: message_id,
    at,
    text,
    mine: true,
    sender: null,
    seq: null,
    first: true,
    last: true,
    draft,
  };
}

function joinRun(before: Line | undefined, line: MessageLine): void {
  if (before?.kind !== "message" || before.mine !== line.mine) return;
  const sameSender = line.mine || before.sender?.id === line.sender?.id;
  if (!sameSender || !isSoon(before.at, line.at)) return;
  before.last = false;
  line.first = false;
}
