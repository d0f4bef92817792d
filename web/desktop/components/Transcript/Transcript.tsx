import { useEffect } from "preact/hooks";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Icon } from "../Icon/Icon.js";
import { KeepPlace } from "./KeepPlace.js";
import { useRows } from "./Rows.js";
import styles from "./Transcript.module.css";
import { TranscriptSkeleton } from "./TranscriptSkeleton.js";
import { useStickToEnd } from "./useStickToEnd.js";
import { Unsent } from "./Unsent.js";
import { useWindow } from "./useWindow.js";

interface Props {
  conversation: Conversation;
}

/** Give it the conversation's id as key: each conversation has its own place and mark. */
export function Transcript({ conversation }: Props) {
  const { workplace } = useTools();
  const { transcript, unsent, history, troubled, unread } = conversation;
  const { scroller, content, atEnd, toEnd } = useStickToEnd(unsent.value.length);
  const { events, look } = useWindow(conversation, scroller, atEnd);
  const { nodes, first } = useRows(conversation, events);
  useReading(conversation, atEnd);
  useEffect(() => conversation.open(), [conversation]);
  return (
    <div class={styles.frame}>
      {/* Not read by itself, or a reload would read it all: the announcer says what is new. */}
      <div
        class={styles.scroller}
        ref={scroller}
        onScroll={look}
        role="log"
        aria-live="off"
        aria-label={t("conversation.transcript")}
        // The arrow keys scroll it for people without a mouse.
        tabIndex={0}
      >
        <div class={styles.content} ref={content}>
          {!history.begun.value && transcript.events.value.length === 0 && <TranscriptSkeleton />}
          <KeepPlace first={first} content={content} scroller={scroller}>
            {nodes}
          </KeepPlace>
          <Unsent conversation={conversation} live={workplace.connection.value === "live"} />
        </div>
      </div>
      {troubled.value && (
        <p class={styles.trouble} role="status">
          {t("conversation.loadFailed")}
        </p>
      )}
      {!atEnd && (
        <button type="button" class={styles.pill} onClick={toEnd}>
          <Icon name="arrowDown" size={14} />
          {unread.value > 0
            ? t("conversation.newMessages", { count: unread.value })
            : t("conversation.toEnd")}
        </button>
      )}
    </div>
  );
}

/** Messages count as read once they are on a screen that somebody looks at. */
function useReading(conversation: Conversation, atEnd: boolean): void {
  const newest = conversation.transcript.events.value.at(-1)?.seq;
  useEffect(() => {
    const read = (): void => {
      if (atEnd && document.visibilityState === "visible") conversation.markSeen();
    };
    read();
    const listening = new AbortController();
    addEventListener("focus", read, { signal: listening.signal });
    document.addEventListener("visibilitychange", read, { signal: listening.signal });
    return () => listening.abort();
  }, [conversation, atEnd, newest]);
}
