import type { AgentConversation, ConversationEnded } from "../../../shared/protocol.js";
import { fullTime, timeOfDay } from "../../../shared/time.js";
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
        <time dateTime={event.at} title={fullTime(event.at)}>
          {timeOfDay(event.at)}
        </time>
      </p>
      {note && (
        <p class={styles.note} dir="auto">
          {t("event.note", { note })}
        </p>
      )}
    </div>
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
