import type { ComponentChildren } from "preact";
import type { Conversation, Preview } from "../../state/conversation.js";
import { duration } from "../../state/durations.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Avatar } from "../Avatar/Avatar.js";
import { Icon } from "../Icon/Icon.js";
import { PresenceSign } from "../Presence/Presence.js";
import styles from "./ConversationItem.module.css";
import { itemId } from "./itemId.js";

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
      data-home={navigation.last === id ? "came-from" : undefined}
      data-unread={unread.value > 0 || undefined}
      aria-current={chosen || undefined}
      onClick={() => navigation.open(id)}
      onKeyDown={onKeyDown}
    >
      <span class={styles.picture}>
        <Avatar name={customer.name} />
      </span>
      <span class={styles.name}>
        <bdi>{customer.name}</bdi>
        <PresenceSign conversation={conversation} />
      </span>
      <Time conversation={conversation} />
      <span class={styles.lines}>
        <LastLine conversation={conversation}>
          <Icon name={channel} size={13} label={t(`channel.${channel}`)} />
        </LastLine>
        <DraftLine conversation={conversation} />
      </span>
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
        <bdi>{waited}</bdi>
      </span>
    );
  }
  const { accepted_at, started_at } = view.value;
  return (
    <span class={styles.time}>
      <bdi>{duration(now - Date.parse(accepted_at ?? started_at))}</bdi>
    </span>
  );
}

/** What was said last, and by which way. */
function LastLine({ conversation, children }: Props & { children: ComponentChildren }) {
  const { preview, unsent } = conversation;
  const failed = unsent.value.some(({ error }) => error !== null);
  return (
    <span class={`${styles.line} ${failed ? styles.failed : ""}`}>
      {children}
      <bdi>{failed ? t("list.failed") : lastWords(preview.value)}</bdi>
    </span>
  );
}

function lastWords(last: Preview | null): string {
  if (!last) return t("list.nothing");
  return last.own ? t("list.you", { text: last.text }) : last.text;
}

/** What the agent began to write in a conversation that is not open. */
function DraftLine({ conversation }: Props) {
  const { navigation } = useTools();
  const { draft, id } = conversation;
  if (!draft.value || navigation.conversation.value === id) return null;
  return (
    <span class={`${styles.line} ${styles.draft}`}>
      <Icon name="note" size={13} />
      <bdi>{t("list.draft", { text: draft.value })}</bdi>
    </span>
  );
}
