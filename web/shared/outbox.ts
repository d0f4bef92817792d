import { signal, type ReadonlySignal } from "@preact/signals";
import { Backoff } from "./backoff.js";
import { Interrupted, isFinal, Refused } from "./errors.js";
import { newId } from "./ids.js";
import type { MessageReceipt } from "./protocol.js";
import type { Store } from "./storage.js";
import { inTurn } from "./turns.js";
import { wellFormed } from "./unicode.js";

/** A message that is not acknowledged yet. */
export interface Draft {
  message_id: string;
  text: string;
  /** When it was written. */
  at: string;
  /** Why it was refused for good; null while it is being sent. */
  error: string | null;
  /** How often the line broke while it was under way. */
  breaks?: number;
}

/** After so many times it is the message that breaks the line. */
const MOST_BREAKS = 5;
/** From so many times on it is sent apart from those of other conversations. */
const SUSPECT_BREAKS = 2;
const APART = 1_000;

export interface OutboxOptions {
  /** Names the conversation; drafts of each are kept apart. */
  conversationId: string;
  store: Store;
  send: (draft: Draft) => Promise<MessageReceipt>;
  /** Called when a message is acknowledged, before it leaves the outbox. */
  onSent: (draft: Draft, receipt: MessageReceipt) => void;
  /** Called when a message is refused for good, or given up. */
  onFailed?: () => void;
  /** The reason that is shown for a message that is given up. */
  givenUp: string;
  /** The server's time in milliseconds, where it is known; else it is taken to be this computer's. */
  now?: () => number;
  /** Whether other tabs share the store, so that they must take turns. */
  shared?: boolean;
}

/**
 * Messages on their way: kept until acknowledged, sent one at a time in the order written.
 *
 * Each draft has its own key in the store, whose order is that of writing. So tabs that share the
 * store never overwrite each other's drafts, and any of them can send all.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #prefix: string;
  readonly #drafts = signal<readonly Draft[]>([]);
  readonly #backoff = new Backoff();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sending = false;
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#prefix = `lambdesk:outbox:${options.conversationId}:`;
    if (options.shared) addEventListener("storage", this.#onStorage);
    this.#refresh();
  }

  /** The drafts in the order written, those that failed included. */
  get drafts(): ReadonlySignal<readonly Draft[]> {
    return this.#drafts;
  }

  /** Whether nothing could be sent for a while. */
  get stuck(): ReadonlySignal<boolean> {
    return this.#backoff.stuck;
  }

  /** Keeps a message and begins to send it. */
  add(text: string): Draft {
    const at = new Date(this.#options.now?.() ?? Date.now()).toISOString();
    const draft: Draft = { message_id: newId(), text: wellFormed(text), at, error: null };
    this.#options.store.set(this.#nextKey(draft), draft);
    this.#refresh();
    this.flush();
    return draft;
  }

  /** Sends a message again that was refused. */
  retry(messageId: string): void {
    this.#change(messageId, (draft) => ({ ...draft, error: null, breaks: 0 }));
    this.flush();
  }

  /** Forgets a message: it is in the transcript, or the writer gave it up. */
  remove(messageId: string): void {
    this.#change(messageId, () => null);
  }

  /** Forgets everything that was not sent. */
  clear(): void {
    for (const { message_id } of this.#drafts.value) this.remove(message_id);
  }

  /** Sends what waits, now. Call it when the connection is back. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#next();
    if (!waiting || this.#sending || this.#stopped) return;
    if (breaksOf(waiting) < SUSPECT_BREAKS) void this.#run();
    // Those that were under way at the same time must not go down together again.
    else this.#timer = setTimeout(() => void this.#run(), Math.random() * APART);
  }

  /** Stops sending; what is kept stays kept. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    removeEventListener("storage", this.#onStorage);
  }

  async #run(): Promise<void> {
    this.#sending = true;
    this.#timer = null;
    try {
      await (this.#options.shared ? inTurn(this.#prefix, () => this.#sendAll()) : this.#sendAll());
      this.#backoff.reset();
    } catch (error) {
      if (!this.#stopped) {
        this.#timer = setTimeout(() => this.flush(), this.#backoff.next(error));
      }
    } finally {
      this.#sending = false;
    }
    // Drafts may have been added after the last look and before the turn ended.
    if (this.#timer === null) this.flush();
  }

  async #sendAll(): Promise<void> {
    for (let draft = this.#next(); draft && !this.#stopped; draft = this.#next()) {
      await this.#send(draft);
    }
  }

  async #send(draft: Draft): Promise<void> {
    const { send, onSent, givenUp } = this.#options;
    try {
      const receipt = await send(draft);
      onSent(draft, receipt);
      this.remove(draft.message_id);
    } catch (error) {
      if (isFinal(error)) this.#fail(draft, error.message);
      else if (!breaksLine(error)) throw error;
      else if (breaksOf(draft) + 1 >= MOST_BREAKS) this.#fail(draft, givenUp);
      else {
        this.#change(draft.message_id, (kept) => ({ ...kept, breaks: breaksOf(kept) + 1 }));
        throw error;
      }
    }
  }

  /** Keeps a message for its writer to decide about; the next ones pass. */
  #fail({ message_id }: Draft, error: string): void {
    this.#change(message_id, (kept) => ({ ...kept, error }));
    this.#options.onFailed?.();
  }

  #next(): Draft | undefined {
    this.#refresh();
    return this.#drafts.value.find((draft) => draft.error === null);
  }

  #change(messageId: string, change: (draft: Draft) => Draft | null): void {
    const key = this.#keys().find((candidate) => candidate.endsWith(`:${messageId}`));
    const draft = key === undefined ? null : this.#read(key);
    if (key === undefined || draft === null) return;
    const changed = change(draft);
    if (changed) this.#options.store.set(key, changed);
    else this.#options.store.remove(key);
    this.#refresh();
  }

  #refresh(): void {
    this.#drafts.value = this.#keys()
      .map((key) => this.#read(key))
      .filter((draft) => draft !== null);
  }

  #read(key: string): Draft | null {
    return this.#options.store.get(key) as Draft | null;
  }

  #keys(): string[] {
    return this.#options.store.keys(this.#prefix);
  }

  /** Numbers grow even where the clock does not. */
  #nextKey({ message_id }: Draft): string {
    const last = this.#keys().at(-1)?.slice(this.#prefix.length).split(":")[0] ?? "0";
    const order = Math.max(Date.now(), Number(last) + 1);
    return `${this.#prefix}${String(order).padStart(15, "0")}:${message_id}`;
  }

  readonly #onStorage = ({ key }: StorageEvent): void => {
    // A null key means that everything was cleared.
    if (key === null || key.startsWith(this.#prefix)) this.flush();
  };
}

function breaksOf({ breaks = 0 }: Draft): number {
  return breaks;
}

/** Whether something broke over this very message. A server that is busy is not broken. */
function breaksLine(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof Refused && error.code === "internal");
}
