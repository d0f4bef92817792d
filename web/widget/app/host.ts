import { signal, type ReadonlySignal } from "@preact/signals";
import type { WebsiteInput } from "../../shared/protocol.js";
import { clip } from "../../shared/unicode.js";
import type { AppMessage, FrameParameters, HostMessage } from "../frames.js";

const URL_LENGTH = 2000;
const TITLE_LENGTH = 200;

/** The customer's page around the app, or nothing where the app is a page of its own. */
export class HostPage {
  readonly #origin: string;
  readonly #framed = window.parent !== window;
  readonly #open = signal(!this.#framed);
  readonly #openings = signal(0);
  #met = false;
  #website: WebsiteInput | null = null;

  constructor({ origin }: Pick<FrameParameters, "origin">) {
    this.#origin = origin;
    if (!this.#framed) return;
    addEventListener("message", (event) => this.#receive(event));
    this.#send({ lambdesk: "ready" });
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

  /** The page on which the customer is. */
  get website(): WebsiteInput | null {
    return this.#website;
  }

  close(): void {
    this.#send({ lambdesk: "close" });
  }

  tell(unread: number, underway: boolean): void {
    this.#send({ lambdesk: "state", unread, underway });
  }

  #send(message: AppMessage): void {
    if (this.#framed) window.parent.postMessage(message, this.#origin);
  }

  #receive({ source, origin, data }: MessageEvent<unknown>): void {
    if (source !== window.parent || origin !== this.#origin || !isHostMessage(data)) return;
    // Before the first word the frame was opened by hand only if it has got the focus.
    const byHand = this.#met || document.hasFocus();
    if (data.open && !this.#open.value && byHand) this.#openings.value += 1;
    this.#met = true;
    this.#open.value = data.open;
    this.#website = website(data);
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

/** Pages that are opened from a disk have no address that means anything to an agent. */
function website({ url, title }: HostMessage): WebsiteInput | null {
  if (!/^https?:/.test(url)) return null;
  return { url: clip(url, URL_LENGTH), title: clip(title, TITLE_LENGTH) };
}
