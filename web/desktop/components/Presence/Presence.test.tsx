import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AgentConversation } from "../../../shared/protocol.js";
import { BrowserStore } from "../../../shared/storage.js";
import { Conversation } from "../../state/conversation.js";
import { ReadReports } from "../../state/reports.js";
import { SeenMarks } from "../../state/seen.js";
import { NOON, conversation as view } from "../../testing/samples.js";
import { PresenceSign, PresenceText } from "./Presence.js";

function show(given: Partial<AgentConversation>): void {
  const store = new BrowserStore("sessionStorage");
  const conversation = new Conversation(view("c1", given), 1, {
    fetchAfter: () => new Promise(() => undefined),
    fetchBefore: () => new Promise(() => undefined),
    send: () => new Promise(() => undefined),
    me: () => ({ role: "agent", id: "agent-1", name: "Dana" }),
    nextRevision: () => 2,
    serverNow: Date.now,
    store,
    seen: new SeenMarks(store, "agent-1"),
    reports: new ReadReports(() => Promise.resolve()),
  });
  vi.advanceTimersByTime(5_000);
  render(
    <>
      <PresenceText conversation={conversation} />
      <PresenceSign conversation={conversation} />
    </>,
  );
}

beforeEach(() => void vi.useFakeTimers({ now: new Date(NOON) }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test.each([
  ["web", true, "On the page"],
  ["web", false, "Left the page"],
  ["app", false, "Left the app"],
] as const)("%s, present: %s", (channel, customer_present, text) => {
  show({ channel, customer_present });
  expect(screen.getByTestId("presence").textContent).toBe(text);
  expect(screen.getByRole("img", { name: text })).toBeTruthy();
});

test.each([
  ["a text conversation", { channel: "sms", customer_present: null }],
  ["a conversation that has ended", { status: "wrap_up", customer_present: true }],
] as const)("%s shows nothing", (_name, given) => {
  show(given);
  expect(screen.queryByTestId("presence")).toBeNull();
  expect(screen.queryByRole("img")).toBeNull();
});
