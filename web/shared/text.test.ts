// @vitest-environment node
import { expect, test } from "vitest";
import { dayName, sameDay } from "./time.js";
import { initials } from "./initials.js";
import { newId } from "./ids.js";
import { chooseLanguage, translator } from "./text.js";

test("a text is filled in and follows the plural rules", () => {
  const t = translator({
    hello: "Hello {name}",
    ahead: "{count} people before you",
    "ahead.one": "One person before you",
  });
  expect(t("hello", { name: "{count}" })).toBe("Hello {count}");
  expect(t("ahead", { count: 1 })).toBe("One person before you");
  expect(t("ahead", { count: 2 })).toBe("2 people before you");
});

test("the reader's first language that there is, else English", () => {
  expect(chooseLanguage(["en", "de"], ["fr-CA", "de-AT", "en"])).toBe("de");
  expect(chooseLanguage(["en", "de"], ["ja"])).toBe("en");
});

test.each([
  ["a name from left to right", "Ada", "Ada joined"],
  ["one from right to left", "שרה", "\u2068שרה\u2069 joined"],
  ["one that turns what follows around", "Ada\u202e", "Ada joined"],
  ["one that breaks out of its place", "\u2069\u2067שרה", "\u2068שרה\u2069 joined"],
])("%s stays in its place in a sentence", (_name, name, expected) => {
  expect(translator({ joined: "{name} joined" })("joined", { name })).toBe(expected);
});

test("days have names", () => {
  const now = new Date(2026, 10, 22, 0, 30);
  const at = (day: number) => new Date(2026, 10, day, 23, 50).toISOString();
  expect(dayName(at(22), now, "en")).toBe("Today");
  expect(dayName(at(21), now, "en")).toBe("Yesterday");
  expect(dayName(at(14), now, "en")).toBe("Saturday, November 14");
  expect(sameDay(at(21), at(22))).toBe(false);
});

test("initials are of the first and the last word", () => {
  expect(initials("ada lovelace king")).toBe("AK");
  expect(initials("Cher")).toBe("C");
  expect(initials("😀 x")).toBe("😀X");
  expect(initials("  ")).toBe("");
});

test("ids are 128 random bits and fit the protocol", () => {
  const ids = new Set(Array.from({ length: 100 }, newId));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
