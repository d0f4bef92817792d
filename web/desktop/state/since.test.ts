import { signal, type Signal } from "@preact/signals";
import { beforeEach, expect, test } from "vitest";
import type { Agent } from "../../shared/protocol.js";
import { BrowserStore } from "../../shared/storage.js";
import { agent, NOON } from "../testing/samples.js";
import { StateSince } from "./since.js";

const noon = Date.parse(NOON);
const MINUTE = 60_000;

let now: number;

beforeEach(() => {
  localStorage.clear();
  now = noon;
});

function opened(shown: Signal<Agent | null>): StateSince {
  const since = new StateSince(new BrowserStore("localStorage"), "agent-1", () => now);
  since.follow(shown, new AbortController().signal);
  return since;
}

test("being busy counts from when it began, not from when the agent became ready", () => {
  const shown = signal<Agent | null>(agent());
  const since = opened(shown);
  expect(since.value.value).toBe(noon);
  now = noon + 20 * MINUTE;
  shown.value = agent({ state: "busy", version: 2 });
  expect(since.value.value).toBe(now);
});

test("a reload goes on counting", () => {
  const shown = signal<Agent | null>(agent());
  opened(shown);
  now = noon + 20 * MINUTE;
  shown.value = agent({ state: "wrap_up", version: 2 });
  now = noon + 25 * MINUTE;
  expect(opened(shown).value.value).toBe(noon + 20 * MINUTE);
});

test("what was declared elsewhere meanwhile counts from then", () => {
  opened(signal<Agent | null>(agent()));
  const later = new Date(noon + 60 * MINUTE).toISOString();
  const shown = signal<Agent | null>(agent({ since: later, version: 9 }));
  expect(opened(shown).value.value).toBe(noon + 60 * MINUTE);
});
