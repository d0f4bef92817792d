import { useSignal } from "@preact/signals";
import { useCallback, useState } from "preact/hooks";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { CloseDialog } from "../CloseDialog/CloseDialog.js";
import { Composer } from "../Composer/Composer.js";
import { Transcript } from "../Transcript/Transcript.js";
import { ConversationHeader } from "./ConversationHeader.js";
import styles from "./ConversationPane.module.css";
import { EndedBar } from "./EndedBar.js";

interface Props {
  conversation: Conversation;
}

/** Give it the conversation's id as key: nothing of one may show up in another. */
export function ConversationPane({ conversation }: Props) {
  const { navigation } = useTools();
  const [cameToWrite] = useState(navigation.cameToWrite);
  const closing = useSignal(false);
  const active = conversation.status.value === "active";
  const stay = useCallback(() => (closing.value = false), [closing]);
  return (
    <section
      class={styles.pane}
      aria-label={t("conversation.label", { name: conversation.view.value.customer.name })}
    >
      <ConversationHeader conversation={conversation} onClose={() => (closing.value = true)} />
      <Transcript conversation={conversation} />
      {active ? (
        <div data-home="main" tabIndex={-1}>
          <Composer conversation={conversation} focus={cameToWrite} />
        </div>
      ) : (
        <EndedBar conversation={conversation} />
      )}
      {closing.value && <CloseDialog conversation={conversation} onDone={stay} />}
    </section>
  );
}
