import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, Unreachable } from "../../shared/errors.js";
import type { Desk as Snapshot } from "../../shared/protocol.js";
import { anyText } from "../../shared/testing/texts.js";
import { wellFormed } from "../../shared/unicode.js";
import { Bench, settle } from "../testing/Bench.js";
import {
  NOON,
  agent,
  conversation,
  desk,
  fromAgent,
  fromCustomer,
  happened,
  offer,
} from "../testing/samples.js";
import type { Conversation } from "./conversation.js";
import { messagesOf } from "./timeline.js";

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOON) });
  sessionStorage.clear();
  localStorage.clear();
  bench = new Bench();
});

afterEach(() => {
  bench.workplace.stop();
  vi.useRealTimers();
});

function phases(): Record<string, string> {
  const { entries } = bench.workplace.desk.offers.value;
  return Object.fromEntries(entries.map((entry) => [entry.offer.offer_id, entry.phase]));
}

function held(id: string): Conversation {
  const found = bench.workplace.desk.find(id);
  if (!found) throw new Error(`${id} is not held.`);
  return found;
}

function seqs(id: string): number[] {
  return held(id).transcript.events.value.map(({ seq }) => seq);
}

describe("the agent's own state", () => {
  test("a lower version never replaces a higher one", async () => {
    await bench.open();
    bench.push({ type: "agent.changed", agent: agent({ version: 5, state: "busy" }) });
    bench.push({ type: "agent.changed", agent: agent({ version: 4, state: "ready" }) });
    expect(bench.workplace.desk.agent.value?.state).toBe("busy");
  });

  test("a desk that was read before a frame arrived does not undo it", async () => {
    let reply: (snapshot: Snapshot) => void = () => undefined;
    bench.deskRequests.mockReturnValue(new Promise((resolve) => (reply = resolve)));
    await bench.open();
    bench.push({ type: "agent.changed", agent: agent({ version: 3, state: "not_ready" }) });
    reply(desk({ agent: agent({ version: 2 }) }));
    await settle();
    expect(bench.workplace.desk.agent.value?.state).toBe("not_ready");
  });

  test("a refused availability is told", async () => {
    await bench.open();
    void bench.workplace.setAvailability("not_ready", "Gone fishing");
    await bench.answer({ error: "invalid" });
    expect(bench.onProblem).toHaveBeenCalledWith(expect.objectContaining({ code: "invalid" }));
  });
});

test("what the agent does before the connection is there waits for it", async () => {
  bench.workplace.start();
  await settle();
  void bench.workplace.setAvailability("ready", null);
  await settle();
  await bench.connect();
  expect(bench.socket.last).toMatchObject({ type: "availability.set", availability: "ready" });
});

test("without a connection it is told that nothing came of it", async () => {
  bench.workplace.start();
  await settle();
  void bench.workplace.setAvailability("ready", null);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(bench.onProblem).toHaveBeenCalledOnce();
});

