import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HostPage } from "./host.js";

const ORIGIN = "https://shop.example";
const parent = { postMessage: vi.fn() };
const original = window.parent;

function say(
  data: unknown,
  { source = parent, origin = ORIGIN }: object & Partial<Say> = {},
): void {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  dispatchEvent(event);
}

interface Say {
  source: unknown;
  origin: string;
}

const page = {
  lambdesk: "host",
  open: true,
  byHand: true,
  url: "https://shop.example/a?b",
  title: "Shop",
  kept: null,
};
const READY = { lambdesk: "ready", borrows: false };

beforeEach(() => {
  parent.postMessage.mockClear();
  Object.defineProperty(window, "parent", { value: parent, configurable: true });
});
afterEach(() => {
  Object.defineProperty(window, "parent", { value: original, configurable: true });
});

test("says that it is ready to the page's origin alone", () => {
  new HostPage({ origin: ORIGIN });
  expect(parent.postMessage).toHaveBeenCalledExactlyOnceWith(READY, ORIGIN);
});

test("tells nothing to a page before it has shown its origin", () => {
  const host = new HostPage({ origin: "null" });
  host.tell(1, true);
  host.close();
  say(page, { origin: "https://evil.example" });
  expect(parent.postMessage.mock.calls).toEqual([[READY, "*"]]);
  say(page, { origin: "null" });
  host.close();
  expect(parent.postMessage.mock.calls.slice(1)).toEqual([
    [{ lambdesk: "state", unread: 1, underway: true }, "*"],
    [{ lambdesk: "close" }, "*"],
  ]);
});

test("asks the page again, because its address changes without a page view", async () => {
  const host = new HostPage({ origin: ORIGIN });
  say(page);
  const asked = host.ask();
  say({ ...page, url: "https://shop.example/b", title: "Second" });
  await asked;
  expect(host.website).toEqual({ url: "https://shop.example/b", title: "Second" });
});

test("does not wait for a page that never answers", async () => {
  vi.useFakeTimers();
  const asked = new HostPage({ origin: ORIGIN }).ask();
  vi.runAllTimers();
  await asked;
  vi.useRealTimers();
});

describe("the stores of the page", () => {
  const kept = { localStorage: { place: '"c1"', broken: "{" }, sessionStorage: { draft: '"x"' } };

  test("hold what the page keeps, and keep what changes", () => {
    const host = new HostPage({ origin: ORIGIN }, true);
    say({ ...page, kept });
    expect(host.stores?.localStorage.get("place")).toBe("c1");
    expect(host.stores?.localStorage.get("broken")).toBeNull();
    expect(host.stores?.sessionStorage.keys("dr")).toEqual(["draft"]);
    host.stores?.localStorage.set("place", "c2");
    host.stores?.sessionStorage.remove("draft");
    expect(parent.postMessage.mock.calls.slice(1)).toEqual([
      [{ lambdesk: "keep", kind: "localStorage", key: "place", value: '"c2"' }, ORIGIN],
      [{ lambdesk: "keep", kind: "sessionStorage", key: "draft", value: null }, ORIGIN],
    ]);
    say({ ...page, kept });
    expect(host.stores?.localStorage.get("place")).toBe("c2");
  });

  test("tell what another tab has changed", () => {
    const host = new HostPage({ origin: ORIGIN }, true);
    const changed = new Set<string | null>();
    addEventListener("storage", ({ key }) => changed.add(key));
    say({ lambdesk: "kept", key: "place", value: '"c3"' });
    expect(changed).toEqual(new Set(["place"]));
    expect(host.stores?.localStorage.get("place")).toBe("c3");
  });

  test("are not there where the app has its own", () => {
    expect(new HostPage({ origin: ORIGIN }).stores).toBeNull();
  });
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
  say({ ...page, title: `${"t".repeat(199)}😀😀` });
  expect(host.website?.title).toBe(`${"t".repeat(199)}😀`);
  say({ ...page, url: "file:///home/me/index.html" });
  expect(host.website).toBeNull();
});
