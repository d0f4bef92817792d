import { useSignal } from "@preact/signals";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { problemText } from "../../text/problem.js";
import { useTools } from "../../tools.js";
import { Button } from "../Button/Button.js";
import { useSteady } from "../Offers/steady.js";
import styles from "./ConversationPane.module.css";

/** More outcomes than these are chosen in the dialog. */
const MOST_BUTTONS = 8;

interface Props {
  conversation: Conversation;
}

/** In the composer's place once nobody can write any more: one action records the outcome. */
export function EndedBar({ conversation }: Props) {
  const { dispositions } = conversation.view.value;
  const asks = dispositions.length > 0;
  return (
    <div class={styles.ended} tabIndex={-1} data-home="main">
      <p>
        <strong>{t("conversation.ended.title")}</strong>{" "}
        {asks ? t("conversation.ended.text") : t("conversation.ended.none")}
      </p>
      {asks && dispositions.length <= MOST_BUTTONS && (
        <Outcomes conversation={conversation} outcomes={dispositions} />
      )}
    </div>
  );
}

/** Keys and clicks just after the bar has replaced the composer were meant for the composer. */
function Outcomes({ conversation, outcomes }: Props & { outcomes: readonly string[] }) {
  const { workplace } = useTools();
  const steady = useSteady(0);
  const chosen = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  const unsent = conversation.unsent.value.length > 0;

  const close = async (outcome: string): Promise<void> => {
    chosen.value = outcome;
    problem.value = null;
    try {
      await workplace.close(conversation.id, outcome, null);
    } catch (error) {
      problem.value = problemText(error);
    } finally {
      chosen.value = null;
    }
  };

  // Unsent texts would be lost: the dialog says so first.
  if (unsent) return null;
  return (
    <>
      <div class={styles.outcomes} role="group" aria-label={t("conversation.ended.outcomes")}>
        {outcomes.map((outcome) => (
          <Button
            key={outcome}
            size="small"
            held={!steady || (chosen.value !== null && chosen.value !== outcome)}
            busy={chosen.value === outcome}
            onClick={() => void close(outcome)}
          >
            {outcome}
          </Button>
        ))}
      </div>
      {problem.value && (
        <p class={styles.problem} role="alert">
          {problem.value}
        </p>
      )}
    </>
  );
}
