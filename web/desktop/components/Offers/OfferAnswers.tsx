import type { Offer } from "../../../shared/protocol.js";
import styles from "./OfferCard.module.css";

const SHOWN = 3;

/** What the customer told before: enough to decide, the rest comes with the conversation. */
export function OfferAnswers({ offer }: { offer: Offer }) {
  const answers = offer.answers
    .filter(({ variable }) => variable !== "name" && variable !== "message")
    .slice(0, SHOWN);
  if (answers.length === 0) return null;
  return (
    <dl class={styles.answers}>
      {answers.map(({ variable, label, value }) => (
        <div key={variable}>
          <dt>{label}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
