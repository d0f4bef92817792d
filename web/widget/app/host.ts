import { signal, type ReadonlySignal } from "@preact/signals";
import type { WebsiteInput } from "../../shared/protocol.js";
import type { Store } from "../../shared/storage.js";
import { clip } from "../../shared/unicode.js";
import {
  OPAQUE,
  type AppMessage,
  type FrameParameters,
  type HostMessage,
  type KeptMessage,
  type StorageKind,
} from "../frames.js";
import { PageStore } from "./pageStore.js";

const URL_LENGTH = 2000;
const TITLE_LENGTH = 200;
// A page that has not answered by then does not answer.
const ANSWER_LASTS = 2_000;

/** The customer's page around the app, or nothing where the app is a page of its own. */
export class HostPage {
  readonly #origin: string;
  readonly #framed = window.parent !== window;
  readonly #open = signal(!this.#framed);
  readonly #openings = signal(0);
  readonly #stores = {
    localStorage: this.#store("localStorage"),
    sessionStorage: this.#store("sessionStorage"),
  };
  readonly #borrows: boolean;
  #website: WebsiteInput | null = null;
  #met = false;
  #state: AppMessage | null = null;
  #answered: () => void = () => undefined;

  /** @param borrows whether the page has to keep what the app's own storage cannot */
  constructor({ origin }: Pick<FrameParameters, "origin">, borrows = false) {
    this.#origin = origin;
    this.#borrows = this.#framed && borrows;
    if (!this.#framed) return;
    addEventListener("message", (event) => this.#receive(event));
    void this.ask();
  }

  /** Whether the frame is shown. */
  get open(): ReadonlySignal<boolean> {
    return this.#open;
  }

  /** How often the customer has opened the frame. One that was open on the page before is not. */
  get openings(): ReadonlySignal<number> {
    return this.#openings;
  }

  /** Whether there is a page that can close the frame. */
  get closable(): boolean {
    return this.#framed;
  }

  /** The page on which the customer is, as of the last answer. */
  get website(): WebsiteInput | null {
    return this.#website;
  }

  /** What the page keeps for the app; null where the app has a storage of its own. */
  get stores(): Readonly<Record<StorageKind, Store>> | null {
    return this.#borrows ? this.#stores : null;
  }

  /** Asks the page where the customer is and what it keeps; returns when it has answered. */
  async ask(): Promise<void> {
    if (!this.#framed) return;
    await new Promise<void>((answered) => {
      this.#answered = answered;
      setTimeout(answered, ANSWER_LASTS);
      this.#post({ lambdesk: "ready", borrows: this.#borrows });
    });
  }

  close(): void {
    this.#send({ lambdesk: "close" });
  }

  tell(unread: number, underway: boolean): void {
    this.#state = { lambdesk: "state", unread, underway };
    this.#send(this.#state);
  }

  #store(kind: StorageKind): PageStore {
    return new PageStore((key, value) => this.#send({ lambdesk: "keep", kind, key, value }));
  }

  /** Says something to a page that has shown that its origin is the one we were told. */
  #send(message: AppMessage): void {
    if (this.#met) this.#post(message);
  }

  #post(message: AppMessage): void {
    // A page without an origin cannot be addressed by one.
    window.parent.postMessage(message, this.#origin === OPAQUE ? "*" : this.#origin);
  }

  #receive({ source, origin, data }: MessageEvent<unknown>): void {
    if (source !== window.parent || origin !== this.#origin) return;
    if (isHostMessage(data)) this.#meet(data);
    else if (this.#borrows && isKeptMessage(data))
      this.#adopt("localStorage", data.key, data.value);
  }

  #meet(message: HostMessage): void {
    if (message.open && !this.#open.value && message.byHand) this.#openings.value += 1;
    this.#open.value = message.open;
    this.#website = website(message);
    if (!this.#met) {
      this.#met = true;
      this.#adoptAll(message);
      if (this.#state) this.#send(this.#state);
    }
    this.#answered();
  }

  #adoptAll({ kept }: HostMessage): void {
    for (const kind of ["localStorage", "sessionStorage"] as const) {
      for (const [key, value] of Object.entries(kept?.[kind] ?? {})) {
        this.#stores[kind].adopt(key, value);
      }
    }
  }

  #adopt(kind: StorageKind, key: string, value: string | null): void {
    this.#stores[kind].adopt(key, value);
    // What other tabs change is told in this way where the app has a storage of its own.
    dispatchEvent(new StorageEvent("storage", { key }));
  }
}

function isHostMessage(data: unknown): data is HostMessage {
  const message = data as Partial<HostMessage> | null;
  return (
    message?.lambdesk === "host" &&
    typeof message.open === "boolean" &&
    typeof message.url === "string" &&
    typeof message.title === "string"
  );
}

function isKeptMessage(data: unknown): data is KeptMessage {
  const message = data as Partial<KeptMessage> | null;
  return message?.lambdesk === "kept" && typeof message.key === "string";
}

/** Pages that are opened from a disk have no address that means anything to an agent. */
function website({ url, title }: HostMessage): WebsiteInput | null {
  if (!/^https?:/.test(url)) return null;
  return { url: clip(url, URL_LENGTH), title: clip(title, TITLE_LENGTH) };
}
