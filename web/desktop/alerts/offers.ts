import { effect, untracked } from "@preact/signals";
import { firstToAnswer, openOffers, type Offers } from "../state/offers.js";
import { SHORTCUTS } from "../state/shortcuts.js";
import { t } from "../text/index.js";
import type { DeskTools } from "../tools.js";
import { notify } from "./notifications.js";

type Tools = Pick<DeskTools, "workplace" | "announcer" | "preferences">;

/** Each offer is told once; its notification, and the key for it, go when it does. */
export function tellOfOffers({ workplace, announcer, preferences }: Tools): () => void {
  const shown = new Map<string, () => void>();
  const ended = new Set<string>();
  return effect(() => {
    const offers = workplace.desk.offers.value;
    const open = openOffers(offers);
    const ids = new Set(open.map(({ offer }) => offer.offer_id));
    for (const [id, withdraw] of shown) {
      if (ids.has(id)) continue;
      withdraw();
      shown.delete(id);
      announcer.unsayNow();
    }
    for (const { offer } of open) {
      if (shown.has(offer.offer_id)) continue;
      const { name } = offer.customer;
      const text = offer.first_message;
      const words = t("offer.announce", { name, text, channel: t(`channel.${offer.channel}`) });
      const key = untracked(() => preferences.shortcuts.value)
        ? keyFor(offers, offer.offer_id)
        : "";
      announcer.sayNow(`${words} ${key}`.trim());
      shown.set(offer.offer_id, notify(t("offer.notification", { name }), text, offer.offer_id));
    }
    for (const { offer, departure } of offers.entries) {
      if (departure === null || ended.has(offer.offer_id)) continue;
      ended.add(offer.offer_id);
      const reason = t(`offer.gone.${departure}`);
      announcer.say(t("offer.announce.gone", { name: offer.customer.name, reason }));
    }
  });
}

/** The key is for the oldest offer: it does nothing for the others. */
function keyFor(offers: Offers, offerId: string): string {
  const first = firstToAnswer(offers)?.offer.offer_id;
  return first === offerId ? t("offer.announce.key", { key: SHORTCUTS.accept.shown }) : "";
}
