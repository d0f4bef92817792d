import { signal, type ReadonlySignal } from "@preact/signals";
import { Refused } from "./errors.js";

const FIRST = 500;
const LONGEST = 30_000;
/** After so many failures in a row the reader is told, and can try at once. */
const MANY = 3;

/** Waiting times that double from half a second to half a minute, with jitter. */
export class Backoff {
  readonly #stuck = signal(false);
  #tries = 0;

  /** Whether many tries failed in a row, and the server did not ask to wait. */
  get stuck(): ReadonlySignal<boolean> {
    return this.#stuck;
  }

  /**
   * How long to wait before the next try, in milliseconds: at least as long as the server asked for
   * when it refused the last one.
   */
  next(error?: unknown): number {
    const delay = Math.min(LONGEST, FIRST * 2 ** this.#tries);
    this.#tries += 1;
    // Without jitter all clients of a server that restarts come back at the same moments.
    const pause = delay * (0.5 + Math.random() / 2);
    const asked = error instanceof Refused ? (error.retryAfter ?? 0) * 1000 : 0;
    this.#stuck.value = this.#tries >= MANY && asked === 0;
    return asked > 0 ? asked + pause : pause;
  }

  reset(): void {
    this.#tries = 0;
    this.#stuck.value = false;
  }
}
