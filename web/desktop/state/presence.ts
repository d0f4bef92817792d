import { signal, type ReadonlySignal } from "@preact/signals";

export type Presence = "here" | "left";

/** A customer who goes from page to page is back within a second or two: that is no leaving. */
const LEFT_AFTER_MS = 5_000;

/**
 * Whether the customer is on the page. Coming is shown at once, leaving only when it lasts; until
 * then the agent sees what they saw before.
 */
export class CustomerPresence {
  readonly #shown = signal<Presence | null>(null);
  #revision = 0;
  #leaving: ReturnType<typeof setTimeout> | undefined;

  get shown(): ReadonlySignal<Presence | null> {
    return this.#shown;
  }

  /** Takes in what was known at a revision of the desk, unless something newer is known. */
  take(present: boolean | null, revision: number): void {
    if (revision < this.#revision) return;
    this.#revision = revision;
    if (present === false) {
      this.#leaving ??= setTimeout(() => (this.#shown.value = "left"), LEFT_AFTER_MS);
      return;
    }
    this.stop();
    this.#shown.value = present ? "here" : null;
  }

  stop(): void {
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
  }
}
