import { expect, test } from "vitest";
import { segments } from "./segments.js";

test.each([
  ["", "GSM-7", 1, 160],
  ["a".repeat(160), "GSM-7", 1, 0],
  ["a".repeat(161), "GSM-7", 2, 145],
  ["a".repeat(306), "GSM-7", 2, 0],
  ["Grüße, é", "GSM-7", 1, 152],
  ["€".repeat(80), "GSM-7", 1, 0],
  ["€".repeat(81), "GSM-7", 2, 143],
  ["’", "UCS-2", 1, 69],
  ["ж".repeat(70), "UCS-2", 1, 0],
  ["ж".repeat(71), "UCS-2", 2, 63],
  ["😀".repeat(35), "UCS-2", 1, 0],
  // 67 units hold 33 pairs and waste one.
  ["😀".repeat(36), "UCS-2", 2, 61],
])("%j", (text, encoding, count, left) => {
  expect(segments(text)).toEqual({ encoding, count, left });
});
