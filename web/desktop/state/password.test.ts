// @vitest-environment node
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isStrong, meets, PASSWORD_LENGTH, PASSWORD_RULES } from "./password.js";

const template = readFileSync("../infra/template.yaml", "utf8");
const policy = /PasswordPolicy:\n((?: {10}\w+: \w+\n)+)/.exec(template)?.[1] ?? "";

const asked = (name: string): string | undefined => new RegExp(`${name}: (\\w+)`).exec(policy)?.[1];

test("the form asks for what the user pool asks for", () => {
  expect(asked("MinimumLength")).toBe(String(PASSWORD_LENGTH));
  const kinds = ["Lowercase", "Uppercase", "Numbers", "Symbols"];
  const required = kinds.filter((kind) => asked(`Require${kind}`) === "true");
  expect(required).toEqual(["Lowercase", "Uppercase", "Numbers"]);
  expect(PASSWORD_RULES).toEqual(["length", "lowercase", "uppercase", "number"]);
});

test.each([
  ["abcdefgh", false],
  ["Abcdefgh1", false],
  ["abcdefghijk1", false],
  ["ABCDEFGHIJK1", false],
  ["Abcdefghijkl", false],
  ["Abcdefghijk1", true],
])("%s is strong enough: %s", (password, strong) => {
  expect(isStrong(password)).toBe(strong);
});

test("what is written after it never makes a password weaker", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (password, more) =>
      PASSWORD_RULES.every((rule) => !meets(password, rule) || meets(password + more, rule)),
    ),
  );
});
