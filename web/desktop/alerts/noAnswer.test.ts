import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Notices } from "../state/notices.js";
import { Bench } from "../testing/Bench.js";
import { NOON, agent, desk } from "../testing/samples.js";
import { reasonText } from "../text/reason.js";
import { tellOfNoAnswer } from "./noAnswer.js";

let end: () => void;
let bench: Bench;
let notices: Notices;

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date(NOON) });
  sessionStorage.clear();
  localStorage.clear();
  bench = new Bench();
  bench.snapshot = desk({ agent: agent({ version: 1 }) });
  await bench.open();
  notices = new Notices();
  const stop = tellOfNoAnswer({ workplace: bench.workplace, notices });
  end = () => {
    stop();
    bench.workplace.stop();
  };
});

afterEach(() => {
  end();
  vi.useRealTimers();
});

const NOT_READY = { availability: "not_ready", state: "not_ready", reason: "no_answer" } as const;

function change(given: Parameters<typeof agent>[0]): void {
  bench.push({ type: "agent.changed", agent: agent(given) });
}

function told(): string[] {
  return notices.list.value.map(({ text }) => text);
}

test("an agent who missed too many offers is told so until they have read it", async () => {
  expect(told()).toEqual([]);
  change({ version: 2, missed: 3, ...NOT_READY });
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(told()).toEqual([expect.stringContaining("You missed 3 offers in a row")]);
  notices.dismiss(notices.list.value[0]?.id ?? 0);
  change({ version: 3, missed: 4, ...NOT_READY });
  expect(told()).toEqual([]);
});

test("one offer is told as one", () => {
  change({ version: 2, missed: 1, ...NOT_READY });
  expect(told()).toEqual([expect.stringContaining("You missed an offer")]);
});

test("it goes when the agent is ready again, and comes back the next time", () => {
  change({ version: 2, missed: 3, ...NOT_READY });
  change({ version: 3 });
  expect(told()).toEqual([]);
  change({ version: 4, missed: 3, ...NOT_READY });
  expect(told()).toHaveLength(1);
});

test("an agent who chose not to be ready, or missed a few, is told nothing", () => {
  change({ version: 2, missed: 2 });
  change({ version: 3, ...NOT_READY, reason: "Break" });
  expect(told()).toEqual([]);
});

test("a window that opens later tells as well", async () => {
  end();
  bench = new Bench();
  bench.snapshot = desk({ agent: agent({ missed: 3, ...NOT_READY }) });
  await bench.open();
  notices = new Notices();
  const stop = tellOfNoAnswer({ workplace: bench.workplace, notices });
  expect(told()).toHaveLength(1);
  stop();
});

test("the reason has words of its own, and queues' reasons are shown as they are", () => {
  expect(reasonText("no_answer")).toBe("No answer");
  expect(reasonText("Lunch")).toBe("Lunch");
});
