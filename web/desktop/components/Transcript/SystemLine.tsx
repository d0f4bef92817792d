import type { AgentConversation, ConversationEnded } from "../../../shared/protocol.js";
import { TimeOfDay } from "../../../shared/TimeOfDay.js";
import { tellingOf } from "../../state/quiet.js";
import type { SystemEvent } from "../../state/timeline.js";
import { t } from "../../text/index.js";
import styles from "./SystemLine.module.css";

interface Props {
  event: SystemEvent;
  view: AgentConversation;
}

export function SystemLine({ event, view }: Props) {
  const note = event.type === "conversation.closed" ? event.note : null;
  return (
    <div class={styles.line}>
      <p>
        {wordsFor(event, view)}
        <TimeOfDay at={event.at} />
      </p>
      {note && (
        <p class={styles.note} dir="auto">
          {t("event.note", { note })}
        </p>
      )}
    </div>
  );
}

interface RunProps {
  events: readonly SystemEvent[];
  view: AgentConversation;
}

/** Several events as one line, which opens to show each. */
export function SystemRun({ events, view }: RunProps) {
  const telling = tellingOf(events);
  if (!telling) return null;
  return (
    <details class={styles.run}>
      <summary>
        {wordsFor(telling, view)}
        <TimeOfDay at={telling.at} />
        <span class={styles.more}>{t("event.more", { count: events.length - 1 })}</span>
      </summary>
      {events.map((event) => (
        <SystemLine key={event.seq} event={event} view={view} />
      ))}
    </details>
  );
}

function wordsFor(event: SystemEvent, view: AgentConversation): string {
  switch (event.type) {
    case "conversation.started":
      return t("event.started", { channel: t(`channel.${event.channel}`) });
    case "offer.made":
      return t("event.offerMade", { name: event.agent.name });
    case "offer.declined":
      return t("event.offerDeclined", { name: event.agent.name });
    case "offer.expired":
      return t("event.offerExpired", { name: event.agent.name });
    case "offer.revoked":
      return t("event.offerRevoked", { name: event.agent.name });
    case "participant.joined":
      return t("event.joined", { name: event.participant.name });
    case "participant.left":
      return t("event.left", { name: event.participant.name });
    case "conversation.ended":
      return endedBy(event, view);
    case "conversation.closed":
      return event.disposition
        ? t("event.closedAs", { disposition: event.disposition })
        : t("event.closed");
    case "customer.opted_out":
      return t("event.optedOut", { name: view.customer.name });
    case "customer.opted_in":
      return t("event.optedIn", { name: view.customer.name });
  }
}

function endedBy({ by, reason }: ConversationEnded, view: AgentConversation): string {
  return t(`event.ended.${reason ?? by}`, { name: view.customer.name });
}
