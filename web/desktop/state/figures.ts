import { signal, type ReadonlySignal } from "@preact/signals";
import type { AgentQueues } from "../../shared/protocol.js";

const EVERY_MS = 15_000;
/** What is older tells nothing of now. */
const GOOD_FOR_MS = 60_000;
const HALF_HOUR_MS = 30 * 60_000;
/** The server counts no further. */
const MOST = 100;

/** What an agent with nothing to do may like to know. */
export interface Figures {
  /** Customers in all queues of the agent; at least so many where `more`. */
  waiting: number;
  more: boolean;
  /** For how long the first of them has waited, in milliseconds. */
  longest: number;
  colleagues: number;
  servedToday: number;
}

/** Asks how the agent's queues stand, only while somebody looks at it. */
export class QueueFigures {
  readonly #load: () => Promise<AgentQueues>;
  readonly #shown = signal<Figures | null>(null);
  #takenAt = 0;
  #asking = false;

  constructor(load: () => Promise<AgentQueues>) {
    this.#load = load;
  }

  /** Null while nothing is known that is true now. */
  get shown(): ReadonlySignal<Figures | null> {
    return this.#shown;
  }

  /** Keeps the figures true until the returned function is called, while the tab is visible. */
  watch(): () => void {
    const life = new AbortController();
    const look = (): void => {
      if (!document.hidden) void this.#ask();
    };
    const timer = setInterval(look, EVERY_MS);
    life.signal.addEventListener("abort", () => clearInterval(timer));
    document.addEventListener("visibilitychange", look, { signal: life.signal });
    look();
    return () => life.abort();
  }

  async #ask(): Promise<void> {
    if (Date.now() - this.#takenAt > GOOD_FOR_MS) this.#shown.value = null;
    if (this.#asking) return;
    this.#asking = true;
    try {
      this.#shown.value = figuresOf(await this.#load());
      this.#takenAt = Date.now();
    } catch {
      // The next look asks again; being signed out is told by whoever asked.
    } finally {
      this.#asking = false;
    }
  }
}

/** In the server's time and this computer's time zone. */
function figuresOf({ at, queues, ready, served }: AgentQueues): Figures {
  const now = Date.parse(at);
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const since = queues.map(({ waiting_since }) =>
    waiting_since ? Date.parse(waiting_since) : now,
  );
  const today = served.filter((stretch) => Date.parse(stretch.since) + HALF_HOUR_MS > midnight);
  return {
    waiting: sum(queues.map(({ waiting }) => waiting)),
    more: queues.some(({ waiting }) => waiting >= MOST),
    longest: now - Math.min(now, ...since),
    colleagues: ready,
    servedToday: sum(today.map(({ count }) => count)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
