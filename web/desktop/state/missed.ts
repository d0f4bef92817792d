import { effect, signal, type ReadonlySignal } from "@preact/signals";
import type { Offers } from "./offers.js";

/** More names than these tell no more. */
const KEPT = 20;

/** The offers that ran out unanswered in this window, until the agent has taken note. */
export class MissedOffers {
  readonly #names = signal<readonly string[]>([]);

  /** The customers' names, oldest first. */
  get names(): ReadonlySignal<readonly string[]> {
    return this.#names;
  }

  /** Watches the offers until the signal aborts. */
  follow(offers: ReadonlySignal<Offers>, until: AbortSignal): void {
    const noted = new Set<string>();
    const stop = effect(() => {
      const expired = offers.value.entries.filter(({ departure }) => departure === "expired");
      const fresh = expired.filter(({ offer }) => !noted.has(offer.offer_id));
      if (fresh.length === 0) return;
      for (const { offer } of fresh) noted.add(offer.offer_id);
      const names = fresh.map(({ offer }) => offer.customer.name);
      this.#names.value = [...this.#names.peek(), ...names].slice(-KEPT);
    });
    until.addEventListener("abort", stop);
  }

  dismiss(): void {
    this.#names.value = [];
  }
}
