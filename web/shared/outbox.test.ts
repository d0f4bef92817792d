import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, Interrupted, Unreachable } from "./errors.js";
import { Outbox, type Draft, type OutboxOptions } from "./outbox.js";
import type { MessageReceipt } from "./protocol.js";
import { BrowserStore } from "./storage.js";

let delivered: string[] = [];
const open: Outbox[] = [];

async function deliver({ message_id, text }: Draft): Promise<MessageReceipt> {
  await Promise.resolve();
  delivered.push(text);
  return { message_id, seq: delivered.length };
}

function outbox(options: Partial<OutboxOptions> = {}): Outbox {
  const box = new Outbox({
    conversationId: "c1",
    store: new BrowserStore("localStorage"),
    send: deliver,
    onSent: () => undefined,
    givenUp: "Given up.",
    ...options,
  });
  open.push(box);
  return box;
}

const texts = (box: Outbox) => box.drafts.value.map((draft) => draft.text);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  delivered = [];
});
afterEach(() => {
  for (const box of open.splice(0)) box.stop();
  vi.useRealTimers();
});

test("sends in the order written and forgets what is acknowledged", async () => {
  const onSent = vi.fn();
  const box = outbox({ onSent });
  for (const text of ["one", "two", "three"]) box.add(text);
  expect(texts(box)).toEqual(["one", "two", "three"]);
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["one", "two", "three"]);
  expect(onSent).toHaveBeenCalledTimes(3);
  expect(texts(box)).toEqual([]);
});

test("a server that names a time is not asked before it, and gets the same message", async () => {
  let refused = false;
  const send = vi.fn((draft: Draft) => {
    if (refused) return deliver(draft);
    refused = true;
    return Promise.reject(new ApiError(429, "too_many", "Wait.", null, 20));
  });
  const box = outbox({ send });
  box.add("one");
  await vi.advanceTimersByTimeAsync(19_999);
  expect(send).toHaveBeenCalledTimes(1);
  expect(texts(box)).toEqual(["one"]);
  expect(box.drafts.value[0]?.error).toBeNull();
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["one"]);
});

test("tries the same message again until it is acknowledged", async () => {
  const ids: string[] = [];
  const send = vi.fn((draft: Draft) => {
    ids.push(draft.message_id);
    return ids.length < 4 ? Promise.reject(new Unreachable("lost")) : deliver(draft);
  });
  const box = outbox({ send });
  box.add("one");
  box.add("two");
  await vi.runAllTimersAsync();
  expect(new Set(ids.slice(0, 4)).size).toBe(1);
  expect(delivered).toEqual(["one", "two"]);
  expect(texts(box)).toEqual([]);
});

test("what a page left behind, the next page sends", async () => {
  const first = outbox({ send: () => Promise.reject(new Unreachable("offline")) });
  first.add("written offline");
  await vi.advanceTimersByTimeAsync(100);
  first.stop();
  const second = outbox();
  expect(texts(second)).toEqual(["written offline"]);
  second.flush();
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["written offline"]);
});

test("a refused message stays with its reason, does not block others, and can be tried again", async () => {
  const onFailed = vi.fn();
  const send = vi
    .fn(deliver)
    .mockRejectedValueOnce(new ApiError(422, "invalid", "Too long.", "text"));
  const box = outbox({ send, onFailed });
  const draft = box.add("refused");
  box.add("fine");
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["fine"]);
  expect(box.drafts.value).toMatchObject([{ text: "refused", error: "Too long." }]);
  expect(onFailed).toHaveBeenCalledOnce();
  box.retry(draft.message_id);
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["fine", "refused"]);
});

test("flush ends the pause", async () => {
  let up = false;
  const send = (draft: Draft) => (up ? deliver(draft) : Promise.reject(new Unreachable("down")));
  const box = outbox({ send });
  box.add("one");
  await vi.advanceTimersByTimeAsync(120_000);
  up = true;
  box.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(delivered).toEqual(["one"]);
});

test("tabs take turns and show each other's drafts", async () => {
  const held = locks();
  vi.stubGlobal("navigator", { locks: held });
  let running = 0;
  const send = async (draft: Draft) => {
    running += 1;
    expect(running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    running -= 1;
    return deliver(draft);
  };
  const one = outbox({ shared: true, send });
  const other = outbox({ shared: true, send });
  one.add("a");
  other.add("b");
  dispatchEvent(new StorageEvent("storage", { key: localStorage.key(0) }));
  expect(texts(one)).toEqual(["a", "b"]);
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["a", "b"]);
});

test("sends without a lock where locks are refused", async () => {
  vi.stubGlobal("navigator", {
    locks: { request: () => Promise.reject(new DOMException("no", "SecurityError")) },
  });
  outbox({ shared: true }).add("one");
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["one"]);
});

test("keeps messages in memory where the browser stores nothing", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const box = outbox();
  box.add("one");
  box.add("two");
  expect(texts(box)).toEqual(["one", "two"]);
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["one", "two"]);
});

test("a message that breaks the line is given up, and the next ones pass", async () => {
  const send = vi.fn((draft: Draft) =>
    draft.text === "poison" ? Promise.reject(new Interrupted("The line broke.")) : deliver(draft),
  );
  const onFailed = vi.fn();
  const box = outbox({ send, onFailed });
  box.add("poison");
  box.add("fine");
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["fine"]);
  expect(box.drafts.value).toMatchObject([{ text: "poison", error: "Given up." }]);
  expect(onFailed).toHaveBeenCalledOnce();
});

test("so is one over which the server stumbles each time", async () => {
  const send = (draft: Draft) =>
    draft.text === "poison"
      ? Promise.reject(new ApiError(500, "internal", "Something went wrong."))
      : deliver(draft);
  const box = outbox({ send });
  box.add("poison");
  box.add("fine");
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["fine"]);
});

test("what was given up can be tried again, as often as before", async () => {
  let broken = true;
  const send = vi.fn((draft: Draft) =>
    broken ? Promise.reject(new Interrupted("The line broke.")) : deliver(draft),
  );
  const box = outbox({ send });
  const { message_id } = box.add("unlucky");
  await vi.runAllTimersAsync();
  const tries = send.mock.calls.length;
  box.retry(message_id);
  await vi.runAllTimersAsync();
  expect(send).toHaveBeenCalledTimes(2 * tries);
  broken = false;
  box.retry(message_id);
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["unlucky"]);
});

test("being offline, or a busy server, gives no message up", async () => {
  let refusals = 0;
  const send = (draft: Draft) => {
    refusals += 1;
    if (refusals > 40) return deliver(draft);
    return Promise.reject(
      refusals % 2 ? new Unreachable("offline") : new ApiError(503, "busy", "Busy."),
    );
  };
  outbox({ send }).add("patient");
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["patient"]);
});

test("a message that goes down with the poison of another conversation survives it", async () => {
  let underway: string[] = [];
  const send = async (draft: Draft) => {
    underway.push(draft.text);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const broke = underway.includes("poison");
    setTimeout(() => (underway = []), 5);
    if (broke) throw new Interrupted("The line broke.");
    return deliver(draft);
  };
  const poisoned = outbox({ send });
  const healthy = outbox({ send, conversationId: "c2" });
  poisoned.add("poison");
  healthy.add("fine");
  await vi.runAllTimersAsync();
  expect(delivered).toEqual(["fine"]);
  expect(healthy.drafts.value).toEqual([]);
  expect(poisoned.drafts.value).toMatchObject([{ error: "Given up." }]);
});

/** Web Locks of one name. */
function locks() {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, action: () => Promise<void>) => {
      const mine = turn.then(action);
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
