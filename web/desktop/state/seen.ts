import { signal } from "@preact/signals";
import type { Store } from "../../shared/storage.js";

type Marks = Readonly<Record<string, number>>;

/**
 * Up to where the agent has read each conversation. All windows of one browser share it through the
 * store, so that what was read in one is not unread in another; other browsers learn it from the
 * server.
 */
export class SeenMarks {
  readonly #store: Store;
  readonly #key: string;
  readonly #marks = signal<Marks>({});

  constructor(store: Store, agentId: string) {
    this.#store = store;
    this.#key = `lambdesk:seen:${agentId}`;
    this.#merge();
  }

  /** Reads the signal: computed values follow it. */
  of(conversationId: string): number {
    return this.#marks.value[conversationId] ?? 0;
  }

  raise(conversationId: string, seq: number): void {
    if (!(seq > (this.#marks.peek()[conversationId] ?? 0))) return;
    this.#merge();
    const marks = this.#marks.peek();
    this.#write({ ...marks, [conversationId]: Math.max(seq, marks[conversationId] ?? 0) });
  }

  /** Forgets conversations that the agent no longer holds. */
  keepOnly(conversationIds: readonly string[]): void {
    const kept = conversationIds.map((id) => [id, this.#marks.peek()[id] ?? 0] as const);
    this.#write(Object.fromEntries(kept.filter(([, seq]) => seq > 0)));
  }

  /** Follows other windows until the signal aborts. */
  follow(until: AbortSignal): void {
    const onStorage = (event: StorageEvent): void => {
      if (event.key === this.#key) this.#merge();
    };
    addEventListener("storage", onStorage, { signal: until });
  }

  #merge(): void {
    const held = this.#marks.peek();
    const merged = { ...held };
    for (const [id, seq] of Object.entries(this.#kept())) {
      merged[id] = Math.max(seq, held[id] ?? 0);
    }
    this.#marks.value = merged;
  }

  #kept(): Marks {
    return (this.#store.get(this.#key) ?? {}) as Marks;
  }

  #write(marks: Marks): void {
    this.#marks.value = marks;
    this.#store.set(this.#key, marks);
  }
}
