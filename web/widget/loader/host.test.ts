import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AppMessage } from "../frames.js";
import { Host } from "./host.js";

const HTML = "http://www.w3.org/1999/xhtml";
const ORIGIN = "https://desk.example";

function openHost(): Host {
  document.body.replaceChildren();
  return new Host("demo", new URL(`${ORIGIN}/widget/`));
}

function root(): ShadowRoot {
  const shadow = document.querySelector("lambdesk-widget")?.shadowRoot;
  if (!shadow) throw new Error("There is no launcher.");
  return shadow;
}

const frame = () => root().querySelector("iframe");
const button = () => root().querySelector("button");

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
  localStorage.clear();
  sessionStorage.clear();
  document.title = "Shop";
});
afterEach(() => document.body.replaceChildren());

describe("the launcher", () => {
  test("is a button, and nothing is loaded before it is pressed", () => {
    openHost();
    expect(button()?.ariaLabel).toBe("Chat with us");
    expect(button()?.ariaExpanded).toBe("false");
    expect(frame()).toBeNull();
  });

  test("opens and closes the frame", () => {
    openHost();
    button()?.click();
    expect(frame()?.className).toBe("open");
    expect(frame()?.src).toBe(
      `${ORIGIN}/widget/index.html#queue=demo&origin=${encodeURIComponent(location.origin)}`,
    );
    expect(button()?.ariaExpanded).toBe("true");
    button()?.click();
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

  test("works on pages that may not store anything", () => {
    const refuse = () => {
      throw new DOMException("no", "SecurityError");
    };
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(refuse);
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(refuse);
    openHost();
    button()?.click();
    expect(frame()?.className).toBe("open");
  });
});

describe("messages", () => {
  test("tell the app about the page once it listens, and when it is opened or closed", () => {
    openHost().open();
    const { window, told } = listen();
    expect(told).toEqual([]);
    say({ lambdesk: "ready" }, window);
    button()?.click();
    const page = { lambdesk: "host", url: location.href, title: "Shop" };
    expect(told).toEqual([
      { ...page, open: true },
      { ...page, open: false },
    ]);
  });

  test("unread messages show on the button and in the title, and go again", () => {
    openHost().open();
    const { window } = listen();
    say({ lambdesk: "state", unread: 2, underway: true }, window);
    expect(button()?.ariaLabel).toBe("Chat with us, 2 unread");
    expect(button()?.textContent).toBe("2");
    expect(document.title).toBe("(2) Shop");
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
    say({ lambdesk: "ready" }, source === null ? window : source, origin);
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
