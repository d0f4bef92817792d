import type { Draft } from "../../../shared/outbox.js";
import { TimeOfDay } from "../../../shared/TimeOfDay.js";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { Button } from "../Button/Button.js";
import { Icon } from "../Icon/Icon.js";
import status from "./DeliveryStatus.module.css";
import styles from "./MessageBubble.module.css";

interface Props {
  conversation: Conversation;
  live: boolean;
}

/** Messages that are not in the transcript yet, below it in the order written. */
export function Unsent({ conversation, live }: Props) {
  return (
    <>
      {conversation.unsent.value.map((draft) => (
        <UnsentMessage
          key={draft.message_id}
          draft={draft}
          conversation={conversation}
          live={live}
        />
      ))}
    </>
  );
}

function UnsentMessage({ draft, conversation, live }: Props & { draft: Draft }) {
  const failed = draft.error !== null;
  return (
    <div class={styles.row} data-testid="message" data-side="ours" data-first>
      <div class={styles.column}>
        <div class={styles.meta}>
          <span class={styles.name}>{t("message.you")}</span>
          <TimeOfDay at={draft.at} />
        </div>
        <p class={styles.bubble} data-state={failed ? "failed" : "sending"} dir="auto">
          {draft.text}
        </p>
        {failed ? (
          <Refusal draft={draft} conversation={conversation} />
        ) : (
          <p class={status.status}>
            <Icon name="clock" size={13} />
            {live ? t("message.sending") : t("message.queued")}
          </p>
        )}
      </div>
    </div>
  );
}

function Refusal({ draft, conversation }: { draft: Draft; conversation: Conversation }) {
  const open = conversation.status.value === "active";
  return (
    <>
      <p class={status.status} data-delivery="failed" role="alert">
        <Icon name="alert" size={13} />
        {t("message.failed", { reason: draft.error ?? "" })}
      </p>
      <div class={status.actions}>
        {open && (
          <Button variant="quiet" size="small" onClick={() => conversation.editAgain(draft)}>
            {t("message.edit")}
          </Button>
        )}
        <Button
          variant="quiet"
          size="small"
          onClick={() => conversation.outbox.remove(draft.message_id)}
        >
          {t("message.discard")}
        </Button>
      </div>
    </>
  );
}
