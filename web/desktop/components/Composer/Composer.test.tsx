import { cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  TEXT_CHANNELS,
  TEXT_LENGTH,
  type AgentConversation,
  type Channel,
  type Event,
} from "../../../shared/protocol.js";
import { BrowserStore } from "../../../shared/storage.js";
import { Conversation } from "../../state/conversation.js";
import { ReadReports } from "../../state/reports.js";
import { SeenMarks } from "../../state/seen.js";
import { NOON, conversation as view } from "../../testing/samples.js";
import { Composer } from "./Composer.js";
import { room } from "./limits.js";

let conversation: Conversation;

function open(
  channel: Channel = "web",
  given: Partial<AgentConversation> = {},
): HTMLTextAreaElement {
  const store = new BrowserStore("sessionStorage");
  conversation = new Conversation(view("c1", { channel, ...given }), 1, {
    fetchAfter: () => new Promise(() => undefined),
    fetchBefore: () => new Promise(() => undefined),
    send: () => new Promise(() => undefined),
    me: () => ({ role: "agent", id: "agent-1", name: "Dana" }),
    nextRevision: () => 1,
    serverNow: Date.now,
    store,
    seen: new SeenMarks(store, "agent-1"),
    reports: new ReadReports(() => Promise.resolve()),
  });
  render(<Composer conversation={conversation} focus />);
  return screen.getByRole("textbox", { name: "Message" });
}

function happen(seq: number, type: "customer.opted_out" | "customer.opted_in"): void {
  const event: Event = { type, seq, at: NOON };
  conversation.receive({ type: "event", conversation_id: "c1", after: seq - 1, event });
}

function written(): string[] {
  return conversation.outbox.drafts.value.map(({ text }) => text);
}

beforeEach(() => sessionStorage.clear());
afterEach(cleanup);

describe("the composer", () => {
  test("has the focus, sends with Enter, without the blanks around, and is empty again", async () => {
    const person = userEvent.setup();
    const box = open();
    await person.keyboard("  Hello{Shift>}{Enter}{/Shift}Sarah {Enter}");
    expect(written()).toEqual(["Hello\nSarah"]);
    expect(box.value).toBe("");
    await person.keyboard("And more");
    expect(box.value).toBe("And more");
  });

  test("sends with its button, and may be written in again", async () => {
    const person = userEvent.setup();
    const box = open();
    await person.keyboard("Hello");
    await person.click(screen.getByRole("button", { name: "Send" }));
    expect(written()).toEqual(["Hello"]);
    expect(document.activeElement).toBe(box);
  });

  test("breaks the line with Shift + Enter", async () => {
    const person = userEvent.setup();
    const box = open();
    await person.keyboard("Hello{Shift>}{Enter}{/Shift}");
    expect(box.value).toBe("Hello\n");
    expect(written()).toEqual([]);
  });

  test("does not send nothing", async () => {
    const person = userEvent.setup();
    open();
    await person.keyboard(" {Shift>}{Enter}{/Shift} {Enter}");
    expect(written()).toEqual([]);
  });

  test("tells what is left near the limit, and does not send beyond it", async () => {
    const person = userEvent.setup();
    open();
    await person.paste("a".repeat(3_990));
    expect(screen.getByText("10 characters left")).toBeTruthy();
    await person.keyboard("aaaaaaaaaaa");
    expect(screen.getByText("1 character too many")).toBeTruthy();
    await person.keyboard("{Enter}");
    expect(written()).toEqual([]);
    await person.keyboard("{Backspace}{Enter}");
    expect(written()).toEqual(["a".repeat(4_000)]);
  });

  test("counts the segments of a text message", async () => {
    const person = userEvent.setup();
    open("sms");
    await person.paste("a".repeat(160));
    await person.keyboard("a");
    expect(screen.getByTestId("segments").textContent).toBe("2 segments, 145 left · GSM-7");
  });

  test.each(TEXT_CHANNELS)("does not send what is too long for %s", async (channel) => {
    const person = userEvent.setup();
    open(channel);
    await person.paste("a".repeat(TEXT_LENGTH - 1));
    await person.keyboard("😀{Enter}");
    expect(screen.getByText("1 character too many")).toBeTruthy();
    expect(written()).toEqual([]);
    await person.keyboard("{Backspace}{Backspace}a{Enter}");
    expect(written()).toEqual(["a".repeat(TEXT_LENGTH)]);
  });

  test("counts what it sends: without the blanks around", async () => {
    const person = userEvent.setup();
    open("sms");
    await person.paste("a".repeat(TEXT_LENGTH));
    await person.keyboard("  {Enter}");
    expect(written()).toEqual(["a".repeat(TEXT_LENGTH)]);
  });
});

describe("a customer who opted out", () => {
  const reason = /Sarah opted out of texts\. You can write again/u;

  test("closes the composer, which says why, and keeps what was written and the focus", async () => {
    const person = userEvent.setup();
    const box = open("sms");
    const status = screen.getAllByRole("status")[0];
    await person.keyboard("Are you there?");
    happen(1, "customer.opted_out");
    await screen.findByText(reason);
    expect(status?.textContent, "It was there before, so that it is read out.").toMatch(reason);
    await person.keyboard(" Hello?{Enter}");
    expect(box.value).toBe("Are you there?");
    expect(document.activeElement).toBe(box);
    expect(screen.getByRole("button", { name: "Send" })).toHaveProperty("disabled", true);
    expect(written()).toEqual([]);
  });

  test("opens it again when they opt in", async () => {
    const person = userEvent.setup();
    const box = open("sms", { opted_out: true });
    expect(screen.getByText(reason)).toBeTruthy();
    await person.click(box);
    await person.keyboard("Hello?{Enter}");
    expect([box.value, written()]).toEqual(["", []]);
    happen(1, "customer.opted_in");
    await screen.findByPlaceholderText("Write a message…");
    expect(screen.queryByText(reason)).toBeNull();
    await person.keyboard("Welcome back{Enter}");
    expect(written()).toEqual(["Welcome back"]);
  });

  test("is known from whatever is newer: the view, or an event", () => {
    open("sms", { opted_out: true, position: 5 });
    happen(4, "customer.opted_in");
    expect(conversation.optedOut.value).toBe(true);
    happen(7, "customer.opted_in");
    happen(6, "customer.opted_out");
    expect(conversation.optedOut.value).toBe(false);
    conversation.update(view("c1", { channel: "sms", opted_out: true, position: 8 }), 2);
    expect(conversation.optedOut.value).toBe(true);
  });
});

test("the limit counts characters, and of texts UTF-16 units", () => {
  expect(room("😀".repeat(4_000), "web")).toEqual({ left: 0, near: true, over: false });
  expect(room("😀".repeat(800), "sms")).toEqual({ left: 0, near: true, over: false });
  expect(room("😀".repeat(801), "whatsapp").over).toBe(true);
});
