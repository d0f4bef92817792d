import { useComputed } from "@preact/signals";
import type { ConversationEnded } from "../../../shared/protocol.js";
import { dayName } from "../../../shared/time.js";
import { language, t } from "../../text/index.js";
import type { Conversation } from "../conversation.js";
import { timeline, type Line, type Note } from "../timeline.js";
import { Announcer } from "./Announcer.js";
import { Icon } from "./Icon.js";
import styles from "./Log.module.css";
import { Message } from "./Message.js";
import { useStayAtEnd } from "./useStayAtEnd.js";

/** What was said and what happened, newest at the end. */
export function Log({ conversation }: { conversation: Conversation }) {
  const lines = useComputed(() =>
    timeline(conversation.events.value, conversation.outbox.drafts.value),
  ).value;
  const { box, onScroll, unseen, toEnd } = useStayAtEnd(lines);
  return (
    <div class={styles.frame}>
      <div
        ref={box}
        class={styles.box}
        role="log"
        aria-live="off"
        aria-label={t("log.label")}
        tabIndex={0}
        onScroll={onScroll}
      >
        <ol class={styles.lines}>
          {lines.map((line) => (
            <LogLine key={line.key} line={line} conversation={conversation} />
          ))}
        </ol>
      </div>
      <Announcer lines={lines} since={conversation.entered} words={spoken} />
      {unseen && (
        <button type="button" class={styles.pill} onClick={toEnd}>
          <Icon name="down" size={14} />
          {t("log.new")}
        </button>
      )}
    </div>
  );
}

function LogLine({ line, conversation }: { line: Line; conversation: Conversation }) {
  if (line.kind === "message") return <Message line={line} outbox={conversation.outbox} />;
  const text = line.kind === "day" ? dayName(line.at, new Date(), language) : noteText(line.event);
  return (
    <li class={styles[line.kind]}>
      <bdi>{text}</bdi>
    </li>
  );
}

function endedKey({ by, reason }: ConversationEnded) {
  if (reason === "abandoned") return "log.abandoned";
  return by === "customer" ? "log.endedByYou" : "log.ended";
}

function spoken(line: Line): string {
  if (line.kind === "message") {
    return `${t("log.says", { name: line.sender?.name ?? "" })} ${line.text}`;
  }
  return line.kind === "note" ? noteText(line.event) : "";
}

function noteText(event: Note): string {
  if (event.type === "conversation.ended") return t(endedKey(event));
  const key = event.type === "participant.joined" ? "log.joined" : "log.left";
  return t(key, { name: event.participant.name });
}
