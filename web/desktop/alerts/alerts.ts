import { effect } from "@preact/signals";
import { openOffers } from "../state/offers.js";
import { t } from "../text/index.js";
import type { DeskTools } from "../tools.js";
import { tellOfMissedOffers } from "./missed.js";
import { notify } from "./notifications.js";
import { tellOfPresence } from "./presence.js";
import { createSounds, type Sounds } from "./sound.js";
import { createTitle } from "./title.js";

/** Draws the agent's attention to what happens on the desk, until the signal aborts. */
export function startAlerts(tools: DeskTools, until: AbortSignal): void {
  const sounds = createSounds(() => tools.preferences.muted.peek(), until);
  const stops = [
    ringForOffers(tools, sounds),
    tellOfOffers(tools),
    tellOfMessages(tools, sounds),
    tellOfPresence(tools),
    tellOfMissedOffers(tools),
    keepTitle(tools),
  ];
  until.addEventListener("abort", () => {
    for (const stop of stops) stop();
    sounds.stopRinging();
  });
}

type Stop = () => void;

function ringForOffers({ workplace }: DeskTools, sounds: Sounds): Stop {
  return effect(() => {
    const waits = workplace.desk.offers.value.entries.some(({ phase }) => phase === "pending");
    if (waits) sounds.ring();
    else sounds.stopRinging();
  });
}

/** Each offer is told once, and its notification goes when it does. */
function tellOfOffers({ workplace, announcer }: DeskTools): Stop {
  const shown = new Map<string, () => void>();
  return effect(() => {
    const open = openOffers(workplace.desk.offers.value);
    const ids = new Set(open.map(({ offer }) => offer.offer_id));
    for (const { offer } of open) {
      if (shown.has(offer.offer_id)) continue;
      const name = offer.customer.name;
      const text = offer.first_message;
      announcer.sayNow(t("offer.announce", { name, text, channel: t(`channel.${offer.channel}`) }));
      shown.set(offer.offer_id, notify(t("offer.notification", { name }), text, offer.offer_id));
    }
    for (const [id, withdraw] of shown) {
      if (ids.has(id)) continue;
      withdraw();
      shown.delete(id);
    }
  });
}

/** A soft sound for what the customers write in conversations that the agent does not look at. */
function tellOfMessages(tools: DeskTools, sounds: Sounds): Stop {
  const { workplace, navigation, announcer } = tools;
  const before = new Map<string, number>();
  return effect(() => {
    for (const { id, unread, loaded, view } of workplace.desk.conversations.value) {
      if (!loaded.value) continue;
      const known = before.get(id);
      const count = unread.value;
      before.set(id, count);
      const looking = navigation.conversation.value === id && document.hasFocus();
      if (known === undefined || count <= known || looking) continue;
      sounds.message();
      announcer.say(t("announce.message", { name: view.peek().customer.name }));
    }
  });
}

function keepTitle({ workplace }: DeskTools): Stop {
  const show = createTitle(document);
  const stop = effect(() => {
    const offer = openOffers(workplace.desk.offers.value)[0]?.offer;
    show({
      product: t("product"),
      unread: workplace.desk.unread.value,
      alert: offer ? `${t("offer.title")}: ${offer.customer.name}` : null,
    });
  });
  return () => {
    stop();
    show({ product: t("product"), unread: 0, alert: null });
  };
}
