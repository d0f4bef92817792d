import { t } from "./index.js";

/** The reason of an agent who was made not ready for missing offers; nobody chooses it. */
export const NO_ANSWER = "no_answer";

/** Why the agent is not ready, in words: their queues' own, or ours. */
export function reasonText(reason: string): string {
  return reason === NO_ANSWER ? t("reason.no_answer") : reason;
}
