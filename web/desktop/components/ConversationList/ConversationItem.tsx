import type { Conversation } from "../../state/conversation.js";
import { duration } from "../../state/durations.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Avatar } from "../Avatar/Avatar.js";
import { Icon } from "../Icon/Icon.js";
import { PresenceSign } from "../Presence/Presence.js";
import styles from "./ConversationItem.module.css";
import { itemId } from "./ConversationList.js";

interface Props {
  conversation: Conversation;
}

interface ItemProps extends Props {
  onKeyDown: (event: KeyboardEvent) => void;
}

export function ConversationItem({ conversation, onKeyDown }: ItemProps) {
  const { navigation } = useTools();
  const { id, view, unread } = conversation;
  const { customer, channel } = view.value;
  const chosen = navigation.conversation.value === id;
  return (
    <button
      type="button"
      id={itemId(conversation)}
      class={styles.item}
      data-testid="conversation-item"
      data-unread={unread.value > 0 || undefined}
      aria-current={chosen || undefined}
      onClick={() => navigation.open(id)}
      onKeyDown={onKeyDown}
    >
      <span class={styles.picture}>
        <Avatar name={customer.name} />
        <PresenceSign conversation={conversation} />
        <span class={styles.channel}>
          <Icon name={channel} size={12} label={t(`channel.${channel}`)} />
        </span>
      </span>
      <span class={styles.name} dir="auto">
        {customer.name}
      </span>
      <Time conversation={conversation} />
      <LastLine conversation={conversation} />
      {unread.value > 0 && (
        <span class={styles.unread}>
          <span aria-hidden>{unread.value}</span>
          <span class="visually-hidden">{t("list.unread", { count: unread.value })}</span>
        </span>
      )}
    </button>
  );
}

/** How long the customer waits for an answer, else how long the conversation goes on. */
function Time({ conversation }: Props) {
  const now = useTools().clock.serverNow.value;
  const { status, waitingSince, view } = conversation;
  if (status.value !== "active") return <span class={styles.ended}>{t("list.ended")}</span>;
  const since = waitingSince.value;
  if (since) {
    const waited = duration(now - Date.parse(since));
    return (
      <span class={styles.waiting} title={t("list.waiting", { duration: waited })}>
        <Icon name="clock" size={12} label={t("list.waiting", { duration: "" })} />
        {waited}
      </span>
    );
  }
  const { accepted_at, started_at } = view.value;
  return <span class={styles.time}>{duration(now - Date.parse(accepted_at ?? started_at))}</span>;
}

function LastLine({ conversation }: Props) {
  const { navigation } = useTools();
  const { draft, preview, unsent, id } = conversation;
  const failed = unsent.value.some(({ error }) => error !== null);
  if (failed) return <span class={`${styles.line} ${styles.failed}`}>{t("list.failed")}</span>;
  if (draft.value && navigation.conversation.value !== id) {
    return (
      <span class={`${styles.line} ${styles.draft}`}>{t("list.draft", { text: draft.value })}</span>
    );
  }
  const last = preview.value;
  if (!last) return <span class={styles.line}>{t("list.nothing")}</span>;
  return (
    <span class={styles.line} dir="auto">
      {last.own ? t("list.you", { text: last.text }) : last.text}
    </span>
  );
}
