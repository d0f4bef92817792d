import type { Delivery } from "../../../shared/protocol.js";
import { t } from "../../text/index.js";
import { Icon, type IconName } from "../Icon/Icon.js";
import styles from "./DeliveryStatus.module.css";

const ICONS: Readonly<Record<Delivery, IconName>> = {
  pending: "clock",
  sent: "check",
  delivered: "checks",
  read: "checks",
  failed: "alert",
};

interface Props {
  delivery: Delivery | null;
  error: string | null;
  /** Whether it is the last of its run: good news is only told once. */
  last: boolean;
}

/** What became of a text on its way to the customer's phone. */
export function DeliveryStatus({ delivery, error, last }: Props) {
  if (delivery === null || (delivery !== "failed" && !last)) return null;
  return (
    <p class={styles.status} data-delivery={delivery}>
      <Icon name={ICONS[delivery]} size={13} />
      {t(`message.delivery.${delivery}`)}
      {delivery === "failed" && error && `: ${error}`}
    </p>
  );
}
