import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTitle } from "./title.js";

const target = { title: "Lambdesk" };
const QUIET = { product: "Lambdesk", unread: 0, alert: null };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the title counts what is unread", () => {
  createTitle(target)({ ...QUIET, unread: 3 });
  expect(target.title).toBe("(3) Lambdesk");
});

test("it flashes while there is an alert, and stops with it", () => {
  const show = createTitle(target);
  show({ ...QUIET, alert: "New conversation" });
  expect(target.title).toBe("● New conversation");
  vi.advanceTimersByTime(1_000);
  expect(target.title).toBe("Lambdesk");
  vi.advanceTimersByTime(1_000);
  expect(target.title).toBe("● New conversation");
  show(QUIET);
  expect(target.title).toBe("Lambdesk");
  vi.advanceTimersByTime(5_000);
  expect(target.title).toBe("Lambdesk");
});
