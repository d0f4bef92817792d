// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, Unreachable } from "./errors.js";
import { message, pushed } from "./testing/events.js";
import { CatchUp, Transcript, type Page } from "./transcript.js";

const seqs = (transcript: Transcript) => transcript.events.value.map((event) => event.seq);
const page = (position: number, numbers: number[], more = false): Page => ({
  events: numbers.map((seq) => message(seq)),
  position,
  more,
});

describe("Transcript", () => {
  test("pushes in order advance the position", () => {
    const transcript = new Transcript();
    transcript.receive(pushed(1, 0));
    transcript.receive(pushed(4, 1));
    expect(seqs(transcript)).toEqual([1, 4]);
    expect(transcript.position).toBe(4);
    expect(transcript.behind).toBe(false);
  });

  test("a push that comes twice shows once", () => {
    const transcript = new Transcript();
    transcript.receive(pushed(1, 0));
    transcript.receive(pushed(1, 0));
    expect(seqs(transcript)).toEqual([1]);
  });

  test("a gap shows, and closes when the missing push comes late", () => {
    const transcript = new Transcript();
    transcript.receive(pushed(3, 2));
    transcript.receive(pushed(2, 1));
    expect(transcript.position).toBe(0);
    expect(transcript.behind).toBe(true);
    transcript.receive(pushed(1, 0));
    expect(seqs(transcript)).toEqual([1, 2, 3]);
    expect(transcript.position).toBe(3);
    expect(transcript.behind).toBe(false);
  });

  test("every order of any pushes leads to the same transcript", () => {
    const frames = [pushed(1, 0), pushed(2, 1), pushed(5, 2), pushed(6, 5)];
    for (const order of permutations(frames)) {
      const transcript = new Transcript();
      for (const frame of order) transcript.receive(frame);
      expect(seqs(transcript)).toEqual([1, 2, 5, 6]);
      expect(transcript.position).toBe(6);
    }
  });
});

describe("CatchUp", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("fetches what a push showed to be missing", async () => {
    const transcript = new Transcript();
    const fetchAfter = vi.fn(() => Promise.resolve(page(3, [1, 2, 3])));
    const catchUp = new CatchUp(transcript, fetchAfter);
    transcript.receive(pushed(3, 2));
    catchUp.check();
    catchUp.check();
    await vi.runAllTimersAsync();
    expect(fetchAfter).toHaveBeenCalledExactlyOnceWith(0);
    expect(seqs(transcript)).toEqual([1, 2, 3]);
    expect(transcript.position).toBe(3);
  });

  test("asks on while there is more, and after a lost request", async () => {
    const transcript = new Transcript();
    const fetchAfter = vi
      .fn<(position: number) => Promise<Page>>()
      .mockRejectedValueOnce(new Unreachable("lost"))
      .mockResolvedValueOnce(page(2, [1, 2], true))
      .mockResolvedValueOnce(page(3, [3]));
    transcript.noteNewest(3);
    new CatchUp(transcript, fetchAfter).check();
    await vi.runAllTimersAsync();
    expect(fetchAfter.mock.calls).toEqual([[0], [0], [2]]);
    expect(seqs(transcript)).toEqual([1, 2, 3]);
  });

  test("asks again for what was pushed while a request was under way", async () => {
    const transcript = new Transcript();
    const fetchAfter = vi
      .fn<(position: number) => Promise<Page>>()
      .mockImplementationOnce(() => {
        transcript.receive(pushed(5, 4));
        return Promise.resolve(page(2, [1, 2]));
      })
      .mockResolvedValueOnce(page(5, [4, 5]));
    transcript.noteNewest(2);
    new CatchUp(transcript, fetchAfter).check();
    await vi.runAllTimersAsync();
    expect(fetchAfter.mock.calls).toEqual([[0], [2]]);
    expect(seqs(transcript)).toEqual([1, 2, 4, 5]);
  });

  test("asks again when a refresh is wanted while a request is under way", async () => {
    const transcript = new Transcript();
    const fetchAfter = vi.fn(() => Promise.resolve(page(1, [1])));
    const catchUp = new CatchUp(transcript, fetchAfter);
    catchUp.refresh();
    catchUp.refresh();
    await vi.runAllTimersAsync();
    expect(fetchAfter).toHaveBeenCalledTimes(2);
  });

  test("believes a full answer that leaves numbers out", async () => {
    const transcript = new Transcript();
    const fetchAfter = vi.fn(() => Promise.resolve(page(1, [1])));
    transcript.noteNewest(9);
    new CatchUp(transcript, fetchAfter).check();
    await vi.runAllTimersAsync();
    expect(fetchAfter).toHaveBeenCalledOnce();
    expect(transcript.behind).toBe(false);
  });

  test("gives up when refused", async () => {
    const transcript = new Transcript();
    const refused = vi.fn();
    const error = new ApiError(401, "unauthenticated", "No.");
    transcript.noteNewest(1);
    new CatchUp(transcript, () => Promise.reject(error), refused).check();
    await vi.runAllTimersAsync();
    expect(refused).toHaveBeenCalledExactlyOnceWith(error);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
