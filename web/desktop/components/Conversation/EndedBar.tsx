import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import styles from "./ConversationPane.module.css";

interface Props {
  conversation: Conversation;
}

/** In the composer's place once nobody can write any more. */
export function EndedBar({ conversation }: Props) {
  const asks = conversation.view.value.dispositions.length > 0;
  return (
    <p class={styles.ended} role="status">
      <strong>{t("conversation.ended.title")}</strong>{" "}
      {asks ? t("conversation.ended.text") : t("conversation.ended.none")}
    </p>
  );
}
