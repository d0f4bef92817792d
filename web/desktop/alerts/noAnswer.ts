import { computed, effect } from "@preact/signals";
import { t } from "../text/index.js";
import { NO_ANSWER } from "../text/reason.js";
import type { DeskTools } from "../tools.js";

/** Tells an agent who was made not ready why, until they have read it or are ready again. */
export function tellOfNoAnswer({
  workplace,
  notices,
}: Pick<DeskTools, "workplace" | "notices">): () => void {
  const { agent } = workplace.desk;
  const madeNotReady = computed(() => agent.value?.reason === NO_ANSWER);
  let shown: number | null = null;
  return effect(() => {
    if (shown !== null) notices.dismiss(shown);
    shown = madeNotReady.value
      ? notices.addLasting(t("notice.missed", { count: agent.peek()?.missed ?? 0 }))
      : null;
  });
}
