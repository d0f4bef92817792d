import { describe, expect, test } from "vitest";
import type { Event } from "../../shared/protocol.js";
import { NOON, fromAgent, fromCustomer } from "../testing/samples.js";
import { countUnread, timeline, waitingSince, type MessageRow } from "./timeline.js";

function messages(events: readonly Event[]): MessageRow[] {
  return timeline(events).filter((row) => row.kind === "message");
}

describe("timeline", () => {
  test("messages of one sender in a short time form a run", () => {
    const later = fromCustomer(4, { at: "2026-11-22T12:10:00Z" });
    const rows = messages([fromCustomer(1), fromCustomer(2), fromAgent(3), later]);
    expect(rows.map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  test("the newest delivery status counts, and is no line of its own", () => {
    const status = (seq: number, delivery: "sent" | "failed", error: string | null): Event => ({
      type: "message.delivery",
      seq,
      at: NOON,
      message_seq: 1,
      delivery,
      error,
    });
    const sent = fromAgent(1, { delivery: "pending" });
    const rows = timeline([
      sent,
      status(2, "sent", null),
      status(3, "failed", "The phone cannot be reached."),
    ]);
    expect(rows.map(({ kind }) => kind)).toEqual(["day", "message"]);
    expect(rows[1]).toMatchObject({ delivery: "failed", error: "The phone cannot be reached." });
  });

  test("each day has a line", () => {
    const rows = timeline([fromCustomer(1), fromCustomer(2, { at: "2026-11-24T12:00:00Z" })]);
    expect(rows.map(({ kind }) => kind)).toEqual(["day", "message", "day", "message"]);
  });

  test("the mark comes once, before the customer's first message that was not read", () => {
    const rows = timeline([fromCustomer(1), fromAgent(2), fromCustomer(3), fromCustomer(4)], 2);
    expect(rows.map(({ key }) => key)).toEqual([
      "day-1",
      "message-1",
      "message-2",
      "unread",
      "message-3",
      "message-4",
    ]);
  });

  test("events without words, of this version or a later one, are left out", () => {
    const voided: Event = { type: "number.voided", seq: 1, at: NOON };
    const unknown = { type: "survey.sent", seq: 2, at: NOON } as unknown as Event;
    expect(timeline([voided, unknown])).toEqual([]);
  });
});

describe("unread", () => {
  test("counts what the customer wrote after what was seen", () => {
    expect(countUnread([fromCustomer(1), fromCustomer(2), fromCustomer(3)], 1)).toBe(2);
  });

  test("an agent who answered has read what came before", () => {
    expect(countUnread([fromCustomer(1), fromAgent(2), fromCustomer(3)], 0)).toBe(1);
  });
});

describe("waiting", () => {
  test("counts from the first message after the last answer", () => {
    const at = "2026-11-22T12:05:00Z";
    const events = [fromCustomer(1), fromAgent(2), fromCustomer(3, { at }), fromCustomer(4)];
    expect(waitingSince(events)).toBe(at);
  });

  test("nobody waits who was answered", () => {
    expect(waitingSince([fromCustomer(1), fromAgent(2)])).toBeNull();
  });
});
