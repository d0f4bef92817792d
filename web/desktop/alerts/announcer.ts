import { signal, type ReadonlySignal } from "@preact/signals";

/** What screen readers are told, in the two regions that the desk draws for it. */
export class Announcer {
  readonly #polite = signal("");
  readonly #urgent = signal("");

  get polite(): ReadonlySignal<string> {
    return this.#polite;
  }

  get urgent(): ReadonlySignal<string> {
    return this.#urgent;
  }

  say(text: string): void {
    this.#polite.value = different(text, this.#polite.peek());
  }

  sayNow(text: string): void {
    this.#urgent.value = different(text, this.#urgent.peek());
  }

  /** Takes back what was said at once, where it no longer holds and could still be read. */
  unsayNow(): void {
    this.#urgent.value = "";
  }
}

/** The same words twice would not be a change, and would not be read. */
function different(text: string, before: string): string {
  return text === before ? `${text}\u00a0` : text;
}
