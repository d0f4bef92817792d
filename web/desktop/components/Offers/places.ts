import { useSignal, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { openOffers, type OfferEntry, type Offers } from "../../state/offers.js";

/** More than these are only counted on the last card, so that the desk stays usable. */
const SHOWN = 3;

/** How long after the pointer has left cards may move: a finger leaves after each tap. */
const LINGER_MS = 600;

/** Where an offer has its card. It may stay for a while without one, as high as that was. */
export interface Place {
  id: string;
  entry: OfferEntry | null;
  /** In pixels, if it stays without a card. */
  height: number;
}

/**
 * The places of the offers that have a card.
 *
 * While the pointer is at a card, none moves: a click on one must never reach another that has just
 * moved there, as the second click of a double click would.
 */
export function usePlaces(offers: ReadonlySignal<Offers>) {
  const tray = useRef<HTMLDivElement>(null);
  const places = useSignal<readonly Place[]>([]);
  const held = useSignal(false);
  const lingering = useRef<ReturnType<typeof setTimeout>>(undefined);
  useSignalEffect(() => {
    const before = held.value ? measured(places.peek(), tray.current) : [];
    places.value = keepPlaces(before, withCard(offers.value));
  });
  useEffect(() => () => clearTimeout(lingering.current), []);
  return {
    tray,
    places: places.value,
    withoutCard: Math.max(0, openOffers(offers.value).length - SHOWN),
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

/** Offers that wait for an answer come before those that are over and only say why. */
function withCard(offers: Offers): readonly OfferEntry[] {
  const over = offers.entries.filter(({ phase }) => phase === "gone");
  const chosen = new Set([...openOffers(offers), ...over].slice(0, SHOWN));
  return offers.entries.filter((entry) => chosen.has(entry));
}

function measured(places: readonly Place[], tray: HTMLElement | null): readonly Place[] {
  return places.map((place, index) => ({
    ...place,
    height: tray?.children[index]?.getBoundingClientRect().height ?? 0,
  }));
}

/** Everybody keeps their place, also who has left; who is new comes last. */
function keepPlaces(before: readonly Place[], shown: readonly OfferEntry[]): readonly Place[] {
  const present = new Map(shown.map((entry) => [entry.offer.offer_id, entry]));
  const kept = before.map((place) => {
    const entry = present.get(place.id);
    present.delete(place.id);
    return entry ? filled(entry) : { ...place, entry: null };
  });
  return [...kept, ...[...present.values()].map(filled)];
}

function filled(entry: OfferEntry): Place {
  return { id: entry.offer.offer_id, entry, height: 0 };
}
