import { beforeEach, expect, test, vi } from "vitest";
import { Unreachable } from "./errors.js";
import { History } from "./history.js";
import { message, pushed } from "./testing/events.js";
import { CatchUp, Transcript, type Page } from "./transcript.js";

const transcript = (): number[] => catchUp.transcript.events.value.map(({ seq }) => seq);
const before = vi.fn<(seq: number) => Promise<Page>>();
const after = vi.fn<(seq: number) => Promise<Page>>();
let history: History;
let catchUp: CatchUp;

function page(numbers: readonly number[], more: boolean, position = numbers.at(-1) ?? 0): Page {
  return { events: numbers.map((seq) => message(seq)), position, more };
}

beforeEach(() => {
  before.mockReset();
  after.mockReset();
  history = new History(before);
  catchUp = new CatchUp(new Transcript(), (position) =>
    history.begun.value ? after(position) : history.begin(catchUp),
  );
});

async function open(newest: Page): Promise<void> {
  before.mockResolvedValueOnce(newest);
  catchUp.refresh();
  await vi.waitFor(() => expect(history.begun.value).toBe(true));
}

test("the newest page comes first, and an older one when it is asked for", async () => {
  await open(page([5, 6, 7], true));
  expect(transcript()).toEqual([5, 6, 7]);
  expect(before).toHaveBeenCalledOnce();
  before.mockResolvedValueOnce(page([1, 2, 3, 4], false));
  await history.readOlder(catchUp);
  expect(before).toHaveBeenLastCalledWith(5);
  expect(transcript()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await history.readOlder(catchUp);
  expect(before).toHaveBeenCalledTimes(2);
  expect(after).not.toHaveBeenCalled();
});

test("what is pushed goes on behind the newest page", async () => {
  await open(page([5, 6, 7], true));
  catchUp.transcript.receive(pushed(8, 7));
  catchUp.check();
  expect(transcript()).toEqual([5, 6, 7, 8]);
  expect(after).not.toHaveBeenCalled();
});

test("what was pushed long before the newest page leaves no gap", async () => {
  catchUp.transcript.merge({ events: [], position: 1, more: false });
  catchUp.transcript.receive(pushed(2, 1));
  await open(page([5, 6, 7], true));
  expect(transcript()).toEqual([5, 6, 7]);
});

test("a gap in an older page is fetched with all behind it", async () => {
  await open(page([5, 6, 7], true));
  before.mockResolvedValueOnce(page([1, 2, 4], false, 2));
  after.mockResolvedValueOnce(page([3, 4, 5, 6, 7], false));
  await history.readOlder(catchUp);
  await vi.waitFor(() => expect(transcript()).toEqual([1, 2, 3, 4, 5, 6, 7]));
  expect(after).toHaveBeenCalledExactlyOnceWith(2);
});

test("an older page is asked for until it comes, and once at a time", async () => {
  vi.useFakeTimers();
  await open(page([5], true));
  before.mockRejectedValueOnce(new Unreachable("no")).mockResolvedValueOnce(page([4], true));
  const read = history.readOlder(catchUp);
  void history.readOlder(catchUp);
  await vi.advanceTimersByTimeAsync(60_000);
  await read;
  expect(before.mock.calls).toEqual([[999_999_999], [5], [5]]);
  expect(transcript()).toEqual([4, 5]);
  vi.useRealTimers();
});
