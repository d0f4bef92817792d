import { signal } from "@preact/signals";
import { Backoff } from "./backoff.js";
import { isFinal } from "./errors.js";
import { Pause } from "./pause.js";
import type { CatchUp, Page } from "./transcript.js";

/** Beyond all numbers: the page before it is the newest. */
const BEYOND = 999_999_999;

/**
 * What lies before the events that are held. The newest page comes first; each older one is read
 * when somebody asks for it.
 */
export class History {
  /** Whether the newest page is held. */
  readonly begun = signal(false);
  /** Whether there are events older than those held. */
  readonly older = signal(false);
  readonly #backoff = new Backoff();
  readonly #pause = new Pause();
  #first = BEYOND;
  #reading = false;
  #stopped = false;

  /** @param fetchBefore asks for the page before a number; `more` tells of older ones */
  constructor(private readonly fetchBefore: (seq: number) => Promise<Page>) {}

  /** Reads the newest page into the transcript. Returns it as the end of what has to be fetched. */
  async begin({ transcript }: CatchUp): Promise<Page> {
    const page = await this.fetchBefore(BEYOND);
    const first = page.events[0]?.seq ?? 0;
    transcript.restart(first, page);
    this.#reach(first, page);
    this.begun.value = true;
    return { ...page, more: false };
  }

  /** Reads the page before the oldest event held, however often that has to be tried. */
  async readOlder(catchUp: CatchUp): Promise<void> {
    if (this.#reading || !this.older.peek()) return;
    this.#reading = true;
    try {
      while (!(await this.#tryOlder(catchUp)));
    } finally {
      this.#reading = false;
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#pause.end();
  }

  /** Reads one page; false when it has to be tried again. */
  async #tryOlder(catchUp: CatchUp): Promise<boolean> {
    const before = this.#first;
    try {
      const page = await this.fetchBefore(before);
      if (this.#stopped) return true;
      this.#reach(page.events[0]?.seq ?? 0, page);
      catchUp.transcript.prepend(page, before);
      catchUp.check();
      this.#backoff.reset();
      return true;
    } catch (error) {
      if (isFinal(error)) return true;
      await this.#pause.of(this.#backoff.next(error));
      return this.#stopped;
    }
  }

  #reach(first: number, { more }: Page): void {
    this.#first = first;
    this.older.value = more;
  }
}
