import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Event } from "../../../shared/protocol.js";
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

interface Drawn {
  row: QuietRow;
  context: string;
  node: VNode;
}

/** The rows of these events, each drawn again only where it has changed. */
export function useRows(
  conversation: Conversation,
  events: readonly Event[],
): { nodes: VNode[]; first: string | undefined } {
  const { workplace, clock } = useTools();
  // The mark stays where it was when the agent came, though they have read on since.
  const seenAtOpening = useSeenAtOpening(conversation, events.length > 0);
  const rows = quietened(timeline(events, seenAtOpening));
  const me = workplace.desk.agent.value?.agent_id ?? "";
  const now = new Date(clock.serverNow.peek());
  const drawn = useRef<ReadonlyMap<string, Drawn>>(new Map());
  drawn.current = new Map(
    rows.map((row) => {
      const context = contextOf(row, now, me);
      const before = drawn.current.get(row.key);
      const isSame = before?.context === context && isSameRow(before.row, row);
      if (before && isSame) return [row.key, before];
      const node = <OneRow key={row.key} row={row} context={context} conversation={conversation} />;
      return [row.key, { row, context, node }];
    }),
  );
  return { nodes: [...drawn.current.values()].map(({ node }) => node), first: rows[0]?.key };
}

function useSeenAtOpening(conversation: Conversation, hasEvents: boolean): number | null {
  const opened = useRef<{ seen: number | null } | null>(null);
  const seen = conversation.unread.peek() ? conversation.seen.peek() : null;
  if (hasEvents) opened.current ??= { seen };
  return opened.current?.seen ?? null;
}

/** What a row shows besides itself. */
function contextOf(row: QuietRow, now: Date, me: string): string {
  if (row.kind === "day") return dayName(row.at, now);
  return row.kind === "message" && row.message.sender.id === me ? "own" : "";
}

function isSameRow(one: QuietRow, other: QuietRow): boolean {
  const before = new Map<string, unknown>(Object.entries(one));
  return Object.entries(other).every(([name, value]) => isSamePart(before.get(name), value));
}

function isSamePart(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((part, index) => part === other[index]);
}

function OneRow({ row, context, conversation }: Props & { row: QuietRow; context: string }) {
  switch (row.kind) {
    case "day":
      return <Separator text={context} />;
    case "unread":
      return <Separator text={t("conversation.unreadBelow")} accent />;
    case "system":
      return <SystemLine event={row.event} view={conversation.view.value} />;
    case "run":
      return <SystemRun events={row.events} view={conversation.view.value} />;
    case "message":
      return <MessageBubble row={row} own={context === "own"} />;
  }
}

function Separator({ text, accent = false }: { text: string; accent?: boolean }) {
  return (
    <div class={styles.separator} data-accent={accent || undefined}>
      <span dir="auto">{text}</span>
    </div>
  );
}
