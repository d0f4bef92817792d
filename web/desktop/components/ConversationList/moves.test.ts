import { expect, test } from "vitest";
import { moveBy } from "./moves.js";

const ITEMS = [{ id: "a" }, { id: "b" }, { id: "c" }];

test.each([
  ["a", 1, "b"],
  ["b", -1, "a"],
  ["c", 1, "c"],
  ["a", -1, "a"],
  [null, 1, "a"],
  [null, -1, "c"],
  ["gone", 1, "a"],
] as const)("from %s by %d to %s", (from, step, to) => {
  expect(moveBy(ITEMS, from, step)?.id).toBe(to);
});

test("nowhere to go among none", () => {
  const none: { id: string }[] = [];
  expect(moveBy(none, null, 1)).toBe(undefined);
});