describe("offers", () => {
  test("an accepted one opens its conversation, whichever frame comes first", async () => {
    await bench.open();
    bench.present(offer("a"));
    void bench.workplace.accept(offer("a"));
    expect(phases()).toEqual({ a: "accepting" });
    bench.push({ type: "conversation.opened", conversation: conversation("c-a") });
    bench.push({
      type: "offer.resolved",
      offer_id: "a",
      conversation_id: "c-a",
      outcome: "accepted",
    });
    await bench.answer({ ok: null });
    expect(phases()).toEqual({});
    expect(bench.onOpened).toHaveBeenCalledExactlyOnceWith(held("c-a"), true);
  });

  test("one accepted in another window is explained, and opens without taking the focus", async () => {
    await bench.open();
    bench.present(offer("a"));
    bench.push({
      type: "offer.resolved",
      offer_id: "a",
      conversation_id: "c-a",
      outcome: "accepted",
    });
    bench.push({ type: "conversation.opened", conversation: conversation("c-a") });
    expect(phases()).toEqual({ a: "gone" });
    expect(bench.onOpened).toHaveBeenCalledWith(held("c-a"), false);
  });

  test("one that is gone is no alarm", async () => {
    await bench.open();
    bench.present(offer("a"));
    void bench.workplace.accept(offer("a"));
    await bench.answer({ error: "offer_gone" });
    expect(phases()).toEqual({ a: "gone" });
    expect(bench.onProblem).not.toHaveBeenCalled();
  });

  test("one that could not be accepted for now can be tried again", async () => {
    await bench.open();
    bench.present(offer("a"));
    void bench.workplace.accept(offer("a"));
    await bench.answer({ error: "busy" });
    expect(phases()).toEqual({ a: "pending" });
    expect(bench.onProblem).toHaveBeenCalledOnce();
  });

  test("a declined one leaves silently", async () => {
    await bench.open();
    bench.present(offer("a"));
    void bench.workplace.decline(offer("a"));
    await bench.answer({ ok: null });
    expect(phases()).toEqual({});
  });

  test("the countdown of a pushed one starts when it arrives, whatever the clocks say", async () => {
    await bench.open();
    bench.present(offer("a", { offered_at: "2020-01-01T00:00:00Z", seconds: 20 }));
    expect(bench.workplace.desk.offers.value.entries[0]?.endsAt).toBe(Date.now() + 20_000);
  });

  test.each([-10, -1, 0, 1, 10])(
    "on a clock %i minutes ahead, one from the desk ends when the server says",
    async (minutes) => {
      vi.setSystemTime(Date.parse(NOON) + minutes * 60_000);
      bench.skew = -minutes * 60_000;
      bench.snapshot = desk({ offers: [offer("a", { expires_at: "2026-11-22T12:00:10Z" })] });
      await bench.open();
      bench.workplace.tick();
      expect(phases()).toEqual({ a: "pending" });
      await vi.advanceTimersByTimeAsync(9_000);
      bench.workplace.tick();
      expect(phases()).toEqual({ a: "pending" });
      await vi.advanceTimersByTimeAsync(4_000);
      bench.workplace.tick();
      expect(phases()).toEqual({ a: "gone" });
    },
  );

  test("one whose end is not heard of ends by itself", async () => {
    await bench.open();
    bench.present(offer("a", { seconds: 5 }));
    vi.setSystemTime(Date.now() + 8_000);
    bench.workplace.tick();
    expect(phases()).toEqual({ a: "gone" });
  });
});

describe("transcripts", () => {
  const said = { text: "Done.", at: NOON } as const;

  test("one in which the agent has the last word is read when it is opened", async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1"], load: 1 }),
      conversations: [
        conversation("c1", { position: 2, last_message: { role: "agent", ...said } }),
      ],
    });
    bench.transcripts = { c1: [fromCustomer(1), fromAgent(2)] };
    await bench.open();
    expect(bench.backRequests).not.toHaveBeenCalled();
    bench.push(happened("c1", fromCustomer(3), 2));
    await settle();
    expect(held("c1").unread.value).toBe(1);
    expect(bench.backRequests).not.toHaveBeenCalled();
    bench.transcripts = { c1: [fromCustomer(1), fromAgent(2), fromCustomer(3)] };
    held("c1").open();
    held("c1").open();
    await settle();
    expect(seqs("c1")).toEqual([1, 2, 3]);
    expect(bench.backRequests).toHaveBeenCalledOnce();
    expect(bench.eventRequests).not.toHaveBeenCalled();
  });

  test("one in which the customer has the last word is counted at once", async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1"], load: 1 }),
      conversations: [
        conversation("c1", { position: 3, last_message: { role: "customer", ...said } }),
      ],
    });
    bench.transcripts = { c1: [fromAgent(1), fromCustomer(2), fromCustomer(3)] };
    await bench.open();
    expect(held("c1").unread.value).toBe(2);
    expect(bench.backRequests).toHaveBeenCalledOnce();
  });
});

