// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { Draft } from "../../shared/outbox.js";
import type { Event, MessageSent, Role } from "../../shared/protocol.js";
import { timeline } from "./timeline.js";

function message(seq: number, role: Role, at: string, id = role as string): MessageSent {
  const sender = { role, id, name: `The ${id}` };
  const message_id = `message-${seq}`;
  return { type: "message.sent", seq, at, message_id, sender, text: `text ${seq}`, delivery: null };
}

function draft(message_id: string, at: string): Draft {
  return { message_id, text: "draft", at, error: null };
}

const at = (minute: number, day = 22) => new Date(2026, 10, day, 9, minute).toISOString();

/** Lines in short: day, note, or the messages with the ends of their runs. */
function sketch(events: Event[], drafts: Draft[] = []): string[] {
  return timeline(events, drafts).map((line) => {
    if (line.kind !== "message") return line.kind;
    const name = line.draft ? line.messageId : line.text;
    return `${line.first ? "[" : ""}${name}${line.last ? "]" : ""}`;
  });
}

describe("timeline", () => {
  test("messages of one sender that follow soon make a run", () => {
    const events = [
      message(1, "customer", at(0)),
      message(2, "customer", at(1)),
      message(3, "agent", at(2)),
      message(4, "agent", at(20)),
      message(5, "agent", at(21), "other agent"),
    ];
    expect(sketch(events)).toEqual([
      "day",
      "[text 1",
      "text 2]",
      "[text 3]",
      "[text 4]",
      "[text 5]",
    ]);
  });

  test("each day begins with its name", () => {
    const events = [message(1, "agent", at(0, 21)), message(2, "agent", at(0, 22))];
    expect(sketch(events)).toEqual(["day", "[text 1]", "day", "[text 2]"]);
  });

  test("tells who came and went, and nothing of what it does not know", () => {
    const agent = { role: "agent", id: "a", name: "Ada" } as const;
    const customer = { role: "customer", id: "c", name: "Cy" } as const;
    const events = [
      { type: "conversation.started", seq: 1, at: at(0), channel: "web" },
      { type: "participant.joined", seq: 2, at: at(0), participant: agent },
      { type: "participant.left", seq: 3, at: at(0), participant: customer },
      { type: "number.voided", seq: 4, at: at(0) },
      { type: "of.the.future", seq: 5, at: at(0) },
      { type: "conversation.ended", seq: 6, at: at(0), by: "agent", reason: null },
    ] as Event[];
    expect(sketch(events)).toEqual(["day", "note", "note"]);
  });

  test("a draft stands at the end until its message is there", () => {
    const events = [message(1, "customer", at(0))];
    expect(sketch(events, [draft("message-1", at(0)), draft("d2", at(1))])).toEqual([
      "day",
      "[text 1",
      "d2]",
    ]);
  });

  test("a message keeps the key of its draft", () => {
    const [, before] = timeline([], [draft("message-1", at(0))]);
    const [, after] = timeline([message(1, "customer", at(0))], []);
    expect(after?.key).toBe(before?.key);
  });
});
