import { countdown } from "../../state/durations.js";
import type { OfferEntry } from "../../state/offers.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import styles from "./CountdownRing.module.css";

const RADIUS = 18;
const AROUND = 2 * Math.PI * RADIUS;
const URGENT_SECONDS = 10;

/** The time left as a number and as a ring that empties. */
export function CountdownRing({ entry }: { entry: OfferEntry }) {
  const now = useTools().clock.now.value;
  const { seconds, fraction } = countdown(entry.endsAt, entry.offer.seconds * 1000, now);
  return (
    <div
      class={styles.ring}
      role="timer"
      aria-label={t("offer.seconds", { count: seconds })}
      data-urgent={seconds <= URGENT_SECONDS || undefined}
    >
      <svg viewBox="0 0 44 44" width="44" height="44" aria-hidden>
        <circle class={styles.track} cx="22" cy="22" r={RADIUS} />
        <circle
          class={styles.rest}
          cx="22"
          cy="22"
          r={RADIUS}
          stroke-dasharray={AROUND}
          stroke-dashoffset={AROUND * (1 - fraction)}
        />
      </svg>
      <span aria-hidden>{seconds}</span>
    </div>
  );
}
