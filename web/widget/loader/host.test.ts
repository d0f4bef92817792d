import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AppMessage } from "../frames.js";
import { Host } from "./host.js";
import type { Settings } from "./settings.js";

const HTML = "http://www.w3.org/1999/xhtml";
const ORIGIN = "https://desk.example";
const READY = { lambdesk: "ready", borrows: false } as const;

let hosts: Host[] = [];

function openHost(settings: Partial<Settings> = {}): Host {
  for (const host of hosts) host.destroy();
  const base = new URL(`${ORIGIN}/widget/`);
  const host = new Host({ queue: "demo", base, page: "path", keeps: true, ...settings });
  hosts = [host];
  return host;
}

function root(): ShadowRoot {
  const shadow = document.querySelector("[data-lambdesk]")?.shadowRoot;
  if (!shadow) throw new Error("There is no launcher.");
  return shadow;
}

const frame = () => root().querySelector("iframe");
const button = () => root().querySelector("button");
const press = () => userEvent.click(button() as HTMLElement);

/** A window in the place of the frame's, because nothing is loaded into it here. */
function listen(): { window: Window; told: unknown[] } {
  const told: unknown[] = [];
  const window = {
    postMessage: (message: unknown, origin: string) => {
      expect(origin).toBe(ORIGIN);
      told.push(message);
    },
  } as unknown as Window;
  const element = frame();
  if (!element) throw new Error("There is no frame.");
  Object.defineProperty(element, "contentWindow", { value: window });
  return { window, told };
}

function say(data: AppMessage, source: unknown, origin = ORIGIN): void {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  dispatchEvent(event);
}

/** An element of that name which is not HTML's, because nothing is to be loaded. */
function emptyFrame(): HTMLElement {
  const element = document.createElementNS("urn:test", "iframe") as HTMLElement;
  return Object.assign(element, { focus: () => undefined });
}

beforeEach(() => {
  vi.spyOn(document, "createElement").mockImplementation((name: string) =>
    name === "iframe" ? emptyFrame() : document.createElementNS(HTML, name),
  );
  vi.stubGlobal("origin", location.origin);
  localStorage.clear();
  sessionStorage.clear();
  document.title = "Shop";
});
afterEach(() => {
  for (const host of hosts) host.destroy();
  hosts = [];
});

describe("the launcher", () => {
  test("is a button, and nothing is loaded before it is pressed", () => {
    openHost();
    expect(button()?.ariaLabel).toBe("Chat with us");
    expect(button()?.ariaExpanded).toBe("false");
    expect(frame()).toBeNull();
  });

  test("opens and closes the frame", async () => {
    openHost();
    await press();
    expect(frame()?.className).toBe("open");
    expect(frame()?.src).toBe(
      `${ORIGIN}/widget/index.html#queue=demo&origin=${encodeURIComponent(location.origin)}`,
    );
    expect(button()?.ariaExpanded).toBe("true");
    await press();
    expect(frame()?.className).toBe("");
  });

  test("is open on the next page when it was open on this one", () => {
    openHost().open();
    openHost();
    expect(frame()?.className).toBe("open");
  });

  test("loads the app in the background while there is a conversation", () => {
    openHost().open();
    const { window } = listen();
    say({ lambdesk: "state", unread: 0, underway: true }, window);
    sessionStorage.clear();
    openHost();
    expect(frame()).not.toBeNull();
    expect(frame()?.className).toBe("");
  });

  test("works on pages that may not store anything", async () => {
    const refuse = () => {
      throw new DOMException("no", "SecurityError");
    };
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(refuse);
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(refuse);
    openHost();
    await press();
    expect(frame()?.className).toBe("open");
  });
});

describe("messages", () => {
  test("tell the app about the page once it listens, and when it is opened or closed", async () => {
    openHost().open();
    const { window, told } = listen();
    expect(told).toEqual([]);
    say(READY, window);
    await press();
    const url = location.origin + location.pathname;
    const page = { lambdesk: "host", url, title: "Shop", kept: null };
    expect(told).toEqual([
      { ...page, open: true, byHand: true },
      { ...page, open: false, byHand: false },
    ]);
  });

  test("say whether the frame was opened on this page", () => {
    openHost().open();
    const before = listen();
    say(READY, before.window);
    expect(before.told).toMatchObject([{ open: true, byHand: true }]);
    openHost();
    const { window, told } = listen();
    say(READY, window);
    expect(told).toMatchObject([{ open: true, byHand: false }]);
  });

  test("unread messages show on the button and in the title, and go again", () => {
    openHost().open();
    const { window } = listen();
    say({ lambdesk: "state", unread: 2, underway: true }, window);
    expect(button()?.ariaLabel).toBe("Chat with us, 2 unread");
    expect(button()?.textContent).toBe("2");
    expect(document.title).toBe("(2)\u00a0Shop");
    document.title = "Basket";
    say({ lambdesk: "state", unread: 0, underway: true }, window);
    expect(button()?.ariaLabel).toBe("Chat with us");
    expect(document.title).toBe("Basket");
  });

  test("close the frame", () => {
    openHost().open();
    const { window } = listen();
    say({ lambdesk: "close" }, window);
    expect(frame()?.className).toBe("");
    expect(root().activeElement ?? document.activeElement).not.toBe(frame());
  });

  test.each([
    ["another window", ORIGIN, {}],
    ["another origin", "https://evil.example", null],
    ["nobody", ORIGIN, undefined],
  ])("from %s are ignored", (_name, origin, source) => {
    openHost().open();
    const { window, told } = listen();
    say({ lambdesk: "close" }, source === null ? window : source, origin);
    say(READY, source === null ? window : source, origin);
    expect(frame()?.className).toBe("open");
    expect(told).toEqual([]);
  });

  test("of other kinds are ignored", () => {
    openHost().open();
    const { window } = listen();
    for (const data of ["close", null, { lambdesk: "of the future" }, { type: "close" }]) {
      say(data as AppMessage, window);
    }
    expect(frame()?.className).toBe("open");
    expect(button()?.textContent).toBe("");
  });
});

