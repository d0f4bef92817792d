import { expect, test } from "vitest";
import { isLeave, isSend, type KeyPress } from "./keys.js";

const press = (given: Partial<KeyPress>): KeyPress => ({
  key: "Enter",
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see isComposing
  keyCode: 13,
  ...given,
});

test.each([
  ["Enter", {}, true],
  ["Ctrl + Enter", { ctrlKey: true }, true],
  ["Shift + Enter", { shiftKey: true }, false],
  ["Alt + Enter", { altKey: true }, false],
  ["a letter", { key: "a", keyCode: 65 }, false],
  ["an Enter that picks a word", { isComposing: true }, false],
  ["the same in Safari", { keyCode: 229 }, false],
] as const)("%s sends or not", (_name, given, sends) => {
  expect(isSend(press(given))).toBe(sends);
});

test.each([
  ["Escape", { keyCode: 27 }, true],
  ["an Escape that gives up a word", { isComposing: true, keyCode: 27 }, false],
  ["the same in Safari", { keyCode: 229 }, false],
  ["Enter", { key: "Enter" }, false],
] as const)("%s leaves or not", (_name, given, leaves) => {
  expect(isLeave(press({ key: "Escape", ...given }))).toBe(leaves);
});
