import { effect } from "@preact/signals";
import { openOffers } from "../state/offers.js";
import { t } from "../text/index.js";
import type { DeskTools } from "../tools.js";
import { tellOfMessages } from "./messages.js";
import { tellOfNoAnswer } from "./noAnswer.js";
import { tellOfOffers } from "./offers.js";
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
    tellOfNoAnswer(tools),
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
