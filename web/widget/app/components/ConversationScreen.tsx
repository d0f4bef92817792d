import { useSignal } from "@preact/signals";
import { t } from "../../text/index.js";
import type { Conversation } from "../conversation.js";
import type { Widget } from "../widget.js";
import { Composer } from "./Composer.js";
import { Button } from "./Button.js";
import styles from "./ConversationScreen.module.css";
import { EndDialog } from "./EndDialog.js";
import { Header } from "./Header.js";
import { Icon } from "./Icon.js";
import { Log } from "./Log.js";
import { Waiting } from "./Waiting.js";

interface Props {
  widget: Widget;
  conversation: Conversation;
}

/** A conversation, under way or ended. */
export function ConversationScreen({ widget, conversation }: Props) {
  const asksToEnd = useSignal(false);
  const { status, agent, queue_name } = conversation.details.value;
  const name = status === "active" ? agent?.name : undefined;
  return (
    <>
      <Header
        title={name ?? queue_name}
        status={name === undefined ? t(statusKey(status)) : queue_name}
        agent={name}
        live={status === "active" && conversation.connection.value === "live"}
        host={widget.host}
      >
        {status !== "ended" && (
          <button
            type="button"
            aria-label={t("end.action")}
            title={t("end.action")}
            onClick={() => (asksToEnd.value = true)}
          >
            {t("end.short")}
          </button>
        )}
      </Header>
      <Trouble conversation={conversation} />
      {status === "waiting" && <Waiting conversation={conversation.details.value} />}
      <Log conversation={conversation} />
      {status === "ended" ? (
        <Ended widget={widget} abandoned={conversation.abandoned.value} />
      ) : (
        <Composer widget={widget} conversation={conversation} />
      )}
      {asksToEnd.value && status !== "ended" && (
        <EndDialog conversation={conversation} onClose={() => (asksToEnd.value = false)} />
      )}
    </>
  );
}

function statusKey(status: "waiting" | "active" | "ended") {
  if (status === "active") return "status.connected";
  return status === "waiting" ? "status.waiting" : "status.ended";
}

/** Says that the chat cannot be reached, and lets the customer try at once. */
function Trouble({ conversation }: { conversation: Conversation }) {
  const { status, connection, stuck } = conversation;
  const offline = status.value !== "ended" && connection.value === "offline";
  if (!offline && !stuck.value) return null;
  return (
    <div class={styles.trouble}>
      <Icon name="offline" size={16} />
      <p role="status">{t(offline ? "offline.body" : "unreachable.body")}</p>
      <button type="button" onClick={() => conversation.tryNow()}>
        {t("error.retry")}
      </button>
    </div>
  );
}

function Ended({ widget, abandoned }: { widget: Widget; abandoned: boolean }) {
  return (
    <footer class={styles.ended}>
      {/* Not the button takes the focus: somebody in the middle of a word would press it. */}
      <p role="status" tabIndex={-1} data-focus>
        {t(abandoned ? "ended.abandoned" : "ended.title")}
      </p>
      <Button onClick={() => void widget.startAgain()}>{t("ended.again")}</Button>
    </footer>
  );
}
