import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText, isReadable } from "./testing/texts.js";
import { characters, clip, encode, isBlank, isSendable, wellFormed } from "./unicode.js";

describe("well-formed text", () => {
  test.each([
    ["half an emoji", "a\ud83d", "a\ufffd"],
    ["the other half", "\ude00a", "\ufffda"],
    ["halves in the wrong order", "\ude00\ud83d", "\ufffd\ufffd"],
    ["a whole one", "a😀", "a😀"],
  ])("%s", (_name, text, expected) => {
    expect(wellFormed(text)).toBe(expected);
  });

  test("can be read, and what could be read stays as it is", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isReadable(wellFormed(text))).toBe(true);
        if (isReadable(text)) expect(wellFormed(text)).toBe(text);
      }),
    );
  });

  test("has as many characters as it had", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(characters(wellFormed(text))).toBe(characters(text));
      }),
    );
  });
});

test("JSON for a server is readable, however deep a text lies in it", () => {
  fc.assert(
    fc.property(anyText, fc.integer(), (text, number) => {
      const value = { text, number, parts: [{ text }, null] };
      const read: unknown = JSON.parse(encode(value));
      expect(isReadable(read)).toBe(true);
      const clean = wellFormed(text);
      expect(read).toEqual({ text: clean, number, parts: [{ text: clean }, null] });
    }),
  );
});

test("a clipped text is the beginning, in whole characters", () => {
  expect(clip("ab😀", 3)).toBe("ab😀");
  expect(clip("ab😀", 2)).toBe("ab");
  fc.assert(
    fc.property(anyText, fc.nat({ max: 20 }), (text, most) => {
      const clipped = clip(text, most);
      expect(isReadable(clipped)).toBe(true);
      expect(characters(clipped)).toBe(Math.min(most, characters(text)));
      expect(wellFormed(text).startsWith(clipped)).toBe(true);
    }),
  );
});

test.each([
  ["nothing", ""],
  ["blanks", " \t\n\u3000\u00a0"],
  ["zero widths", "\u200b\u200c\u200d\ufeff\u2060"],
  ["marks of direction", "\u200e\u202e\u2067"],
  ["fillers that count as letters", "\u3164\u115f\uffa0"],
  ["a blank of braille", "\u2800"],
  ["control characters", "\u0000\u0007\u001b"],
  ["soft hyphens and tags", "\u00ad\u{e0041}"],
])("%s cannot be seen", (_name, text) => {
  expect(isBlank(text)).toBe(true);
  expect(isSendable(text, 100)).toBe(false);
});

test.each(["a", ".", "👩‍👩‍👧", "ن\u200cن", "\u200ba", "\u00a0-", "\ufffd"])(
  "%j can be seen",
  (text) => {
    expect(isBlank(text)).toBe(false);
  },
);

test("the limit counts characters", () => {
  expect(isSendable("😀".repeat(10), 10)).toBe(true);
  expect(isSendable("😀".repeat(11), 10)).toBe(false);
});
