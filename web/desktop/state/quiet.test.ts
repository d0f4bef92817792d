import { expect, test } from "vitest";
import type { Event } from "../../shared/protocol.js";
import { fromCustomer, NOON } from "../testing/samples.js";
import { quietened, tellingOf } from "./quiet.js";
import { timeline } from "./timeline.js";

const mara = { role: "agent", id: "agent-1", name: "Mara" } as const;

const offered = (seq: number): Event => ({
  type: "offer.made",
  seq,
  at: NOON,
  offer_id: `o${seq}`,
  agent: mara,
});
const joined = (seq: number): Event => ({
  type: "participant.joined",
  seq,
  at: NOON,
  participant: mara,
});
const ended = (seq: number): Event => ({
  type: "conversation.ended",
  seq,
  at: NOON,
  by: "agent",
  reason: null,
});

const shown = (...events: Event[]): string[] =>
  quietened(timeline(events)).map((row) =>
    row.kind === "run" ? `run of ${row.events.length}` : row.kind,
  );

test("what happened between two messages is one line", () => {
  const events = [fromCustomer(1), offered(2), offered(3), joined(4), fromCustomer(5)];
  expect(shown(...events)).toEqual(["day", "message", "run of 3", "message"]);
});

test("one event alone stays as it is", () => {
  expect(shown(offered(1), fromCustomer(2))).toEqual(["day", "system", "message"]);
});

test("the end is never hidden", () => {
  expect(shown(fromCustomer(1), offered(2), joined(3), ended(4))).toEqual([
    "day",
    "message",
    "run of 2",
    "system",
  ]);
});

test("a run tells who came rather than who was asked", () => {
  const rows = quietened(timeline([joined(1), offered(2), offered(3)]));
  const run = rows.find((row) => row.kind === "run");
  expect(run && tellingOf(run.events)?.type).toBe("participant.joined");
});
