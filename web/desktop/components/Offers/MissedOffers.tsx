import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { IconButton } from "../Button/Button.js";
import { Icon } from "../Icon/Icon.js";
import styles from "./OfferTray.module.css";

/** The customers whose offers were missed, until the agent dismisses the list. */
export function MissedOffers() {
  const { missed } = useTools().workplace;
  const names = missed.names.value;
  if (names.length === 0) return null;
  const title = t("offer.missed", { count: names.length });
  return (
    <section class={styles.missed} aria-label={title} data-testid="missed">
      <Icon name="clock" />
      <div class={styles.words}>
        <h2>{title}</h2>
        <p dir="auto">{names.join(", ")}</p>
      </div>
      <IconButton
        icon="dismiss"
        iconSize={14}
        label={t("offer.missed.dismiss")}
        onClick={() => missed.dismiss()}
      />
    </section>
  );
}
