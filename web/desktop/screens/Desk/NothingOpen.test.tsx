import { act, cleanup, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AgentQueues } from "../../../shared/protocol.js";
import { QueueFigures } from "../../state/figures.js";
import { Bench, settle } from "../../testing/Bench.js";
import { agent, conversation, desk, NOON, offer, queues } from "../../testing/samples.js";
import { ToolsProvider, type DeskTools } from "../../tools.js";
import { NothingOpen } from "./NothingOpen.js";

let bench: Bench;
let answer: AgentQueues | Error;
const asked = vi.fn(() =>
  answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer),
);

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOON) });
  asked.mockClear();
  answer = queues();
});

afterEach(() => {
  cleanup();
  bench.workplace.stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function open(snapshot = desk()): Promise<void> {
  bench = new Bench();
  bench.snapshot = snapshot;
  await bench.open();
  const tools = { workplace: bench.workplace, email: "", figures: new QueueFigures(asked) };
  render(
    <ToolsProvider value={tools as unknown as DeskTools}>
      <NothingOpen />
    </ToolsProvider>,
  );
  await act(settle);
}

async function pass(seconds: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(seconds * 1000);
  });
}

async function setHidden(hidden: boolean): Promise<void> {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
  await act(settle);
}

function shown(name: string): string | null | undefined {
  const term = within(screen.getByRole("region", { name: "Your queues" })).getByText(name);
  return term.nextElementSibling?.textContent;
}

describe("an empty desk", () => {
  test.each(["ready", "not_ready"] as const)(
    "of an agent who is %s shows the queues",
    async (availability) => {
      answer = queues({
        queues: [
          {
            queue_id: "a",
            queue_name: "A",
            waiting: 2,
            ready: 1,
            waiting_since: "2026-11-22T11:55:40Z",
          },
          {
            queue_id: "b",
            queue_name: "B",
            waiting: 1,
            ready: 2,
            waiting_since: "2026-11-22T11:59:50Z",
          },
        ],
        ready: 2,
      });
      await open(desk({ agent: agent({ availability }) }));
      expect(shown("Customers waiting")).toBe("3for up to 5 minutes");
      expect(shown("Colleagues ready")).toBe("2");
    },
  );

  test("counts what was served since midnight here", async () => {
    const midnight = new Date(NOON).setHours(0, 0, 0, 0);
    const at = (minutes: number) => new Date(midnight + minutes * 60_000).toISOString();
    answer = queues({
      served: [
        { since: at(-60), count: 40 },
        { since: at(-30), count: 20 },
        { since: at(0), count: 3 },
        { since: at(60), count: 4 },
      ],
    });
    await open();
    expect(shown("You served today")).toBe("7");
  });

  test("says so where more wait than are counted", async () => {
    answer = queues({
      queues: [{ queue_id: "a", queue_name: "A", waiting: 100, ready: 0, waiting_since: NOON }],
    });
    await open();
    expect(shown("Customers waiting")).toBe("100 or morefor less than a minute");
  });

  test("asks again every fifteen seconds", async () => {
    await open();
    expect(shown("Customers waiting")).toBe("0");
    answer = queues({
      queues: [{ queue_id: "a", queue_name: "A", waiting: 1, ready: 0, waiting_since: NOON }],
    });
    await pass(15);
    expect(shown("Customers waiting")).toContain("1");
    await pass(30);
    expect(asked).toHaveBeenCalledTimes(4);
  });

  test("asks nothing in a hidden tab, and at once when it is shown again", async () => {
    await open();
    await setHidden(true);
    await pass(600);
    expect(asked).toHaveBeenCalledTimes(1);
    await setHidden(false);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test("shows nothing that is no longer known", async () => {
    await open();
    answer = new Error("unreachable");
    await pass(45);
    expect(shown("Customers waiting")).toBe("0");
    await pass(45);
    expect(shown("Customers waiting")).toBe("–");
    answer = queues();
    await pass(15);
    expect(shown("Customers waiting")).toBe("0");
  });

  test("does not ask while an answer is on its way", async () => {
    const slow = vi.fn(() => new Promise<AgentQueues>(() => undefined));
    asked.mockImplementationOnce(slow);
    await open();
    await pass(60);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test("stops asking when it is left", async () => {
    await open();
    cleanup();
    await pass(60);
    await setHidden(false);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});

test.each([
  ["there is an offer", desk({ offers: [offer("x")] })],
  ["conversations are held", desk({ conversations: [conversation("c1")] })],
])("nothing is asked where %s", async (_why, snapshot) => {
  await open(snapshot);
  await pass(60);
  expect(asked).not.toHaveBeenCalled();
  expect(screen.queryByTestId("figures")).toBeNull();
});
