import { useTools } from "../../tools.js";
import { OfferCard } from "./OfferCard.js";
import styles from "./OfferTray.module.css";

/** More than these are only counted on the last card, so that the desk stays usable. */
const SHOWN = 3;

/** The offers, over the desk. They never take the focus: the agent may be writing. */
export function OfferTray() {
  const { workplace } = useTools();
  const { entries } = workplace.desk.offers.value;
  const hidden = Math.max(0, entries.length - SHOWN);
  const first = entries.find(({ phase }) => phase === "pending");
  return (
    <div class={styles.tray}>
      {entries.slice(0, SHOWN).map((entry, place) => (
        <OfferCard
          key={entry.offer.offer_id}
          entry={entry}
          more={place === SHOWN - 1 ? hidden : 0}
          shortcut={entry === first}
        />
      ))}
    </div>
  );
}
