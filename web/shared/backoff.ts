const FIRST = 500;
const LONGEST = 30_000;

/** Waiting times that double from half a second to half a minute, with jitter. */
export class Backoff {
  #tries = 0;

  /** How long to wait before the next try, in milliseconds. */
  next(): number {
    const delay = Math.min(LONGEST, FIRST * 2 ** this.#tries);
    this.#tries += 1;
    // Without jitter all clients of a server that restarts come back at the same moments.
    return delay * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.#tries = 0;
  }
}