describe("the page", () => {
  test.each([
    ["full", "https://shop.example/a/b?token=1#secret", "Shop"],
    ["path", "https://shop.example/a/b", "Shop"],
    ["origin", "https://shop.example", ""],
    ["none", "", ""],
  ] as const)("is told as far as %s", (page, url, title) => {
    vi.stubGlobal("location", new URL("https://shop.example/a/b?token=1#secret"));
    openHost({ page }).open();
    const { window, told } = listen();
    say(READY, window);
    expect(told).toEqual([{ lambdesk: "host", open: true, byHand: true, url, title, kept: null }]);
  });

  test.each(["(3) Inbox", "(1) of two", "(2)\u00a0Inbox"])("keeps its title %s", (title) => {
    document.title = title;
    openHost().open();
    const { window, told } = listen();
    say(READY, window);
    expect(told).toMatchObject([{ title }]);
    for (const unread of [1, 2, 2, 1]) say({ lambdesk: "state", unread, underway: true }, window);
    expect(document.title).toBe(`(1)\u00a0${title}`);
    say({ lambdesk: "state", unread: 0, underway: true }, window);
    expect(document.title).toBe(title);
  });

  test("gets the launcher back when it is removed", async () => {
    openHost().open();
    document.querySelector("[data-lambdesk]")?.remove();
    await vi.waitFor(() => expect(frame()?.className).toBe("open"));
    expect(document.querySelectorAll("[data-lambdesk]")).toHaveLength(1);
  });

  test("that keeps removing the launcher is left alone until it asks for it", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const host = openHost();
    const remove = () => document.querySelector("[data-lambdesk]")?.remove();
    const persistent = new MutationObserver(remove);
    persistent.observe(document.documentElement, { childList: true });
    remove();
    await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
    expect(document.querySelector("[data-lambdesk]")).toBeNull();
    persistent.disconnect();
    host.open();
    expect(frame()?.className).toBe("open");
  });

  test("is as it was after the end, and can begin again", () => {
    const host = openHost();
    host.open();
    const { window, told } = listen();
    say({ lambdesk: "state", unread: 2, underway: true }, window);
    host.destroy();
    say(READY, window);
    expect(document.title).toBe("Shop");
    expect(document.querySelector("[data-lambdesk]")).toBeNull();
    expect(told).toEqual([]);
    openHost();
    expect(frame()?.className).toBe("open");
  });
});

describe("the storage of the page", () => {
  const BORROWS = { lambdesk: "ready", borrows: true } as const;
  const keep = (value: string | null) =>
    ({ lambdesk: "keep", kind: "localStorage", key: "lambdesk:customer", value }) as const;

  function borrow(settings: Partial<Settings> = {}): ReturnType<typeof listen> {
    openHost(settings).open();
    const listener = listen();
    say(BORROWS, listener.window);
    return listener;
  }

  test("is lent to an app that the browser refuses its own", () => {
    say(keep("{}"), borrow().window);
    const { window, told } = borrow();
    const kept = { localStorage: { "lambdesk:customer": "{}" }, sessionStorage: {} };
    expect(told).toMatchObject([{ kept }]);
    say(keep(null), window);
    expect(borrow().told).toMatchObject([{ kept: { localStorage: {} } }]);
    expect(Object.keys(localStorage)).not.toContainEqual(expect.stringContaining("customer"));
  });

  test("tells what another tab changes", () => {
    const { told } = borrow();
    const key = `lambdesk:kept:${ORIGIN}:lambdesk:place:demo`;
    dispatchEvent(new StorageEvent("storage", { key, newValue: "1" }));
    dispatchEvent(new StorageEvent("storage", { key: "theirs", newValue: "1" }));
    expect(told.slice(1)).toEqual([{ lambdesk: "kept", key: "lambdesk:place:demo", value: "1" }]);
  });

  test.each([
    ["where the site forbids it", { keeps: false }, BORROWS],
    ["where the app has its own", {}, READY],
  ])("is not lent %s", (_name, settings, ready) => {
    localStorage.setItem(`lambdesk:kept:${ORIGIN}:x`, "1");
    openHost(settings).open();
    const { window, told } = listen();
    say(ready, window);
    say(keep("{}"), window);
    expect(told).toMatchObject([{ kept: null }]);
    expect(Object.keys(localStorage)).not.toContainEqual(expect.stringContaining("customer"));
  });
});
