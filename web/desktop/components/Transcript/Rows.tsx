import { useState } from "preact/hooks";
import { dayName } from "../../../shared/time.js";
import type { Conversation } from "../../state/conversation.js";
import { quietened, type QuietRow } from "../../state/quiet.js";
import { timeline } from "../../state/timeline.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { MessageBubble } from "./MessageBubble.js";
import styles from "./Rows.module.css";
import { SystemLine, SystemRun } from "./SystemLine.js";

interface Props {
  conversation: Conversation;
}

export function Rows({ conversation }: Props) {
  const { workplace } = useTools();
  // The mark stays where it was when the agent came, though they have read on since.
  const [seenAtOpening] = useState(() =>
    conversation.unread.peek() ? conversation.seen.peek() : null,
  );
  const rows = quietened(timeline(conversation.transcript.events.value, seenAtOpening));
  const me = workplace.desk.agent.value?.agent_id ?? "";
  return (
    <>
      {rows.map((row) => (
        <OneRow key={row.key} row={row} conversation={conversation} me={me} />
      ))}
    </>
  );
}

function OneRow({ row, conversation, me }: Props & { row: QuietRow; me: string }) {
  // Not followed each second: it is drawn again with what comes, and names days.
  const now = useTools().clock.serverNow.peek();
  switch (row.kind) {
    case "day":
      return <Separator text={dayName(row.at, new Date(now))} />;
    case "unread":
      return <Separator text={t("conversation.unreadBelow")} accent />;
    case "system":
      return <SystemLine event={row.event} view={conversation.view.value} />;
    case "run":
      return <SystemRun events={row.events} view={conversation.view.value} />;
    case "message":
      return <MessageBubble row={row} own={row.message.sender.id === me} />;
  }
}

function Separator({ text, accent = false }: { text: string; accent?: boolean }) {
  return (
    <div class={styles.separator} data-accent={accent || undefined}>
      <span dir="auto">{text}</span>
    </div>
  );
}