describe("events", () => {
  beforeEach(async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1"], load: 1 }),
      conversations: [conversation("c1", { position: 2 })],
    });
    bench.transcripts["c1"] = [fromCustomer(1), fromAgent(2)];
    await bench.open();
  });

  test("are in order, and once, however they arrive", () => {
    bench.push(happened("c1", fromCustomer(4), 3));
    bench.push(happened("c1", fromCustomer(3), 2));
    bench.push(happened("c1", fromCustomer(3), 2));
    expect(seqs("c1")).toEqual([1, 2, 3, 4]);
    expect(held("c1").unread.value).toBe(2);
  });

  test("that were missed are fetched", async () => {
    bench.transcripts["c1"] = [fromCustomer(1), fromAgent(2), fromCustomer(3), fromCustomer(4)];
    bench.push(happened("c1", fromCustomer(4), 3));
    await settle();
    expect(bench.eventRequests).toHaveBeenLastCalledWith("c1", 2);
    expect(seqs("c1")).toEqual([1, 2, 3, 4]);
  });

  test("of conversations that are not held are ignored", () => {
    bench.push(happened("c9", fromCustomer(1), 0));
    expect(bench.workplace.desk.conversations.value.length).toBe(1);
  });

  test("the end makes it a wrap-up and keeps it in the list", () => {
    bench.push(
      happened(
        "c1",
        { type: "conversation.ended", seq: 3, at: NOON, by: "customer", reason: null },
        2,
      ),
    );
    expect(held("c1").status.value).toBe("wrap_up");
    expect(bench.workplace.desk.wrapUp.value.map(({ id }) => id)).toEqual(["c1"]);
  });

  test("reading counts in other windows, and after a reload", () => {
    bench.push(happened("c1", fromCustomer(3), 2));
    expect(bench.workplace.desk.unread.value).toBe(1);
    held("c1").markSeen();
    expect(bench.workplace.desk.unread.value).toBe(0);
    const other = new Bench();
    expect(other.workplace.seen.of("c1")).toBe(3);
  });
});

