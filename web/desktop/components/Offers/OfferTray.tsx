import { firstToAnswer } from "../../state/offers.js";
import { useTools } from "../../tools.js";
import { useDepartures } from "./departures.js";
import { OfferCard } from "./OfferCard.js";
import styles from "./OfferTray.module.css";
import { usePlaces } from "./places.js";

/** The offers, oldest first. They never take the focus: the agent may be writing. */
export function OfferTray() {
  const { workplace, preferences } = useTools();
  const { offers } = workplace.desk;
  const { shortcuts } = preferences;
  const { tray, places, withoutCard, hold, release } = usePlaces(offers);
  useDepartures(offers, (id) => workplace.dismissOffer(id));
  const first = firstToAnswer(offers.value);
  return (
    <div class={styles.tray} ref={tray} onPointerEnter={hold} onPointerLeave={release}>
      {places.map(({ id, entry, height }, index) => (
        <div key={id} class={styles.place} style={entry ? {} : { height: `${height}px` }}>
          {entry && (
            <OfferCard
              entry={entry}
              more={index === places.length - 1 ? withoutCard : 0}
              shortcut={entry === first && shortcuts.value}
              place={index}
            />
          )}
        </div>
      ))}
    </div>
  );
}
