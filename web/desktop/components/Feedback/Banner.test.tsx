import { act, cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../../../shared/errors.js";
import { Bench } from "../../testing/Bench.js";
import { conversation, desk, NOON } from "../../testing/samples.js";
import { ToolsProvider, type DeskTools } from "../../tools.js";
import { Banner } from "./Banner.js";

const BROKEN = new ApiError(500, "http_500", "no");
const UNREACHABLE = /cannot be reached right now/;

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOON) });
  sessionStorage.clear();
  bench = new Bench();
  bench.snapshot = desk({ conversations: [conversation("c1")] });
  const tools = { workplace: bench.workplace };
  render(
    <ToolsProvider value={tools as unknown as DeskTools}>
      <Banner />
    </ToolsProvider>,
  );
});

afterEach(() => {
  cleanup();
  bench.workplace.stop();
  vi.useRealTimers();
});

const open = () => act(() => bench.open().then(() => undefined));
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms).then(() => undefined));

async function tryAgain(): Promise<void> {
  const person = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  await person.click(screen.getByRole("button", { name: "Try again" }));
  await wait(0);
}

test("nothing is said while all is well", async () => {
  await open();
  expect(screen.getByRole("status").textContent).toBe("");
  expect(screen.queryByRole("button")).toBeNull();
});

test("who is no agent any more is not told that the connection comes back", async () => {
  await open();
  bench.deskRequests.mockRejectedValue(new ApiError(403, "forbidden", "no"));
  bench.workplace.retry();
  bench.socket.drop();
  await wait(5_000);
  expect(screen.getByRole("status").textContent).toBe("");
});

test("messages that cannot be fetched are said to be out of reach, and fetched when asked", async () => {
  await open();
  bench.eventRequests.mockRejectedValue(BROKEN);
  bench.workplace.desk.find("c1")?.catchUp.refresh();
  await wait(2_500);
  screen.getByText(UNREACHABLE);
  bench.eventRequests.mockReset();
  bench.eventRequests.mockImplementation(() => {
    const view = conversation("c1");
    return Promise.resolve({
      conversation: view,
      events: [],
      position: view.position,
      more: false,
    });
  });
  await tryAgain();
  expect(screen.queryByText(UNREACHABLE)).toBeNull();
});

test("a message that the server keeps putting off is said to wait, and sent when asked", async () => {
  await open();
  bench.workplace.desk.find("c1")?.outbox.add("Hello");
  for (let round = 0; round < 3; round += 1) {
    await act(() => bench.answer({ error: "busy" }));
    if (round < 2) await wait(2_000);
  }
  screen.getByText(UNREACHABLE);
  await tryAgain();
  await act(() => bench.answer({ ok: 1 }));
  expect(screen.queryByText(UNREACHABLE)).toBeNull();
});

test("a connection that is lost is made at once when asked", async () => {
  await open();
  bench.socket.drop();
  bench.eventRequests.mockClear();
  await wait(10);
  const before = bench.sockets.length;
  await wait(2_100);
  for (const socket of bench.sockets.slice(before)) socket.drop();
  await wait(0);
  screen.getByText(/Connection lost/);
  const tried = bench.sockets.length;
  await tryAgain();
  expect(bench.sockets.length).toBe(tried + 1);
});
