import { launcherTexts } from "../text/launcher.js";
import { css } from "./launcher.css.js";

const SVG = "http://www.w3.org/2000/svg";
const BUBBLE = "M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3 21l2.1-5.7A8.4 8.4 0 1 1 21 11.5Z";
const CHEVRON = "m6 9 6 6 6-6";

/** The button on the customer's page, and the place of the frame above it. */
export class Launcher {
  readonly button = document.createElement("button");
  readonly #badge = document.createElement("span");
  readonly #root: ShadowRoot;

  constructor() {
    const host = document.createElement("lambdesk-widget");
    // Elements are made one by one: pages may forbid HTML from strings.
    this.#root = host.attachShadow({ mode: "open" });
    style(this.#root);
    this.button.type = "button";
    this.button.dataset["testid"] = "launcher";
    this.#badge.className = "badge";
    this.#badge.ariaHidden = "true";
    this.button.append(icon("bubble", BUBBLE), icon("chevron", CHEVRON), this.#badge);
    this.#root.append(this.button);
    this.showUnread(0);
    this.showOpen(false);
    document.body.append(host);
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
