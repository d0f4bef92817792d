import { Refused } from "./errors.js";

const FIRST = 500;
const LONGEST = 30_000;

/** Waiting times that double from half a second to half a minute, with jitter. */
export class Backoff {
  #tries = 0;

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
    return asked > 0 ? asked + pause : pause;
  }

  reset(): void {
    this.#tries = 0;
  }
}
