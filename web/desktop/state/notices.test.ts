import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Notices } from "./notices.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a notice leaves by itself; a lasting one stays until it is dismissed", () => {
  const notices = new Notices();
  notices.add("short");
  notices.addLasting("long");
  vi.advanceTimersByTime(60_000);
  const [lasting, ...others] = notices.list.value;
  expect([lasting?.text, others]).toEqual(["long", []]);
  if (lasting) notices.dismiss(lasting.id);
  expect(notices.list.value).toEqual([]);
});
