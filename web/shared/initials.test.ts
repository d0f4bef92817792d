import { expect, test } from "vitest";
import { initials } from "./initials.js";

test.each([
  ["Mara Lind", "ML"],
  ["Łukasz van der Żółć", "ŁŻ"],
  ["madonna", "M"],
  ["", ""],
])("%j is %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("what nobody can see stands for nobody", () => {
  expect(initials("\u200b\u2060Ada \u200eMarsh \u200b")).toBe("AM");
});
