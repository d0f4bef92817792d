import type { StartConversation } from "../../shared/protocol.js";
import { BrowserStore, type Store } from "../../shared/storage.js";

/** Form variables that tell who the customer is. They are asked for once in each browser. */
export const IDENTIFYING = ["name", "email", "phone", "account_id"];

/** Answers to form fields by variable. */
export type Answers = Record<string, string>;

interface Customer {
  token: string;
  identity: Answers;
}

/** The conversation that the customer is in, and how far they have read. */
export interface Place {
  conversation_id: string;
  read: number;
}

/** What the browser keeps of the customer between page views. */
export class Memory {
  readonly #placeKey: string;
  readonly #tabKey: string;

  constructor(
    queueId: string,
    /** Shared by all tabs. */
    readonly store: Store = new BrowserStore("localStorage"),
    /** This tab's own. */
    private readonly tab: Store = new BrowserStore("sessionStorage"),
  ) {
    this.#placeKey = `lambdesk:place:${queueId}`;
    this.#tabKey = `lambdesk:tab:${queueId}:`;
  }

  get token(): string | null {
    return this.#customer()?.token ?? null;
  }

  get identity(): Answers {
    return this.#customer()?.identity ?? {};
  }

  keepCustomer(token: string, identity: Answers): void {
    this.store.set("lambdesk:customer", { token, identity } satisfies Customer);
  }

  forgetCustomer(): void {
    this.store.remove("lambdesk:customer");
  }

  get place(): Place | null {
    return this.store.get(this.#placeKey) as Place | null;
  }

  set place(place: Place | null) {
    if (place) this.store.set(this.#placeKey, place);
    else this.store.remove(this.#placeKey);
  }

  /** Calls back when another tab has changed the place. */
  onPlace(changed: () => void): void {
    addEventListener("storage", ({ key }) => {
      if (key === this.#placeKey) changed();
    });
  }

  /** A request to start that was not answered yet: a reload goes on with the same one. */
  get unansweredStart(): StartConversation | null {
    return this.tab.get(`${this.#tabKey}start`) as StartConversation | null;
  }

  set unansweredStart(request: StartConversation | null) {
    this.#keepInTab("start", request);
  }

  /** What the customer has typed into a form or a composer and not sent. */
  draft(name: string): unknown {
    return this.tab.get(this.#tabKey + name);
  }

  keepDraft(name: string, value: unknown): void {
    this.#keepInTab(name, value);
  }

  #customer(): Customer | null {
    return this.store.get("lambdesk:customer") as Customer | null;
  }

  #keepInTab(name: string, value: unknown): void {
    if (value === null || value === "") this.tab.remove(this.#tabKey + name);
    else this.tab.set(this.#tabKey + name, value);
  }
}
