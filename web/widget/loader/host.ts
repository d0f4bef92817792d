import {
  OPAQUE,
  type AppMessage,
  type HostMessage,
  type Kept,
  type KeptMessage,
  type StorageKind,
} from "../frames.js";
import { launcherTexts } from "../text/launcher.js";
import { Launcher } from "./launcher.js";
import { recall, recallAll, remember } from "./memory.js";
import { complain, type PageDetail, type Settings } from "./settings.js";
import { UnreadTitle } from "./title.js";

/** Connects the customer's page, the launcher and the app in its frame. */
export class Host {
  readonly #settings: Settings;
  readonly #launcher = new Launcher(() => this.#begin());
  readonly #title = new UnreadTitle();
  readonly #keptPrefix: string;
  #frame: HTMLIFrameElement | null = null;
  /** Where the app is listening; before, the frame holds an empty page of another origin. */
  #target: string | null = null;
  #borrows = false;
  /** Whether the page's policy forbids the frame, so that the chat has to be a page of its own. */
  #forbidden = false;
  #open = false;
  /** Whether it is open because the customer opened it on this page. */
  #byHand = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#keptPrefix = `lambdesk:kept:${settings.base.origin}:`;
    this.attach();
    if (recall("sessionStorage", this.#key("open"))) this.#show(true);
    // Unread messages are counted by the app, so it has to run while the frame is closed.
    else if (recall("localStorage", this.#key("underway"))) this.#load();
  }

  get queue(): string {
    return this.#settings.queue;
  }

  open(): void {
    this.attach();
    this.#byHand = true;
    this.#show(true);
    this.#frame?.focus();
  }

  close(): void {
    if (!this.#open) return;
    this.#byHand = false;
    this.#show(false);
    this.#launcher.button.focus();
  }

  /** Puts the launcher back where the page has removed it, or laid something over it. */
  attach(): void {
    this.#launcher.attach();
  }

  /** Removes everything from the page but what the browser remembers of the conversation. */
  destroy(): void {
    this.#launcher.remove();
    this.#title.show(0);
    removeEventListener("message", this.#onMessage);
    removeEventListener("storage", this.#onStorage);
    document.removeEventListener("securitypolicyviolation", this.#onViolation);
  }

  /** A page that is written again has lost all listeners, and the frame in it begins again. */
  #begin(): void {
    this.#target = null;
    const { button } = this.#launcher;
    button.addEventListener("click", this.#onClick);
    button.addEventListener("keydown", this.#onKey);
    button.addEventListener("keyup", this.#onKey);
    addEventListener("message", this.#onMessage);
    addEventListener("storage", this.#onStorage);
    document.addEventListener("securitypolicyviolation", this.#onViolation);
  }

  readonly #onClick = (): void => {
    if (this.#open) this.close();
    else this.open();
  };

  /** Pages that listen to all keys take away what Enter and the space bar do to a button. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (event.type === "keydown" && !event.repeat) this.#onClick();
  };

  #show(open: boolean): void {
    if (open) this.#load();
    this.#open = open && this.#frame !== null;
    this.#launcher.showOpen(this.#open);
    remember("sessionStorage", this.#key("open"), this.#open ? "1" : null);
    this.#frame?.classList.toggle("open", this.#open);
    this.#tell();
  }

  #load(): void {
    if (this.#frame) return;
    if (this.#forbidden) {
      window.open(this.#address(), "_blank", "noopener");
      return;
    }
    const frame = document.createElement("iframe");
    frame.title = launcherTexts.en.frame;
    // The browser would tell the address of the page, which may hold secrets.
    frame.referrerPolicy = "no-referrer";
    frame.src = this.#address();
    this.#frame = frame;
    this.#launcher.add(frame);
    // Without a layout in between, the first opening would not be animated.
    frame.getBoundingClientRect();
  }

  #address(): string {
    const address = new URL("index.html", this.#settings.base);
    // The origin of the location is not that of a sandboxed page.
    address.hash = new URLSearchParams({ queue: this.queue, origin: self.origin }).toString();
    return address.href;
  }

  #tell(kept: Kept | null = null): void {
    const page = website(this.#settings.page, this.#title.plain);
    this.#send({ lambdesk: "host", open: this.#open, byHand: this.#byHand, kept, ...page });
  }

  #send(message: HostMessage | KeptMessage): void {
    if (this.#target) this.#frame?.contentWindow?.postMessage(message, this.#target);
  }

  readonly #onMessage = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (!source || source !== this.#frame?.contentWindow) return;
    // The frame of a sandboxed page has no origin either.
    const sandboxed = origin === OPAQUE && self.origin === OPAQUE;
    if (!sandboxed && origin !== this.#settings.base.origin) return;
    if (isAppMessage(data)) this.#receive(data, sandboxed ? "*" : origin);
  };

  #receive(message: AppMessage, target: string): void {
    switch (message.lambdesk) {
      case "ready":
        if (this.#target === null) this.#focusApp();
        this.#target = target;
        this.#borrows = message.borrows;
        this.#tell(this.#lends() ? recallAll(this.#keptPrefix) : null);
        break;
      case "keep":
        this.#keep(message.kind, message.key, message.value);
        break;
      case "close":
        this.close();
        break;
      case "state":
        remember("localStorage", this.#key("underway"), message.underway ? "1" : null);
        this.#launcher.showUnread(message.unread);
        this.#title.show(message.unread);
    }
  }

  /** The empty page that was in the frame had the focus, and went with it. */
  #focusApp(): void {
    const frame = this.#frame;
    if (!this.#byHand || !frame || this.#launcher.focused !== frame) return;
    frame.blur();
    frame.focus();
  }

  /** Whether the page keeps values for the app: never for a frame that is not of the desk's origin. */
  #lends(): boolean {
    return this.#borrows && this.#settings.keeps && this.#target === this.#settings.base.origin;
  }

  #keep(kind: StorageKind, key: string, value: string | null): void {
    if (this.#lends()) remember(kind, this.#keptPrefix + key, value);
  }

  readonly #onStorage = ({ key, newValue }: StorageEvent): void => {
    if (!key?.startsWith(this.#keptPrefix) || !this.#lends()) return;
    const name = key.slice(this.#keptPrefix.length);
    this.#send({ lambdesk: "kept", key: name, value: newValue });
  };

  readonly #onViolation = ({
    blockedURI,
    effectiveDirective,
  }: SecurityPolicyViolationEvent): void => {
    const { origin } = this.#settings.base;
    if (effectiveDirective !== "frame-src" || !blockedURI.startsWith(origin)) return;
    complain(`is refused its frame. Allow ${origin} under frame-src in this page's policy.`);
    this.#forbidden = true;
    this.#frame?.remove();
    this.#frame = null;
    this.#show(this.#open);
  };

  #key(name: string): string {
    return `lambdesk:${this.queue}:${name}`;
  }
}

/** Queries and fragments carry secrets: they are told only where the site says so. */
function website(detail: PageDetail, title: string): { url: string; title: string } {
  const { href, origin, pathname } = location;
  switch (detail) {
    case "full":
      return { url: href, title };
    case "path":
      return { url: origin + pathname, title };
    case "origin":
      return { url: origin, title: "" };
    case "none":
      return { url: "", title: "" };
  }
}

function isAppMessage(data: unknown): data is AppMessage {
  return typeof data === "object" && data !== null && "lambdesk" in data;
}
