import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Navigation } from "../state/route.js";
import { Bench } from "../testing/Bench.js";
import { NOON, agent, conversation, desk, happened } from "../testing/samples.js";
import { Announcer } from "./announcer.js";
import { tellOfPresence } from "./presence.js";

let end: () => void;
let bench: Bench;
let announcer: Announcer;
let navigation: Navigation;

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date(NOON) });
  sessionStorage.clear();
  localStorage.clear();
  bench = new Bench();
  bench.snapshot = desk({
    agent: agent({ conversations: ["c1", "c2"], load: 2 }),
    conversations: [conversation("c1"), conversation("c2", { customer_present: false })],
  });
  await bench.open();
  const until = new AbortController();
  navigation = new Navigation(until.signal);
  announcer = new Announcer();
  navigation.open("c1");
  const stop = tellOfPresence({ workplace: bench.workplace, navigation, announcer });
  end = () => {
    stop();
    until.abort();
    bench.workplace.stop();
  };
});

afterEach(() => {
  end();
  vi.useRealTimers();
});

async function tell(id: string, present: boolean): Promise<void> {
  bench.push({ type: "customer.presence", conversation_id: id, present });
  await vi.advanceTimersByTimeAsync(5_000);
}

test("of the open conversation leaving and coming back is told, politely", async () => {
  expect(announcer.polite.value).toBe("");
  await tell("c1", false);
  expect(announcer.polite.value).toBe("Sarah: Left the page");
  await tell("c1", true);
  expect(announcer.polite.value).toBe("Sarah: On the page");
  expect(announcer.urgent.value).toBe("");
});

test("of other conversations nothing is told, nor on going there", async () => {
  await tell("c2", true);
  await tell("c2", false);
  navigation.open("c2");
  expect(announcer.polite.value).toBe("");
});

test("nothing is told once it has ended", async () => {
  bench.push(
    happened(
      "c1",
      { type: "conversation.ended", seq: 1, at: NOON, by: "customer", reason: null },
      0,
    ),
  );
  await tell("c1", false);
  expect(announcer.polite.value).toBe("");
});
