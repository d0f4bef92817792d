import type { Signal } from "@preact/signals";
import { t } from "../../text/index.js";
import styles from "./CloseDialog.module.css";

const LABEL = "close-outcome";

interface Props {
  options: readonly string[];
  chosen: Signal<string | null>;
  /** The id of what says that one is missing, while it does. */
  problemId: string | null;
}

/** The outcomes of the queue as radio buttons: arrow keys choose. */
export function Dispositions({ options, chosen, problemId }: Props) {
  if (options.length === 0) return null;
  const missing = problemId !== null && chosen.value === null;
  return (
    <div
      class={styles.dispositions}
      role="radiogroup"
      aria-labelledby={LABEL}
      aria-required
      aria-invalid={missing || undefined}
      aria-describedby={missing ? problemId : undefined}
    >
      <span id={LABEL} class={styles.legend}>
        {t("close.outcome")}
      </span>
      <div class={styles.options}>
        {options.map((option) => (
          <label key={option} class={styles.option}>
            <input
              type="radio"
              name="disposition"
              value={option}
              checked={chosen.value === option}
              onChange={() => (chosen.value = option)}
            />
            <span>{option}</span>
          </label>
        ))}
      </div>
    </div>
  );
}
