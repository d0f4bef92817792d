import { signal, type ReadonlySignal } from "@preact/signals";
import { Backoff } from "./backoff.js";
import { isFinal, type Refused } from "./errors.js";
import { newId } from "./ids.js";
import type { MessageReceipt } from "./protocol.js";
import type { Store } from "./storage.js";
import { inTurn } from "./turns.js";

/** A message that is not acknowledged yet. */
export interface Draft {
  message_id: string;
  text: string;
  /** When it was written, by our clock. */
  at: string;
  /** Why it was refused for good; null while it is being sent. */
  error: string | null;
}

export interface OutboxOptions {
  /** Names the conversation; drafts of each are kept apart. */
  conversationId: string;
  store: Store;
  send: (draft: Draft) => Promise<MessageReceipt>;
  /** Called when a message is acknowledged, before it leaves the outbox. */
  onSent: (draft: Draft, receipt: MessageReceipt) => void;
  /** Called when a message is refused for good. */
  onRefused?: (draft: Draft, error: Refused) => void;
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

  /** Keeps a message and begins to send it. */
  add(text: string): Draft {
    const at = new Date().toISOString();
    const draft: Draft = { message_id: newId(), text, at, error: null };
    this.#options.store.set(this.#nextKey(draft), draft);
    this.#refresh();
    this.flush();
    return draft;
  }

  /** Sends a message again that was refused. */
  retry(messageId: string): void {
    this.#change(messageId, (draft) => ({ ...draft, error: null }));
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
    if (waiting && !this.#sending && !this.#stopped) void this.#run();
  }

  /** Stops sending; what is kept stays kept. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    removeEventListener("storage", this.#onStorage);
  }

  async #run(): Promise<void> {
    this.#sending = true;
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
    const { send, onSent, onRefused } = this.#options;
    try {
      const receipt = await send(draft);
      onSent(draft, receipt);
      this.remove(draft.message_id);
    } catch (error) {
      if (!isFinal(error)) throw error;
      this.#change(draft.message_id, (kept) => ({ ...kept, error: error.message }));
      onRefused?.(draft, error);
    }
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
