import fc from "fast-check";
import { expect, test } from "vitest";
import { shortcutOf, type Press } from "./shortcuts.js";

const plain: Press = {
  key: "",
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  repeat: false,
};

const press = (given: Partial<Press>): Press => ({ ...plain, ...given });

test("each shortcut has its key", () => {
  expect(shortcutOf(press({ key: "F2" }))).toBe("accept");
  expect(shortcutOf(press({ key: "F8" }))).toBe("next");
  expect(shortcutOf(press({ key: "F8", shiftKey: true }))).toBe("previous");
});

test("no key that writes does anything, whatever is held with it", () => {
  const writing = fc.record({
    key: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    shiftKey: fc.boolean(),
    altKey: fc.boolean(),
    ctrlKey: fc.boolean(),
    metaKey: fc.boolean(),
    isComposing: fc.boolean(),
    repeat: fc.boolean(),
  });
  fc.assert(fc.property(writing, (given) => shortcutOf(given) === null));
});

test.each<[string, Partial<Press>]>([
  ["held down", { repeat: true }],
  ["with Alt, which closes the window with F4", { altKey: true }],
  ["with Ctrl", { ctrlKey: true }],
  ["with Cmd", { metaKey: true }],
  ["in an input method", { isComposing: true }],
])("a key %s does nothing", (_name, given) => {
  expect(shortcutOf(press({ key: "F2", ...given }))).toBeNull();
});
