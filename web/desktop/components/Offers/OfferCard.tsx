import type { Offer } from "../../../shared/protocol.js";
import type { OfferEntry } from "../../state/offers.js";
import { duration } from "../../state/durations.js";
import { SHORTCUTS } from "../../state/shortcuts.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Avatar } from "../Avatar/Avatar.js";
import { Button } from "../Button/Button.js";
import { WebsiteLink } from "../Details/WebsiteLink.js";
import { Icon } from "../Icon/Icon.js";
import { CountdownRing } from "./CountdownRing.js";
import styles from "./OfferCard.module.css";
import { OfferAnswers } from "./OfferAnswers.js";
import { useSteady } from "./steady.js";

interface Props {
  entry: OfferEntry;
  /** How many further offers have no card. */
  more: number;
  /** Whether the shortcut accepts this one. */
  shortcut: boolean;
  /** Where the card is among the others. */
  place: number;
}

export function OfferCard({ entry, more, shortcut, place }: Props) {
  const { offer, phase } = entry;
  const steady = useSteady(place);
  const name = offer.customer.name;
  return (
    <section
      class={styles.card}
      data-testid="offer"
      data-home="offers"
      tabIndex={-1}
      data-phase={phase}
      aria-label={t("offer.label", { name })}
    >
      <OfferHead entry={entry} />
      <OfferBody entry={entry} />
      {phase === "gone" ? (
        <Departure entry={entry} />
      ) : (
        <Actions entry={entry} shortcut={shortcut} steady={steady} />
      )}
      {more > 0 && <p class={styles.more}>{t("offer.more", { count: more })}</p>}
    </section>
  );
}

function OfferHead({ entry }: { entry: OfferEntry }) {
  const { customer, channel, queue_name } = entry.offer;
  return (
    <header class={styles.head}>
      <Avatar name={customer.name} />
      <div class={styles.who}>
        <h2>
          <bdi>{customer.name}</bdi>
        </h2>
        <p>
          <Icon name={channel} size={13} />
          <span>
            {t(`channel.${channel}`)} · {queue_name}
          </span>
        </p>
      </div>
      {entry.phase !== "gone" && <CountdownRing entry={entry} />}
    </header>
  );
}

function OfferBody({ entry }: { entry: OfferEntry }) {
  const now = useTools().clock.serverNow.value;
  const { offer } = entry;
  const waited = duration(now - Date.parse(offer.started_at));
  return (
    <>
      {offer.first_message && (
        <blockquote class={styles.first} dir="auto">
          {offer.first_message}
        </blockquote>
      )}
      <OfferAnswers offer={offer} />
      <p class={styles.facts}>
        <span dir="auto">{t("offer.waited", { duration: waited })}</span>
        {offer.website && (
          <span class={styles.website}>
            <Icon name="web" size={12} label={t("details.website")} />
            <WebsiteLink website={offer.website} />
          </span>
        )}
      </p>
    </>
  );
}

interface ActionsProps {
  entry: OfferEntry;
  shortcut: boolean;
  steady: boolean;
}

function Actions({ entry, shortcut, steady }: ActionsProps) {
  const { workplace } = useTools();
  const { offer, phase } = entry;
  const cutOff = workplace.outage.value;
  // A pointer may hit what has just come; a key goes where the person led the focus.
  const meant = (act: (offer: Offer) => Promise<void>) => (event: MouseEvent) => {
    if (steady || event.detail === 0) void act(offer);
  };
  return (
    <div class={styles.actions}>
      <Button
        size="large"
        held={cutOff || phase === "accepting"}
        aria-disabled={!steady || undefined}
        busy={phase === "declining"}
        onClick={meant((given) => workplace.decline(given))}
      >
        {t("offer.decline")}
      </Button>
      <Button
        size="large"
        variant="primary"
        held={cutOff || phase === "declining"}
        aria-disabled={!steady || undefined}
        busy={phase === "accepting"}
        aria-keyshortcuts={shortcut ? SHORTCUTS.accept.aria : undefined}
        onClick={meant((given) => workplace.accept(given))}
      >
        {t("offer.accept")}
        {shortcut && <kbd aria-hidden>{SHORTCUTS.accept.shown}</kbd>}
      </Button>
    </div>
  );
}

function Departure({ entry }: { entry: OfferEntry }) {
  return <p class={styles.departure}>{t(`offer.gone.${entry.departure ?? "missing"}`)}</p>;
}
