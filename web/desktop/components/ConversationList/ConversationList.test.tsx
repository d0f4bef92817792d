import { signal } from "@preact/signals";
import { act, cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Bench } from "../../testing/Bench.js";
import { agent, desk, NOON, offer } from "../../testing/samples.js";
import { ToolsProvider, type DeskTools } from "../../tools.js";
import { ConversationList } from "./ConversationList.js";

let bench: Bench;

async function open(availability: "ready" | "not_ready"): Promise<void> {
  bench = new Bench();
  bench.snapshot = desk({ agent: agent({ availability }) });
  await bench.open();
  const tools = { workplace: bench.workplace, navigation: { conversation: signal(null) } };
  render(
    <ToolsProvider value={tools as unknown as DeskTools}>
      <ConversationList />
    </ToolsProvider>,
  );
}

beforeEach(() => void vi.useFakeTimers({ now: new Date(NOON) }));
afterEach(() => {
  cleanup();
  bench.workplace.stop();
  vi.useRealTimers();
});

test.each([
  ["ready", "Waiting for customers"],
  ["not_ready", "No conversations"],
] as const)(
  "an empty list of an agent who is %s says so, except while offers ring",
  async (availability, words) => {
    await open(availability);
    screen.getByText(words);
    await act(() => bench.present(offer("a")));
    expect(screen.queryByText(words)).toBeNull();
  },
);
