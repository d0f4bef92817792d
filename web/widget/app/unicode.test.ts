import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anyText, isReadable } from "../../shared/testing/texts.js";
import { wellFormed } from "../../shared/unicode.js";
import { FakeLambdesk } from "../testing/FakeLambdesk.js";
import type { Conversation } from "./conversation.js";
import { HostPage } from "./host.js";
import { Memory } from "./memory.js";
import { Widget } from "./widget.js";

let lambdesk: FakeLambdesk;
let widget: Widget;

async function start(message: string): Promise<Conversation> {
  await widget.load();
  await widget.start({ name: message, message });
  const view = widget.view.value;
  if (view.name !== "conversation") throw new Error("No conversation was started.");
  await vi.advanceTimersByTimeAsync(0);
  lambdesk.goLive();
  await vi.advanceTimersByTimeAsync(0);
  return view.conversation;
}

function leave(): void {
  const view = widget.view.value;
  if (view.name === "conversation") view.conversation.stop();
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  lambdesk = new FakeLambdesk();
  lambdesk.install();
  widget = new Widget("demo", new HostPage({ origin: location.origin }), new Memory("demo"));
});
afterEach(() => {
  leave();
  vi.useRealTimers();
});

const shown = (conversation: Conversation) =>
  conversation.events.value.flatMap((event) => (event.type === "message.sent" ? event.text : []));

test("whatever the customer and the agent write arrives, and the next message too", async () => {
  const conversation = await start("Hello");
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (mine, theirs) => {
      const before = shown(conversation).length;
      conversation.outbox.add(mine);
      conversation.outbox.add("the next one");
      await vi.advanceTimersByTimeAsync(100);
      lambdesk.agentSays(theirs);
      await vi.advanceTimersByTimeAsync(100);
      expect(conversation.outbox.drafts.value).toEqual([]);
      expect(shown(conversation).slice(before)).toEqual([wellFormed(mine), "the next one", theirs]);
    }),
    { numRuns: 60 },
  );
});

test("whatever the page is called, and whatever the form is answered with, a chat begins", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (title, answer) => {
      const website = { url: `https://shop.example/?q=${title}`, title };
      vi.spyOn(widget.host, "website", "get").mockReturnValue(website);
      await start(`${answer}.`);
      const [request] = lambdesk.sent("POST", "/conversations").slice(-1);
      expect(isReadable(request?.body)).toBe(true);
      await widget.startAgain();
    }),
    { numRuns: 60 },
  );
});
