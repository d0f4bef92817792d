import type { Conversation } from "../../state/conversation.js";
import { presenceText } from "../../text/presence.js";
import styles from "./Presence.module.css";

interface Props {
  conversation: Conversation;
}

/** Whether the customer is on the page, in words. */
export function PresenceText({ conversation }: Props) {
  const presence = conversation.presence.value;
  if (!presence) return null;
  return (
    <span class={styles.text} data-presence={presence} data-testid="presence">
      <span class={styles.dot} />
      {presenceText(presence, conversation.view.value.channel)}
    </span>
  );
}

/** The same as a sign beside the name. */
export function PresenceSign({ conversation }: Props) {
  const presence = conversation.presence.value;
  if (!presence) return null;
  const text = presenceText(presence, conversation.view.value.channel);
  return (
    <span class={styles.sign} data-presence={presence} role="img" aria-label={text} title={text}>
      <span class={styles.dot} />
    </span>
  );
}
