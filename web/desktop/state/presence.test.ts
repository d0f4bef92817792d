import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AgentConversation, Desk as Snapshot } from "../../shared/protocol.js";
import { Bench, settle } from "../testing/Bench.js";
import { NOON, agent, conversation, desk, happened } from "../testing/samples.js";
import { CustomerPresence, type Presence } from "./presence.js";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOON) });
  sessionStorage.clear();
  localStorage.clear();
});
afterEach(() => void vi.useRealTimers());

describe("a customer", () => {
  let customer: CustomerPresence;

  beforeEach(() => {
    customer = new CustomerPresence();
    customer.take(true, 1);
  });

  test("has left when away for five seconds", () => {
    customer.take(false, 2);
    vi.advanceTimersByTime(4_999);
    expect(customer.shown.value).toBe("here");
    vi.advanceTimersByTime(1);
    expect(customer.shown.value).toBe("left");
  });

  test("a customer who goes to another page has not left", () => {
    customer.take(false, 2);
    vi.advanceTimersByTime(2_000);
    customer.take(true, 3);
    vi.advanceTimersByTime(10_000);
    expect(customer.shown.value).toBe("here");
  });

  test("a customer who comes back is back at once", () => {
    customer.take(false, 2);
    vi.advanceTimersByTime(60_000);
    customer.take(true, 3);
    expect(customer.shown.value).toBe("here");
  });

  test("does not leave later because it is said twice", () => {
    customer.take(false, 2);
    vi.advanceTimersByTime(3_000);
    customer.take(false, 3);
    vi.advanceTimersByTime(2_000);
    expect(customer.shown.value).toBe("left");
  });

  test("is where the newest word says, not the last to arrive", () => {
    customer.take(true, 5);
    customer.take(false, 4);
    vi.advanceTimersByTime(10_000);
    expect(customer.shown.value).toBe("here");
  });

  test("is nowhere where one cannot know", () => {
    customer.take(null, 2);
    expect(customer.shown.value).toBeNull();
  });
});

describe("the desk", () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.workplace.stop());

  const shown = (): Presence | null | undefined => bench.workplace.desk.find("c1")?.presence.value;
  const later = (): Promise<unknown> => vi.advanceTimersByTimeAsync(5_000);

  function tell(present: boolean): void {
    bench.push({ type: "customer.presence", conversation_id: "c1", present });
  }

  function withCustomer(given: Partial<AgentConversation>): Snapshot {
    return desk({
      agent: agent({ conversations: ["c1"], load: 1 }),
      conversations: [conversation("c1", given)],
    });
  }

  test("shows what its snapshot says, and then what frames say", async () => {
    bench.snapshot = withCustomer({ customer_present: true });
    await bench.open();
    expect(shown()).toBe("here");
    tell(false);
    await later();
    expect(shown()).toBe("left");
    tell(true);
    expect(shown()).toBe("here");
  });

  test("shows that the customer was gone before", async () => {
    bench.snapshot = withCustomer({ customer_present: false });
    await bench.open();
    expect(shown()).toBeNull();
    await later();
    expect(shown()).toBe("left");
  });

  test("shows nothing of a text conversation", async () => {
    bench.snapshot = withCustomer({ channel: "sms", customer_present: null });
    await bench.open();
    await later();
    expect(shown()).toBeNull();
  });

  test("shows nothing of a conversation that has ended", async () => {
    bench.snapshot = withCustomer({});
    await bench.open();
    bench.push(
      happened(
        "c1",
        { type: "conversation.ended", seq: 1, at: NOON, by: "customer", reason: null },
        0,
      ),
    );
    tell(false);
    await later();
    expect(shown()).toBeNull();
  });

  test("lets no frame be undone by a snapshot that was asked for before", async () => {
    bench.snapshot = withCustomer({});
    await bench.open();
    let reply: (snapshot: Snapshot) => void = () => undefined;
    bench.deskRequests.mockReturnValueOnce(new Promise((resolve) => (reply = resolve)));
    bench.workplace.retry();
    tell(false);
    reply(withCustomer({ customer_present: true }));
    await settle();
    await later();
    expect(shown()).toBe("left");
  });

  test("lets no newer snapshot be undone by an older page of the transcript", async () => {
    bench.snapshot = withCustomer({});
    await bench.open();
    const page = await bench.eventRequests("c1", 0);
    let reply: () => void = () => undefined;
    bench.eventRequests.mockReturnValueOnce(
      new Promise((resolve) => (reply = () => resolve(page))),
    );
    bench.workplace.desk.find("c1")?.catchUp.refresh();
    bench.snapshot = withCustomer({ customer_present: false });
    bench.workplace.retry();
    await settle();
    reply();
    await later();
    expect(shown()).toBe("left");
  });

  test("learns after a lost connection what it missed", async () => {
    bench.snapshot = withCustomer({});
    await bench.open();
    bench.snapshot = withCustomer({ customer_present: false });
    await bench.reconnect();
    await later();
    expect(shown()).toBe("left");
  });

  test("forgets with the conversation that somebody was leaving", async () => {
    bench.snapshot = withCustomer({});
    await bench.open();
    const held = bench.workplace.desk.find("c1");
    tell(false);
    bench.push({ type: "conversation.released", conversation_id: "c1" });
    await later();
    expect(held?.presence.value).toBe("here");
  });
});