describe("what was read", () => {
  const READ_2 = { type: "read.changed", conversation_id: "c1", by: "agent", seq: 2 } as const;

  function reported(): number[] {
    return bench.socket.sent.flatMap((sent) => (sent.type === "conversation.read" ? sent.seq : []));
  }

  /** The customer writes, and the agent looks at it. */
  function read(seq: number): void {
    bench.push(happened("c1", fromCustomer(seq), seq - 1));
    held("c1").markSeen();
  }

  beforeEach(async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1"], load: 1 }),
      conversations: [conversation("c1", { position: 2, read: 1 })],
    });
    bench.transcripts = { c1: [fromCustomer(1), fromCustomer(2)] };
    await bench.open();
  });

  test("elsewhere is not unread in a browser that is opened later", () => {
    expect(held("c1").unread.value).toBe(1);
  });

  test("elsewhere meanwhile is no longer unread here, and nothing is sent", () => {
    bench.push(READ_2);
    expect(held("c1").unread.value).toBe(0);
    held("c1").markSeen();
    expect(reported()).toEqual([]);
  });

  test("by the customer is something else", () => {
    bench.push({ ...READ_2, by: "customer" });
    expect(held("c1").unread.value).toBe(1);
  });

  test("here is told at once, then at most once in three seconds", async () => {
    held("c1").markSeen();
    expect(reported()).toEqual([2]);
    await bench.answer({ ok: null });
    for (const seq of [3, 4, 5]) read(seq);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(reported()).toEqual([2]);
    await vi.advanceTimersByTimeAsync(200);
    expect(reported()).toEqual([2, 5]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reported()).toEqual([2, 5]);
  });

  test("is not told again, nor what the agent wrote themselves", async () => {
    held("c1").markSeen();
    await bench.answer({ ok: null });
    await vi.advanceTimersByTimeAsync(5_000);
    held("c1").markSeen();
    bench.push(happened("c1", fromAgent(3), 2));
    held("c1").markSeen();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(reported()).toEqual([2]);
  });

  test("and refused is no problem, and the next message is told of", async () => {
    held("c1").markSeen();
    await bench.answer({ error: "not_found" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bench.onProblem).not.toHaveBeenCalled();
    read(3);
    expect(reported()).toEqual([2, 3]);
  });

  test("without a connection is no problem", async () => {
    bench.socket.drop();
    held("c1").markSeen();
    await settle();
    expect(held("c1").unread.value).toBe(0);
    expect(bench.onProblem).not.toHaveBeenCalled();
  });

  test("of a conversation that is gone is not told", async () => {
    held("c1").markSeen();
    await bench.answer({ ok: null });
    read(3);
    bench.push({ type: "conversation.released", conversation_id: "c1" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(reported()).toEqual([2]);
  });
});

describe("messages", () => {
  beforeEach(async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1"], load: 1 }),
      conversations: [conversation("c1")],
    });
    await bench.open();
  });

  test("show once: while on their way, when acknowledged, and as an event", async () => {
    const draft = held("c1").outbox.add("Hello");
    expect(held("c1").unsent.value.length).toBe(1);
    await bench.answer({ ok: 1 });
    expect(held("c1").unsent.value).toEqual([]);
    bench.push(happened("c1", fromAgent(1, { message_id: draft.message_id, text: "Hello" }), 0));
    expect(seqs("c1")).toEqual([1]);
  });

  test.each([-10, 10])("on a clock %i minutes ahead tell the server's time", async (minutes) => {
    vi.setSystemTime(Date.parse(NOON) + minutes * 60_000);
    bench.skew = -minutes * 60_000;
    await bench.reconnect();
    const draft = held("c1").outbox.add("Hello");
    await bench.answer({ ok: 1 });
    const [event] = held("c1").transcript.events.value;
    for (const at of [draft.at, event?.at]) {
      expect(Math.abs(Date.parse(at ?? "") - Date.parse(NOON))).toBeLessThan(5_000);
    }
  });

  test("are not shown twice when the event comes before the acknowledgement", () => {
    const draft = held("c1").outbox.add("Hello");
    bench.push(happened("c1", fromAgent(1, { message_id: draft.message_id, text: "Hello" }), 0));
    expect(held("c1").unsent.value).toEqual([]);
  });

  test("written without a connection are sent, in order, when it is back", async () => {
    bench.socket.drop();
    held("c1").outbox.add("one");
    held("c1").outbox.add("two");
    await vi.advanceTimersByTimeAsync(1_000);
    await bench.connect();
    expect(bench.socket.last).toMatchObject({ type: "message.send", text: "one" });
    await bench.answer({ ok: 1 });
    expect(bench.socket.last).toMatchObject({ type: "message.send", text: "two" });
    await bench.answer({ ok: 2 });
    expect(held("c1").unsent.value).toEqual([]);
  });

  test("of every kind of Unicode arrive, and so does the next one", async () => {
    let seq = 0;
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (mine, theirs) => {
        held("c1").outbox.add(mine);
        held("c1").outbox.add("the next one");
        await settle();
        for (const expected of [wellFormed(mine), "the next one"]) {
          expect(bench.socket.last).toMatchObject({ type: "message.send", text: expected });
          await bench.answer({ ok: ++seq });
        }
        bench.push(happened("c1", fromCustomer(++seq, { text: theirs }), seq - 1));
        const texts = messagesOf(held("c1").transcript.events.value).map(({ text }) => text);
        expect(texts.slice(-3)).toEqual([wellFormed(mine), "the next one", theirs]);
        expect(held("c1").unsent.value).toEqual([]);
        expect(bench.sockets).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  test("that break the line each time are given up, and the next ones pass", async () => {
    held("c1").outbox.add("poison");
    held("c1").outbox.add("fine");
    for (let breaks = 0; breaks < 5; breaks += 1) {
      expect(bench.socket.last).toMatchObject({ type: "message.send", text: "poison" });
      await bench.reconnect(20_000);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(bench.socket.last).toMatchObject({ type: "message.send", text: "fine" });
    await bench.answer({ ok: 1 });
    expect(held("c1").unsent.value).toMatchObject([{ text: "poison" }]);
    expect(held("c1").unsent.value[0]?.error).toContain("could not be delivered");
  });

  test("that were refused can go back into the composer", async () => {
    held("c1").outbox.add("Hello");
    held("c1").setDraft("and more");
    await bench.answer({ error: "invalid" });
    const [refused] = held("c1").unsent.value;
    expect(refused?.error).toBe("no");
    if (refused) held("c1").editAgain(refused);
    expect(held("c1").draft.value).toBe("Hello\nand more");
    expect(held("c1").unsent.value).toEqual([]);
  });

  test("drafts outlive a reload", async () => {
    held("c1").setDraft("half a sent");
    bench.workplace.stop();
    bench = new Bench();
    bench.snapshot = desk({ conversations: [conversation("c1")] });
    await bench.open();
    expect(held("c1").draft.value).toBe("half a sent");
  });
});

describe("closing", () => {
  beforeEach(async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1"] }),
      conversations: [conversation("c1")],
    });
    await bench.open();
  });

  test("releases the conversation, and forgets what was written in it", async () => {
    held("c1").setDraft("never sent");
    const closing = bench.workplace.close("c1", "Resolved", null);
    expect(bench.socket.last).toMatchObject({
      type: "conversation.close",
      disposition: "Resolved",
    });
    await bench.answer({ ok: null });
    await closing;
    bench.push({ type: "conversation.released", conversation_id: "c1" });
    expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "closed", []);
    expect(sessionStorage.getItem("lambdesk:draft:c1")).toBeNull();
  });

  test("a refusal is for the dialog to tell, and keeps the conversation", async () => {
    const closing = bench.workplace.close("c1", "Nonsense", null);
    const refused = expect(closing).rejects.toMatchObject({ code: "invalid" });
    await bench.answer({ error: "invalid" });
    await refused;
    expect(held("c1").id).toBe("c1");
  });
});

