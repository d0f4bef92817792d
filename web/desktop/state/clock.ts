import { signal, type ReadonlySignal } from "@preact/signals";

/** This computer's clock, and how far it is from the server's: few computers have the right time. */
export class Clock {
  readonly #skew = signal(0);

  /** How many milliseconds the server's clock is ahead; it comes with each desk. */
  get skew(): ReadonlySignal<number> {
    return this.#skew;
  }

  /** Takes in the time that the server tells; an older server tells none. */
  learn(at: string | undefined): void {
    if (at !== undefined) this.#skew.value = Date.parse(at) - this.now();
  }

  /** This computer's time, in milliseconds. */
  now(): number {
    return Date.now();
  }

  /** The server's time, in milliseconds. */
  serverNow(): number {
    return this.now() + this.#skew.peek();
  }

  /** When the server's clock shows a time, in milliseconds of this computer's clock. */
  locally(at: string): number {
    return Date.parse(at) - this.#skew.peek();
  }
}
