import type { CustomerConversation } from "../../../shared/protocol.js";
import { t } from "../../text/index.js";
import styles from "./Waiting.module.css";
import { Words } from "./Words.js";

/** The server counts no further. */
const MOST = 100;

/** Waits are told to the minute up to this, and then in steps of as many. */
const STEP = 5;
const LONGEST_TOLD = 30;

/** What is true while the customer waits: their place, who is there, and what happens next. */
export function Waiting({ conversation }: { conversation: CustomerConversation }) {
  const { ahead, agents, away_seconds } = conversation;
  return (
    <section class={styles.waiting} role="status" data-testid="waiting">
      {agents !== 0 && (
        <span class={styles.dots} aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
      <div>
        <h2>
          <Words text={agents === 0 ? t("wait.nobody") : place(ahead ?? 0)} />
        </h2>
        <p>
          <Words text={prospect(conversation)} />
        </p>
        {away_seconds != null && <p>{absence(away_seconds)}</p>}
      </div>
    </section>
  );
}

function place(ahead: number): string {
  if (ahead === 0) return t("wait.next");
  return ahead >= MOST ? t("wait.many", { count: MOST }) : t("wait.ahead", { count: ahead });
}

function prospect({ agents, wait_seconds }: CustomerConversation): string {
  if (agents === 0) return t("wait.kept");
  if (wait_seconds != null) return expectation(wait_seconds);
  const uncounted = agents == null || agents >= MOST;
  return uncounted ? t("wait.unknown") : t("wait.agents", { count: agents });
}

function absence(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? t("wait.stay") : t("wait.away", { count: minutes });
}

/** Rounded up: who is answered sooner does not mind. */
function expectation(seconds: number): string {
  if (seconds < 60) return t("wait.soon");
  const minutes = Math.ceil(seconds / 60);
  const told = minutes <= STEP ? minutes : Math.ceil(minutes / STEP) * STEP;
  return told > LONGEST_TOLD ? t("wait.long") : t("wait.minutes", { count: told });
}
