import { MessageText } from "../../../shared/MessageText.js";
import { fullTime } from "../../../shared/time.js";
import { TimeOfDay } from "../../../shared/TimeOfDay.js";
import type { MessageRow } from "../../state/timeline.js";
import { t } from "../../text/index.js";
import { Avatar } from "../Avatar/Avatar.js";
import { DeliveryStatus } from "./DeliveryStatus.js";
import styles from "./MessageBubble.module.css";

interface Props {
  row: MessageRow;
  /** Whether this agent wrote it. */
  own: boolean;
}

export function MessageBubble({ row, own }: Props) {
  const { message, delivery, error, first, last } = row;
  const { sender, text, at } = message;
  const ours = sender.role !== "customer";
  return (
    <div
      class={styles.row}
      data-testid="message"
      data-side={ours ? "ours" : "theirs"}
      data-first={first || undefined}
      data-last={last || undefined}
    >
      {!ours && (
        <span class={styles.picture}>{first && <Avatar name={sender.name} size="small" />}</span>
      )}
      <div class={styles.column}>
        {first && (
          <div class={styles.meta}>
            <bdi class={styles.name}>{own ? t("message.you") : sender.name}</bdi>
            <TimeOfDay at={at} />
          </div>
        )}
        <p class={styles.bubble} title={fullTime(at)} dir="auto">
          <MessageText text={text} />
        </p>
        {ours && <DeliveryStatus delivery={delivery} error={error} last={last} />}
      </div>
    </div>
  );
}
