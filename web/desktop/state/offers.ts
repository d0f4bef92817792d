import type { Offer, OfferOutcome } from "../../shared/protocol.js";

/** How an offer stands in this window. */
type OfferPhase =
  /** Waits for the agent's answer. */
  | "pending"
  /** This window's answer is on its way. */
  | "accepting"
  | "declining"
  /** No longer to be had; shown for a moment with the reason. */
  | "gone";

/** Why an offer left without this window's answer. "missing": nobody told us why. */
export type Departure = OfferOutcome | "missing";

export interface OfferEntry {
  offer: Offer;
  /** When it expires, in milliseconds of this computer's clock. */
  endsAt: number;
  phase: OfferPhase;
  departure: Departure | null;
  /** The revision of the desk at which it appeared; see `reconcileOffers`. */
  revision: number;
}

export interface Offers {
  /** Oldest first. */
  entries: readonly OfferEntry[];
  /** Offers known to be over: their presentation may arrive after their resolution. */
  over: readonly string[];
}

export const NO_OFFERS: Offers = { entries: [], over: [] };

/** How many finished offers are remembered: enough for frames that overtake one another. */
const REMEMBERED = 50;

/** The server's clock decides; this much later it has decided. */
const GRACE_MS = 1_500;

export function presentOffer(
  offers: Offers,
  offer: Offer,
  endsAt: number,
  revision: number,
): Offers {
  const known = offers.entries.some((entry) => entry.offer.offer_id === offer.offer_id);
  if (known || offers.over.includes(offer.offer_id)) return offers;
  const entry: OfferEntry = { offer, endsAt, phase: "pending", departure: null, revision };
  return { ...offers, entries: [...offers.entries, entry] };
}

/** The agent answered in this window. */
export function answerOffer(
  offers: Offers,
  offerId: string,
  phase: "accepting" | "declining",
): Offers {
  return change(offers, offerId, (entry) =>
    entry.phase === "pending" ? { ...entry, phase } : entry,
  );
}

/** The answer could not be given (the connection failed): the agent may try again. */
export function reopenOffer(offers: Offers, offerId: string): Offers {
  return change(offers, offerId, (entry) =>
    entry.phase === "gone" ? entry : { ...entry, phase: "pending" },
  );
}

/** The server says what became of the offer. What this window did needs no explanation. */
export function resolveOffer(offers: Offers, offerId: string, departure: Departure): Offers {
  const next = { ...offers, over: remember(offers.over, offerId) };
  const entry = offers.entries.find((candidate) => candidate.offer.offer_id === offerId);
  if (!entry) return next;
  const ownDoing =
    (entry.phase === "accepting" && departure === "accepted") ||
    (entry.phase === "declining" && departure === "declined");
  if (ownDoing) return dismissOffer(next, offerId);
  return change(next, offerId, (gone) =>
    gone.phase === "gone" ? gone : { ...gone, phase: "gone", departure },
  );
}

export function dismissOffer(offers: Offers, offerId: string): Offers {
  return {
    entries: offers.entries.filter((entry) => entry.offer.offer_id !== offerId),
    over: remember(offers.over, offerId),
  };
}

/**
 * Brings the offers in line with a desk that was asked for at `since`. What appeared after that is
 * not in the desk and stays; an offer that is over stays over, even if that desk still has it.
 * `held` are the conversations of that desk: an offer for one of those was accepted.
 */
export function reconcileOffers(
  offers: Offers,
  listed: readonly { offer: Offer; endsAt: number }[],
  held: ReadonlySet<string>,
  since: number,
  revision: number,
): Offers {
  const ids = new Set(listed.map(({ offer }) => offer.offer_id));
  const settled = openOffers(offers)
    .filter((entry) => !ids.has(entry.offer.offer_id) && entry.revision < since)
    .reduce(
      (rest, { offer }) =>
        held.has(offer.conversation_id)
          ? dismissOffer(rest, offer.offer_id)
          : resolveOffer(rest, offer.offer_id, "missing"),
      offers,
    );
  return listed.reduce(
    (rest, { offer, endsAt }) => presentOffer(rest, offer, endsAt, revision),
    settled,
  );
}

/** Ends what has run out: the server's word for it may be late or lost. */
export function expireOffers(offers: Offers, now: number): Offers {
  return offers.entries
    .filter((entry) => entry.phase === "pending" && entry.endsAt + GRACE_MS <= now)
    .reduce((rest, { offer }) => resolveOffer(rest, offer.offer_id, "expired"), offers);
}

/** The oldest offer that waits for an answer: the one a shortcut is for. */
export function firstToAnswer(offers: Offers): OfferEntry | undefined {
  return offers.entries.find(({ phase }) => phase === "pending");
}

export function openOffers(offers: Offers): OfferEntry[] {
  return offers.entries.filter((entry) => entry.phase !== "gone");
}

function change(
  offers: Offers,
  offerId: string,
  update: (entry: OfferEntry) => OfferEntry,
): Offers {
  return {
    ...offers,
    entries: offers.entries.map((entry) =>
      entry.offer.offer_id === offerId ? update(entry) : entry,
    ),
  };
}

function remember(over: readonly string[], offerId: string): readonly string[] {
  return over.includes(offerId) ? over : [...over, offerId].slice(-REMEMBERED);
}
