import { act, cleanup, render } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BrowserStore } from "../../../shared/storage.js";
import { createPreferences } from "../../state/preferences.js";
import { Bench } from "../../testing/Bench.js";
import { NOON, offer } from "../../testing/samples.js";
import { ToolsProvider, type DeskTools } from "../../tools.js";
import { AccountMenu } from "./AccountMenu.js";

let bench: Bench;
const signOut = vi.fn();

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date(NOON) });
  signOut.mockReset();
  bench = await new Bench().open();
  const preferences = createPreferences(new BrowserStore("localStorage"));
  const tools = { workplace: bench.workplace, preferences, signOut, email: "dana@example.com" };
  render(
    <ToolsProvider value={tools as unknown as DeskTools}>
      <AccountMenu />
    </ToolsProvider>,
  );
});

afterEach(() => {
  cleanup();
  bench.workplace.stop();
  vi.useRealTimers();
});

/** Opens the menu by the keyboard, and chooses its last item. */
async function chooseSignOut(): Promise<void> {
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTimeAsync(ms) });
  await user.tab();
  await user.keyboard("{Enter}{End}{Enter}");
}

function sent(): string[] {
  return bench.socket.sent.map(({ type }) => type).filter((type) => type !== "sync");
}

test("with nothing in hand the agent is signed out at once", async () => {
  await chooseSignOut();
  expect(sent()).toEqual([]);
  expect(signOut).toHaveBeenCalledOnce();
});

test("what is only offered goes to colleagues before the agent is signed out", async () => {
  bench.present(offer("a"));
  await chooseSignOut();
  expect(sent()).toEqual(["agent.leave"]);
  expect(signOut).not.toHaveBeenCalled();
  await act(() => bench.answer({ ok: null }));
  expect(signOut).toHaveBeenCalledOnce();
});
