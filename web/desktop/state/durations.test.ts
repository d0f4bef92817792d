import { describe, expect, test } from "vitest";
import { countdown, duration } from "./durations.js";

test.each([
  [0, "0:00"],
  [-5_000, "0:00"],
  [59_999, "0:59"],
  [723_000, "12:03"],
  [3_723_000, "1:02:03"],
  [200_000_000, "2 d"],
])("%d ms is %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

describe("countdown", () => {
  test("starts full", () => {
    expect(countdown(30_000, 30_000, 0)).toEqual({ seconds: 30, fraction: 1 });
  });

  test("says the seconds that have begun", () => {
    expect(countdown(30_000, 30_000, 20_001)).toMatchObject({ seconds: 10 });
    expect(countdown(30_000, 30_000, 29_999)).toMatchObject({ seconds: 1 });
  });

  test("stops at zero", () => {
    expect(countdown(30_000, 30_000, 31_000)).toEqual({ seconds: 0, fraction: 0 });
  });

  test("clocks that disagree never show more than all the time", () => {
    expect(countdown(90_000, 30_000, 0)).toEqual({ seconds: 30, fraction: 1 });
  });
});
