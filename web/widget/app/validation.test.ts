// @vitest-environment node
import { expect, test } from "vitest";
import type { FieldType, FormField } from "../../shared/protocol.js";
import { problem } from "./validation.js";

const field = (type: FieldType, required = true): FormField => ({
  variable: "v",
  label: "V",
  type,
  required,
  options: [],
});

test.each<[FieldType, boolean, string, string | null]>([
  ["text", true, "  ", "form.required"],
  ["text", false, "", null],
  ["text", true, "a".repeat(201), "form.long"],
  ["textarea", true, "a".repeat(4000), null],
  ["textarea", true, "a".repeat(4001), "form.long"],
  ["email", true, "ada@example.com", null],
  ["email", true, " ada@example.com ", null],
  ["email", true, "ada@example", "form.email"],
  ["email", true, "ada lovelace@example.com", "form.email"],
  ["email", false, "", null],
  ["tel", true, "+1 (555) 010-0000", null],
  ["tel", true, "030/123 456 78", null],
  ["tel", true, "12345", "form.tel"],
  ["tel", true, "call me", "form.tel"],
  ["select", true, "", "form.required"],
])("%s, required %s: %j", (type, required, value, expected) => {
  expect(problem(field(type, required), value)).toBe(expected);
});
