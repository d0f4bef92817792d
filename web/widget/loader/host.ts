import type { AppMessage, HostMessage } from "../frames.js";
import { launcherTexts } from "../text/launcher.js";
import { Launcher } from "./launcher.js";

const UNREAD_TITLE = /^\(\d+\) /;

/** Connects the customer's page, the launcher and the app in its frame. */
export class Host {
  readonly #launcher = new Launcher();
  readonly #queue: string;
  readonly #base: URL;
  #frame: HTMLIFrameElement | null = null;
  /** Whether the app listens; before, the frame holds an empty page of another origin. */
  #listening = false;
  #open = false;
  #unread = 0;

  /** @param base the address of the folder that holds the loader and the app */
  constructor(queue: string, base: URL) {
    this.#queue = queue;
    this.#base = base;
    this.#launcher.button.addEventListener("click", () => this.#toggle());
    addEventListener("message", (event) => this.#receive(event));
    if (remembered("sessionStorage", this.#key("open"))) this.#show(true);
    // Unread messages are counted by the app, so it has to run while the frame is closed.
    else if (remembered("localStorage", this.#key("underway"))) this.#load();
  }

  open(): void {
    this.#show(true);
    this.#frame?.focus();
  }

  close(): void {
    if (!this.#open) return;
    this.#show(false);
    this.#launcher.button.focus();
  }

  #toggle(): void {
    if (this.#open) this.close();
    else this.open();
  }

  #show(open: boolean): void {
    if (open) this.#load();
    this.#open = open;
    this.#launcher.showOpen(open);
    remember("sessionStorage", this.#key("open"), open);
    this.#frame?.classList.toggle("open", open);
    this.#tell();
  }

  #load(): void {
    if (this.#frame) return;
    const frame = document.createElement("iframe");
    const address = new URL("index.html", this.#base);
    address.hash = new URLSearchParams({
      queue: this.#queue,
      origin: location.origin,
    }).toString();
    frame.title = launcherTexts.en.frame;
    frame.src = address.href;
    this.#frame = frame;
    this.#launcher.add(frame);
    // Without a layout in between, the first opening would not be animated.
    frame.getBoundingClientRect();
  }

  #tell(): void {
    if (!this.#listening) return;
    const message: HostMessage = {
      lambdesk: "host",
      open: this.#open,
      url: location.href,
      title: document.title.replace(UNREAD_TITLE, ""),
    };
    this.#frame?.contentWindow?.postMessage(message, this.#base.origin);
  }

  #receive({ source, origin, data }: MessageEvent<unknown>): void {
    const ours = source !== null && source === this.#frame?.contentWindow;
    if (!ours || origin !== this.#base.origin || !isAppMessage(data)) return;
    if (data.lambdesk === "ready") {
      this.#listening = true;
      this.#tell();
    } else if (data.lambdesk === "close") {
      this.close();
    } else {
      this.#update(data.unread, data.underway);
    }
  }

  #update(unread: number, underway: boolean): void {
    remember("localStorage", this.#key("underway"), underway);
    this.#launcher.showUnread(unread);
    if (unread === this.#unread) return;
    this.#unread = unread;
    const title = document.title.replace(UNREAD_TITLE, "");
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  }

  #key(name: string): string {
    return `lambdesk:${this.#queue}:${name}`;
  }
}

function isAppMessage(data: unknown): data is AppMessage {
  return typeof data === "object" && data !== null && "lambdesk" in data;
}

// The page may forbid storage; then the widget forgets, and works.

function remembered(kind: "localStorage" | "sessionStorage", key: string): boolean {
  try {
    return globalThis[kind].getItem(key) !== null;
  } catch {
    return false;
  }
}

function remember(kind: "localStorage" | "sessionStorage", key: string, value: boolean): void {
  try {
    if (value) globalThis[kind].setItem(key, "1");
    else globalThis[kind].removeItem(key);
  } catch {
    return;
  }
}