describe("after a lost connection", () => {
  test("the desk is brought in line: offers, conversations, and what was said", async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1", "c2"], load: 2 }),
      conversations: [conversation("c1"), conversation("c2")],
    });
    await bench.open();
    bench.present(offer("a"));
    bench.snapshot = desk({
      agent: agent({ version: 2, conversations: ["c2", "c3"], load: 3 }),
      offers: [offer("b")],
      conversations: [conversation("c2", { position: 1 }), conversation("c3")],
    });
    bench.transcripts["c2"] = [fromCustomer(1)];
    await bench.reconnect();
    expect(bench.workplace.desk.conversations.value.map(({ id }) => id)).toEqual(["c2", "c3"]);
    expect(phases()).toEqual({ a: "gone", b: "pending" });
    expect(seqs("c2")).toEqual([1]);
    expect(bench.onReleased).toHaveBeenCalledOnce();
  });

  describe("a conversation that is missing", () => {
    beforeEach(async () => {
      bench.snapshot = desk({
        agent: agent({ conversations: ["c1"], load: 1 }),
        conversations: [conversation("c1")],
      });
      await bench.open();
      bench.snapshot = desk({ agent: agent({ version: 2 }) });
    });

    test("was passed on", async () => {
      await bench.reconnect();
      expect(bench.workplace.desk.conversations.value).toEqual([]);
      expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "passedOn", []);
    });

    test("leaves what was written and not sent", async () => {
      bench.socket.drop();
      held("c1").outbox.add("Are you still there?");
      await vi.advanceTimersByTimeAsync(6_000);
      await bench.connect();
      expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "passedOn", [
        expect.objectContaining({ text: "Are you still there?" }),
      ]);
    });

    test("was only closed if it had ended", async () => {
      const ended = {
        type: "conversation.ended",
        seq: 1,
        at: NOON,
        by: "customer",
        reason: null,
      } as const;
      bench.push(happened("c1", ended, 0));
      await bench.reconnect();
      expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "released", []);
    });

    test("is not with a colleague if it is offered to this agent again", async () => {
      bench.snapshot = desk({
        agent: agent({ version: 2, load: 1 }),
        offers: [offer("a", { conversation_id: "c1" })],
      });
      await bench.reconnect();
      expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "released", []);
      expect(phases()).toEqual({ a: "pending" });
    });

    test("was closed here, even if the answer was lost", async () => {
      const closing = bench.workplace.close("c1", "Resolved", null);
      const unanswered = expect(closing).rejects.toBeInstanceOf(Unreachable);
      await bench.reconnect();
      await unanswered;
      expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "closed", []);
    });

    test("was not closed here by what never left", async () => {
      bench.socket.drop();
      vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
      const closing = bench.workplace.close("c1", "Resolved", null);
      const unsent = expect(closing).rejects.toBeInstanceOf(Unreachable);
      await vi.advanceTimersByTimeAsync(6_000);
      await unsent;
      vi.restoreAllMocks();
      await bench.connect();
      expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "passedOn", []);
    });
  });

  test("a short one is no outage", async () => {
    await bench.open();
    await bench.reconnect();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(bench.workplace.outage.value).toBe(false);
  });

  test("a long one is", async () => {
    await bench.open();
    bench.socket.drop();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(bench.workplace.outage.value).toBe(true);
  });
});

