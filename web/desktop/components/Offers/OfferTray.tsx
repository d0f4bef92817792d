import { useTools } from "../../tools.js";
import { OfferCard } from "./OfferCard.js";
import styles from "./OfferTray.module.css";
import { SHOWN, usePlaces } from "./places.js";

/** The offers, over the desk. They never take the focus: the agent may be writing. */
export function OfferTray() {
  const { offers } = useTools().workplace.desk;
  const { entries } = offers.value;
  const { places, hold, release } = usePlaces(offers);
  const hidden = Math.max(0, entries.length - SHOWN);
  const first = entries.find(({ phase }) => phase === "pending");
  return (
    <div class={styles.tray} onPointerEnter={hold} onPointerLeave={release}>
      {places.map(({ entry, left }, index) => (
        <div
          key={entry.offer.offer_id}
          class={styles.place}
          data-testid={left ? undefined : "offer"}
          data-left={left || undefined}
        >
          <OfferCard
            entry={entry}
            more={index === places.length - 1 ? hidden : 0}
            shortcut={entry === first}
          />
        </div>
      ))}
    </div>
  );
}
