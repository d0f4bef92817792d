import { useSignal, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { OfferEntry, Offers } from "../../state/offers.js";

/** More than these are only counted on the last card, so that the desk stays usable. */
export const SHOWN = 3;

/** How long after the pointer has left cards may move: a finger leaves after each tap. */
const LINGER_MS = 600;

/** Where an offer has its card. It may stay for a while when the offer has left. */
export interface Place {
  entry: OfferEntry;
  left: boolean;
}

/**
 * The places of the offers that have a card.
 *
 * While the pointer is at a card, none moves: a click on one must never reach another that has just
 * moved there, as the second click of a double click would.
 */
export function usePlaces(offers: ReadonlySignal<Offers>) {
  const places = useSignal<readonly Place[]>([]);
  const held = useSignal(false);
  const lingering = useRef<ReturnType<typeof setTimeout>>(undefined);
  useSignalEffect(() => {
    const shown = offers.value.entries.slice(0, SHOWN);
    places.value = keepPlaces(held.value ? places.peek() : [], shown);
  });
  useEffect(() => () => clearTimeout(lingering.current), []);
  return {
    places: places.value,
    hold: () => {
      clearTimeout(lingering.current);
      held.value = true;
    },
    release: () => {
      clearTimeout(lingering.current);
      lingering.current = setTimeout(() => (held.value = false), LINGER_MS);
    },
  };
}

/** Everybody keeps their place, also who has left; who is new comes last. */
function keepPlaces(before: readonly Place[], shown: readonly OfferEntry[]): readonly Place[] {
  const present = new Map(shown.map((entry) => [entry.offer.offer_id, entry]));
  const kept = before.map(({ entry }) => {
    const now = present.get(entry.offer.offer_id);
    present.delete(entry.offer.offer_id);
    return { entry: now ?? entry, left: now === undefined };
  });
  return [...kept, ...[...present.values()].map((entry) => ({ entry, left: false }))];
}
