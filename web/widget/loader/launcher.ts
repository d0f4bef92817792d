import { launcherTexts } from "../text/launcher.js";
import { css } from "./launcher.css.js";
import { complain } from "./settings.js";

const SVG = "http://www.w3.org/2000/svg";
const BUBBLE = "M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3 21l2.1-5.7A8.4 8.4 0 1 1 21 11.5Z";
const CHEVRON = "m6 9 6 6 6-6";

// A page that removes the launcher so often in so short a time does not want it.
const MOST_RETURNS = 5;
const RETURNS_COUNT_FOR = 10_000;

/** The button on the customer's page, and the place of the frame above it. */
export class Launcher {
  readonly button = document.createElement("button");
  // Not a custom element: the page could have one of that name.
  readonly #place = document.createElement("div");
  readonly #badge = document.createElement("span");
  readonly #root: ShadowRoot;
  readonly #watch = new MutationObserver(() => this.#return());
  readonly #onInsert: () => void;
  #returns: number[] = [];

  /** @param onInsert called when this is put into the page, which loads the frame in it again */
  constructor(onInsert: () => void) {
    this.#onInsert = onInsert;
    this.#place.dataset["lambdesk"] = "";
    // Translators replace texts by copies that no longer change.
    this.#place.translate = false;
    this.#place.className = "notranslate";
    // Elements are made one by one: pages may forbid HTML from strings.
    this.#root = this.#place.attachShadow({ mode: "open" });
    style(this.#root);
    this.button.type = "button";
    this.button.translate = false;
    this.button.dataset["testid"] = "launcher";
    this.#badge.className = "badge";
    this.#badge.ariaHidden = "true";
    this.button.append(icon("bubble", BUBBLE), icon("chevron", CHEVRON), this.#badge);
    this.#root.append(this.button);
    this.showUnread(0);
    this.showOpen(false);
  }

  /** Puts it into the page, or back into it, on top of everything. */
  attach(): void {
    this.#returns = [];
    if (this.#place.isConnected) this.#raise();
    else this.#insert();
  }

  remove(): void {
    this.#watch.disconnect();
    this.#place.remove();
  }

  /** What has the focus in here, or would have it if the window had it. */
  get focused(): Element | null {
    return this.#root.activeElement;
  }

  add(frame: HTMLIFrameElement): void {
    this.#root.append(frame);
  }

  showOpen(open: boolean): void {
    this.button.classList.toggle("open", open);
    this.button.ariaExpanded = String(open);
  }

  showUnread(count: number): void {
    const { chat, unread } = launcherTexts.en;
    this.#badge.textContent = count > 99 ? "99+" : count > 0 ? String(count) : "";
    this.button.ariaLabel =
      count > 0 ? unread.replace("{label}", chat).replace("{count}", String(count)) : chat;
  }

  /** Beside the body: what replaces or transforms the body does not touch it there. */
  #insert(): void {
    const page = document.documentElement;
    page.append(this.#place);
    this.#watch.observe(document, { childList: true });
    this.#watch.observe(page, { childList: true });
    this.#raise();
    this.#onInsert();
  }

  /** Lays it over everything on the page, where the browser has a top layer for that. */
  #raise(): void {
    try {
      const place = this.#place;
      place.popover = "manual";
      if (place.matches(":popover-open")) place.hidePopover();
      place.showPopover();
    } catch {
      // Browsers before 2024 go by the z-index.
    }
  }

  #return(): void {
    // While a page is written again, it has no element at all.
    if (this.#place.isConnected || !document.querySelector(":root")) return;
    const now = Date.now();
    this.#returns = this.#returns.filter((at) => now - at < RETURNS_COUNT_FOR);
    if (this.#returns.length >= MOST_RETURNS) {
      this.#watch.disconnect();
      complain("gives up: this page keeps removing it. Lambdesk.open() brings it back.");
      return;
    }
    this.#returns.push(now);
    this.#insert();
  }
}

function style(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Browsers before 2023 cannot construct sheets.
    const element = document.createElement("style");
    element.textContent = css;
    root.append(element);
  }
}

function icon(name: string, path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", name);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
