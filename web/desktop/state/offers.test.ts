import { describe, expect, test } from "vitest";
import { offer } from "../testing/samples.js";
import {
  NO_OFFERS,
  answerOffer,
  dismissOffer,
  expireOffers,
  openOffers,
  presentOffer,
  reconcileOffers,
  reopenOffer,
  resolveOffer,
  type Offers,
} from "./offers.js";

const ENDS = 30_000;

function presented(...ids: string[]): Offers {
  return ids.reduce((offers, id, at) => presentOffer(offers, offer(id), ENDS, at + 1), NO_OFFERS);
}

function idsOf(offers: Offers): string[] {
  return offers.entries.map((entry) => entry.offer.offer_id);
}

function stateOf(offers: Offers, id: string) {
  const entry = offers.entries.find((candidate) => candidate.offer.offer_id === id);
  return entry && { phase: entry.phase, departure: entry.departure };
}

describe("presenting", () => {
  test("several offers queue up, oldest first, and a repeated one changes nothing", () => {
    const offers = presented("a", "b");
    expect(idsOf(presentOffer(offers, offer("a"), 99, 9))).toEqual(["a", "b"]);
  });

  test("an offer whose end arrived first never appears", () => {
    const over = resolveOffer(NO_OFFERS, "a", "revoked");
    expect(presentOffer(over, offer("a"), ENDS, 1).entries).toEqual([]);
  });
});

describe("resolving", () => {
  test.each([
    ["accepting", "accepted"],
    ["declining", "declined"],
  ] as const)("what this window did (%s) needs no explanation", (phase, outcome) => {
    const offers = answerOffer(presented("a"), "a", phase);
    expect(resolveOffer(offers, "a", outcome).entries).toEqual([]);
  });

  test.each(["accepted", "declined", "expired", "revoked"] as const)(
    "%s elsewhere is explained",
    (outcome) => {
      const offers = resolveOffer(presented("a", "b"), "a", outcome);
      expect(stateOf(offers, "a")).toEqual({ phase: "gone", departure: outcome });
      expect(openOffers(offers).map((entry) => entry.offer.offer_id)).toEqual(["b"]);
    },
  );

  test("an offer that expired while it was being accepted is explained", () => {
    const offers = answerOffer(presented("a"), "a", "accepting");
    expect(stateOf(resolveOffer(offers, "a", "expired"), "a")?.departure).toBe("expired");
  });

  test("the first explanation stays", () => {
    const offers = resolveOffer(resolveOffer(presented("a"), "a", "expired"), "a", "missing");
    expect(stateOf(offers, "a")?.departure).toBe("expired");
  });

  test("a dismissed offer does not come back", () => {
    const offers = dismissOffer(presented("a"), "a");
    expect(presentOffer(offers, offer("a"), ENDS, 9).entries).toEqual([]);
  });
});

describe("answering", () => {
  test("an answer that did not get through can be given again", () => {
    const offers = reopenOffer(answerOffer(presented("a"), "a", "accepting"), "a");
    expect(stateOf(offers, "a")?.phase).toBe("pending");
  });

  test("an offer that is gone cannot be answered or reopened", () => {
    const gone = resolveOffer(presented("a"), "a", "expired");
    expect(stateOf(answerOffer(gone, "a", "accepting"), "a")?.phase).toBe("gone");
    expect(stateOf(reopenOffer(gone, "a"), "a")?.phase).toBe("gone");
  });
});

describe("expiring", () => {
  test("an offer ends by itself a moment after its time, unless it is being accepted", () => {
    const offers = answerOffer(presented("a", "b"), "b", "accepting");
    expect(openOffers(expireOffers(offers, ENDS)).length).toBe(2);
    const later = expireOffers(offers, ENDS + 5_000);
    expect(stateOf(later, "a")?.departure).toBe("expired");
    expect(stateOf(later, "b")?.phase).toBe("accepting");
  });

  test("nothing to expire changes nothing", () => {
    const offers = presented("a");
    expect(expireOffers(offers, 0)).toBe(offers);
  });
});

describe("reconciling with a desk", () => {
  const listed = (...ids: string[]) => ids.map((id) => ({ offer: offer(id), endsAt: ENDS }));
  const NONE = new Set<string>();

  test("adds what was missed and explains what is gone", () => {
    const offers = reconcileOffers(presented("a"), listed("b"), NONE, 5, 5);
    expect(stateOf(offers, "a")?.departure).toBe("missing");
    expect(stateOf(offers, "b")?.phase).toBe("pending");
  });

  test("keeps what was presented after the desk was asked for", () => {
    const offers = reconcileOffers(presented("a", "b"), listed("a"), NONE, 2, 5);
    expect(stateOf(offers, "b")?.phase).toBe("pending");
  });

  test("does not bring back what was resolved meanwhile", () => {
    const offers = dismissOffer(presented("a"), "a");
    expect(reconcileOffers(offers, listed("a"), NONE, 5, 5).entries).toEqual([]);
  });

  test("an offer whose conversation is held was accepted, and goes silently", () => {
    const offers = reconcileOffers(presented("a"), [], new Set(["c-a"]), 5, 5);
    expect(offers.entries).toEqual([]);
  });
});
