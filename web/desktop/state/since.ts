import { effect, signal, type ReadonlySignal } from "@preact/signals";
import type { Store } from "../../shared/storage.js";
import type { Agent } from "../../shared/protocol.js";

interface Kept {
  state: string;
  since: number;
}

/**
 * Since when the agent has been in the state that the screen shows, in milliseconds of the server's
 * clock. The server tells when the availability was declared; being busy or in wrap-up begins later,
 * with a conversation. What was seen here is kept, so that a reload goes on counting.
 */
export class StateSince {
  readonly #since = signal(0);
  readonly #store: Store;
  readonly #key: string;
  readonly #serverNow: () => number;

  constructor(store: Store, agentId: string, serverNow: () => number) {
    this.#store = store;
    this.#key = `lambdesk:state:${agentId}`;
    this.#serverNow = serverNow;
  }

  get value(): ReadonlySignal<number> {
    return this.#since;
  }

  /** Follows the agent until the signal aborts. */
  follow(agent: ReadonlySignal<Agent | null>, until: AbortSignal): void {
    let shown: string | null = null;
    const stop = effect(() => {
      if (!agent.value) return;
      const { state, reason, since } = agent.value;
      const name = `${state} ${reason ?? ""}`;
      const declared = Date.parse(since);
      if (shown === null) this.#since.value = Math.max(declared, this.#keptFor(name));
      else if (shown !== name) this.#since.value = this.#serverNow();
      shown = name;
      this.#store.set(this.#key, { state: name, since: this.#since.peek() } satisfies Kept);
    });
    until.addEventListener("abort", stop);
  }

  #keptFor(state: string): number {
    const kept = this.#store.get(this.#key) as Kept | null;
    return kept?.state === state ? kept.since : 0;
  }
}
