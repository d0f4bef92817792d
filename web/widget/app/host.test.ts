import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HostPage } from "./host.js";

const ORIGIN = "https://shop.example";
const parent = { postMessage: vi.fn() };
const original = window.parent;

function say(data: unknown, { source = parent, origin = ORIGIN }: object & Partial<Say> = {}): void {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  dispatchEvent(event);
}

interface Say {
  source: unknown;
  origin: string;
}

const page = { lambdesk: "host", open: true, url: "https://shop.example/a?b", title: "Shop" };

beforeEach(() => {
  parent.postMessage.mockClear();
  Object.defineProperty(window, "parent", { value: parent, configurable: true });
});
afterEach(() => {
  Object.defineProperty(window, "parent", { value: original, configurable: true });
});

test("says that it is ready to the page's origin alone", () => {
  new HostPage({ origin: ORIGIN });
  expect(parent.postMessage).toHaveBeenCalledExactlyOnceWith({ lambdesk: "ready" }, ORIGIN);
});

test("learns about the page", () => {
  const host = new HostPage({ origin: ORIGIN });
  expect(host.open.value).toBe(false);
  say(page);
  expect(host.open.value).toBe(true);
  expect(host.website).toEqual({ url: "https://shop.example/a?b", title: "Shop" });
});

test.each([
  ["another window", page, { source: {} }],
  ["another origin", page, { origin: "https://evil.example" }],
  ["a page that says nonsense", { ...page, url: 7 }, {}],
])("ignores %s", (_name, data, from) => {
  const host = new HostPage({ origin: ORIGIN });
  say(data, from);
  expect(host.open.value).toBe(false);
  expect(host.website).toBeNull();
});

test("cuts what is too long for the server, and leaves out what is not on the web", () => {
  const host = new HostPage({ origin: ORIGIN });
  say({ ...page, url: `https://shop.example/${"a".repeat(3000)}`, title: "t".repeat(300) });
  expect(host.website?.url).toHaveLength(2000);
  expect(host.website?.title).toHaveLength(200);
  say({ ...page, url: "file:///home/me/index.html" });
  expect(host.website).toBeNull();
});
