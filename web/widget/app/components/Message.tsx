import { MessageText } from "../../../shared/MessageText.js";
import type { Draft, Outbox } from "../../../shared/outbox.js";
import { TimeOfDay } from "../../../shared/TimeOfDay.js";
import { language, t } from "../../text/index.js";
import type { MessageLine } from "../timeline.js";
import { Avatar } from "./Avatar.js";
import styles from "./Message.module.css";
import { Words } from "./Words.js";

/** One message, on its way or arrived. */
export function Message({ line, outbox }: { line: MessageLine; outbox: Outbox }) {
  const { mine, first, last, draft, sender } = line;
  const name = sender?.name ?? "";
  const look = [styles.message, mine ? styles.mine : styles.theirs, last ? styles.last : ""];
  return (
    <li class={look.join(" ")}>
      {!mine && first && (
        <p class={styles.name}>
          <bdi>{name}</bdi>
        </p>
      )}
      <div class={styles.row}>
        {!mine && <span class={styles.face}>{last && <Avatar name={name} look="small" />}</span>}
        <span class="hidden">{mine ? `${t("log.you")}: ` : t("log.says", { name })}</span>
        <p
          class={styles.bubble}
          dir="auto"
          data-testid="message"
          data-mine={mine}
          data-state={draft === null ? "sent" : draft.error === null ? "sending" : "failed"}
        >
          <MessageText text={line.text} />
        </p>
      </div>
      {draft?.error != null ? (
        <Failed draft={draft} reason={draft.error} outbox={outbox} />
      ) : (
        last && <Time line={line} />
      )}
    </li>
  );
}

function Time({ line }: { line: MessageLine }) {
  return (
    <p class={styles.time}>
      <TimeOfDay at={line.at} locale={language} />
      {line.mine && <Words text={` · ${t(line.draft ? "message.sending" : "message.sent")}`} />}
    </p>
  );
}

function Failed({ draft, reason, outbox }: { draft: Draft; reason: string; outbox: Outbox }) {
  return (
    <p class={styles.failed} role="alert">
      <Words text={t("message.failed", { reason })} />
      <button type="button" onClick={() => outbox.retry(draft.message_id)}>
        {t("message.retry")}
      </button>
      <button type="button" onClick={() => outbox.remove(draft.message_id)}>
        {t("message.discard")}
      </button>
    </p>
  );
}
