import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Channel } from "../../../shared/protocol.js";
import { BrowserStore } from "../../../shared/storage.js";
import { Conversation } from "../../state/conversation.js";
import { SeenMarks } from "../../state/seen.js";
import { conversation as view } from "../../testing/samples.js";
import { Composer } from "./Composer.js";
import { room } from "./limits.js";

let conversation: Conversation;

function open(channel: Channel = "web"): HTMLTextAreaElement {
  const store = new BrowserStore("sessionStorage");
  conversation = new Conversation(view("c1", { channel }), 1, {
    fetchAfter: () => new Promise(() => undefined),
    send: () => new Promise(() => undefined),
    me: () => ({ role: "agent", id: "agent-1", name: "Dana" }),
    nextRevision: () => 1,
    serverNow: Date.now,
    store,
    seen: new SeenMarks(store, "agent-1"),
  });
  render(<Composer conversation={conversation} focus />);
  return screen.getByRole("textbox", { name: "Message" });
}

function type(box: HTMLTextAreaElement, text: string): void {
  fireEvent.input(box, { target: { value: text } });
}

function written(): string[] {
  return conversation.outbox.drafts.value.map(({ text }) => text);
}

beforeEach(() => sessionStorage.clear());
afterEach(cleanup);

describe("the composer", () => {
  test("sends with Enter, without the blanks around, and is empty again", () => {
    const box = open();
    type(box, "  Hello\nSarah \n");
    fireEvent.keyDown(box, { key: "Enter" });
    expect(written()).toEqual(["Hello\nSarah"]);
    expect(box.value).toBe("");
  });

  test("breaks the line with Shift + Enter", () => {
    const box = open();
    type(box, "Hello");
    expect(fireEvent.keyDown(box, { key: "Enter", shiftKey: true })).toBe(true);
    expect(written()).toEqual([]);
  });

  test("does not send nothing", () => {
    const box = open();
    type(box, " \n ");
    fireEvent.keyDown(box, { key: "Enter" });
    expect(written()).toEqual([]);
  });

  test("tells what is left near the limit, and does not send beyond it", () => {
    const box = open();
    type(box, "a".repeat(3_990));
    expect(screen.getByText("10 characters left")).toBeTruthy();
    type(box, "a".repeat(4_001));
    expect(screen.getByText("1 character too many")).toBeTruthy();
    fireEvent.keyDown(box, { key: "Enter" });
    expect(written()).toEqual([]);
  });

  test("counts the segments of a text message", () => {
    type(open("sms"), "a".repeat(161));
    expect(screen.getByTestId("segments").textContent).toBe("2 segments, 145 left · GSM-7");
  });
});

test("the limit counts characters, and is lower for text messages", () => {
  expect(room("😀".repeat(4_000), "web")).toEqual({ left: 0, near: true, over: false });
  expect(room("a".repeat(1_601), "sms").over).toBe(true);
});
