import { expect, test, vi } from "vitest";
import { inTurn } from "./turns.js";

/** A browser's locks, as far as they are needed: one after another. */
function queue() {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, action: () => Promise<unknown>) => {
    const turn = last.then(action);
    last = turn.catch(() => undefined);
    return turn;
  };
  return { request };
}

const refusing = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };

test("actions of one name do not overlap", async () => {
  vi.stubGlobal("navigator", { locks: queue() });
  const seen: string[] = [];
  const action = (name: string) => async () => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([inTurn("n", action("a")), inTurn("n", action("b"))])).toEqual([
    "a",
    "b",
  ]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test.each([
  ["no locks", {}],
  ["locks that are refused", { locks: refusing }],
])("an action runs once with %s", async (_name, navigator) => {
  vi.stubGlobal("navigator", navigator);
  const action = vi.fn(() => Promise.resolve(7));
  expect(await inTurn("n", action)).toBe(7);
  expect(action).toHaveBeenCalledOnce();
});

test("an action that fails is not run again", async () => {
  vi.stubGlobal("navigator", { locks: queue() });
  const action = vi.fn(() => Promise.reject(new Error("failed")));
  await expect(inTurn("n", action)).rejects.toThrow("failed");
  expect(action).toHaveBeenCalledOnce();
});
