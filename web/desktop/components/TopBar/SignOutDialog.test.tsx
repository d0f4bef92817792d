import { act, cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Bench } from "../../testing/Bench.js";
import { agent, conversation, desk, NOON } from "../../testing/samples.js";
import { ToolsProvider, type DeskTools } from "../../tools.js";
import { SignOutDialog } from "./SignOutDialog.js";

let bench: Bench;
const signOut = vi.fn();
const onStay = vi.fn();

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date(NOON) });
  signOut.mockReset();
  onStay.mockReset();
  bench = new Bench();
  bench.snapshot = desk({
    agent: agent({ conversations: ["c1"], load: 1 }),
    conversations: [conversation("c1")],
  });
  await bench.open();
  const tools = { workplace: bench.workplace, signOut };
  render(
    <ToolsProvider value={tools as unknown as DeskTools}>
      <SignOutDialog onStay={onStay} />
    </ToolsProvider>,
  );
});

afterEach(() => {
  cleanup();
  bench.workplace.stop();
  vi.useRealTimers();
});

/** Goes to the button by the keyboard, and presses it. */
async function press(name: string): Promise<void> {
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTimeAsync(ms) });
  for (let tabs = 0; document.activeElement?.textContent !== name && tabs < 5; tabs += 1) {
    await user.tab();
  }
  await user.keyboard("{Enter}");
}

function sent(): string[] {
  return bench.socket.sent.map(({ type }) => type).filter((type) => type !== "sync");
}

test("customers are handed over first, and the agent sees that they are", async () => {
  await press("Hand over and sign out");
  expect(sent()).toEqual(["agent.leave"]);
  expect(signOut).not.toHaveBeenCalled();
  expect(screen.getByRole("status", { hidden: true }).textContent).toContain(
    "go to your colleagues",
  );
  await act(() => bench.push({ type: "conversation.released", conversation_id: "c1" }));
  expect(screen.getByRole("heading", { hidden: true }).textContent).toBe(
    "A customer is still with you",
  );
  await act(() => bench.answer({ ok: null }));
  expect(signOut).toHaveBeenCalledOnce();
});

test("while they are handed over, nothing is asked twice and nobody stays", async () => {
  await press("Hand over and sign out");
  await press("Hand over and sign out");
  await press("Stay");
  expect(sent()).toEqual(["agent.leave"]);
  expect(onStay).not.toHaveBeenCalled();
});

test("without an answer the agent is signed out after a while", async () => {
  await press("Hand over and sign out");
  await vi.advanceTimersByTimeAsync(5_900);
  expect(signOut).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(signOut).toHaveBeenCalledOnce();
});

test("a refusal keeps nobody", async () => {
  await press("Hand over and sign out");
  await act(() => bench.answer({ error: "busy" }));
  expect(signOut).toHaveBeenCalledOnce();
});

test("who stays hands over nothing", async () => {
  await press("Stay");
  expect(sent()).toEqual([]);
  expect(signOut).not.toHaveBeenCalled();
});
