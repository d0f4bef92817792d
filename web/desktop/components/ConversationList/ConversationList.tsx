import type { Conversation } from "../../state/conversation.js";
import { openOffers } from "../../state/offers.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { ConversationItem } from "./ConversationItem.js";
import { itemId } from "./itemId.js";
import styles from "./ConversationList.module.css";
import { moveBy } from "./moves.js";
import { ListSkeleton } from "./ListSkeleton.js";

/** What the agent holds. Nothing changes places because something happened in it. */
export function ConversationList() {
  const { workplace, navigation } = useTools();
  const { desk } = workplace;

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.altKey) return;
    event.preventDefault();
    const next = moveBy(desk.ordered.peek(), navigation.conversation.peek(), step);
    if (!next) return;
    navigation.browse(next.id);
    document.getElementById(itemId(next))?.focus();
  };

  return (
    <nav class={styles.list} aria-label={t("list.label")} tabIndex={-1} data-home="list">
      <h1 class="visually-hidden">{t("list.label")}</h1>
      {!desk.loaded.value && <ListSkeleton />}
      <Group title={t("list.active")} conversations={desk.active.value} onKeyDown={onKeyDown} />
      <Group title={t("list.wrapUp")} conversations={desk.wrapUp.value} onKeyDown={onKeyDown} />
      {desk.loaded.value && desk.conversations.value.length === 0 && <NoConversations />}
    </nav>
  );
}

interface GroupProps {
  title: string;
  conversations: readonly Conversation[];
  onKeyDown: (event: KeyboardEvent) => void;
}

function Group({ title, conversations, onKeyDown }: GroupProps) {
  if (conversations.length === 0) return null;
  return (
    <section class={styles.group} aria-label={title}>
      <h2 class={styles.title}>
        {title} <span>{conversations.length}</span>
      </h2>
      <ul>
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <ConversationItem conversation={conversation} onKeyDown={onKeyDown} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** While offers ring, what is said of an empty list would not be true. */
function NoConversations() {
  const { agent, offers } = useTools().workplace.desk;
  if (openOffers(offers.value).length > 0) return null;
  const ready = agent.value?.availability === "ready";
  return <p class={styles.none}>{ready ? t("empty.list.ready") : t("empty.list.notReady")}</p>;
}
