import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Avatar } from "../Avatar/Avatar.js";
import { Button, IconButton } from "../Button/Button.js";
import { Icon } from "../Icon/Icon.js";
import { DETAILS_TOGGLE, useDetails } from "../Details/useDetails.js";
import { PresenceText } from "../Presence/Presence.js";
import styles from "./ConversationPane.module.css";

interface Props {
  conversation: Conversation;
  onClose: () => void;
}

export function ConversationHeader({ conversation, onClose }: Props) {
  const { navigation } = useTools();
  const details = useDetails();
  const { customer, channel, queue_name } = conversation.view.value;
  const ended = conversation.status.value !== "active";
  return (
    <header class={styles.header}>
      <span class={styles.back}>
        <IconButton
          icon="back"
          label={t("conversation.back")}
          onClick={() => navigation.toList()}
        />
      </span>
      <Avatar name={customer.name} />
      <div class={styles.who}>
        <h1>
          <bdi>{customer.name}</bdi>
        </h1>
        <p>
          <Icon name={channel} size={13} />
          <span class={styles.where}>
            {t(`channel.${channel}`)} · {queue_name}
          </span>
          <PresenceText conversation={conversation} />
        </p>
      </div>
      <IconButton
        id={DETAILS_TOGGLE}
        icon="panel"
        label={t("conversation.details")}
        aria-pressed={details.shown}
        onClick={details.toggle}
      />
      <Button variant={ended ? "primary" : "secondary"} onClick={onClose}>
        {t("conversation.close")}
      </Button>
    </header>
  );
}