describe("a lost frame", () => {
  test("shows by the agent's state, and the desk is asked", async () => {
    await bench.open();
    bench.deskRequests.mockClear();
    bench.snapshot = desk({
      agent: agent({ version: 2, conversations: ["c1"], load: 1 }),
      conversations: [conversation("c1")],
    });
    bench.push({ type: "agent.changed", agent: bench.snapshot.agent });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bench.deskRequests).toHaveBeenCalledOnce();
    expect(held("c1").id).toBe("c1");
  });

  test("is not suspected while frames that belong together arrive", async () => {
    await bench.open();
    bench.deskRequests.mockClear();
    bench.push({
      type: "agent.changed",
      agent: agent({ version: 2, conversations: ["c1"], load: 1 }),
    });
    await vi.advanceTimersByTimeAsync(500);
    bench.push({ type: "conversation.opened", conversation: conversation("c1") });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bench.deskRequests).not.toHaveBeenCalled();
  });
});

describe("frames that overtake a desk on its way", () => {
  async function whileLoading(happens: () => void, snapshot: Snapshot): Promise<void> {
    await bench.open();
    let reply: (snapshot: Snapshot) => void = () => undefined;
    bench.deskRequests.mockReturnValueOnce(new Promise((resolve) => (reply = resolve)));
    bench.workplace.retry();
    happens();
    reply(snapshot);
    await settle();
  }

  test("a conversation opened meanwhile stays", async () => {
    await whileLoading(
      () => bench.push({ type: "conversation.opened", conversation: conversation("c1") }),
      desk(),
    );
    expect(held("c1").id).toBe("c1");
    expect(bench.onReleased).not.toHaveBeenCalled();
  });

  test("a conversation released meanwhile does not come back", async () => {
    bench.snapshot = desk({ conversations: [conversation("c1")] });
    await whileLoading(
      () => bench.push({ type: "conversation.released", conversation_id: "c1" }),
      desk({ conversations: [conversation("c1")] }),
    );
    expect(bench.workplace.desk.conversations.value).toEqual([]);
  });

  test("an offer presented meanwhile stays", async () => {
    await whileLoading(() => bench.present(offer("a")), desk());
    expect(phases()).toEqual({ a: "pending" });
  });
});

describe("a desk that cannot be read", () => {
  test("is tried again until it can", async () => {
    bench.deskRequests.mockRejectedValueOnce(new Unreachable("no"));
    bench.workplace.start();
    await settle();
    expect(bench.workplace.trouble.value).toBe("unreachable");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(bench.workplace.trouble.value).toBeNull();
    expect(bench.workplace.desk.loaded.value).toBe(true);
  });

  test("for a while is said to be stuck, and is read at once when the agent asks", async () => {
    await bench.open();
    bench.deskRequests.mockRejectedValue(new ApiError(500, "http_500", "no"));
    bench.workplace.retry();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(bench.workplace.stuck.value).toBe(true);
    bench.deskRequests.mockRestore();
    bench.deskRequests.mockImplementation(() => Promise.resolve({ ...desk(), at: NOON }));
    bench.workplace.retry();
    await settle();
    expect(bench.workplace.stuck.value).toBe(false);
  });

  test("for somebody who is no agent is not tried again", async () => {
    bench.deskRequests.mockRejectedValue(new ApiError(403, "forbidden", "no"));
    bench.workplace.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bench.workplace.trouble.value).toBe("forbidden");
    expect(bench.deskRequests).toHaveBeenCalledOnce();
  });

  test("for somebody who is no agent any more shows nobody's words any longer", async () => {
    bench.snapshot = desk({
      agent: agent({ conversations: ["c1"], load: 1 }),
      conversations: [conversation("c1")],
    });
    await bench.open();
    bench.present(offer("a"));
    bench.deskRequests.mockRejectedValue(new ApiError(403, "forbidden", "no"));
    bench.workplace.retry();
    await settle();
    expect(bench.workplace.desk.conversations.value).toEqual([]);
    expect(phases()).toEqual({});
    expect(bench.onReleased).toHaveBeenCalledExactlyOnceWith(expect.anything(), "released", []);
  });
});

test("a desk that is loaded does not make unread what was read during its request", async () => {
  await bench.open();
  let reply: (snapshot: Snapshot) => void = () => undefined;
  bench.deskRequests.mockReturnValueOnce(new Promise((resolve) => (reply = resolve)));
  bench.workplace.retry();
  bench.push({ type: "conversation.opened", conversation: conversation("c1") });
  bench.push(happened("c1", fromCustomer(1), 0));
  held("c1").markSeen();
  reply(desk());
  await settle();
  expect(held("c1").unread.value).toBe(0);
});
