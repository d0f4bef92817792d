import type { Signal } from "@preact/signals";
import { t } from "../../text/index.js";
import styles from "./CloseDialog.module.css";

interface Props {
  options: readonly string[];
  chosen: Signal<string | null>;
}

/** The outcomes of the queue as radio buttons: arrow keys choose. */
export function Dispositions({ options, chosen }: Props) {
  if (options.length === 0) return null;
  return (
    <fieldset class={styles.dispositions}>
      <legend>{t("close.outcome")}</legend>
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
            {option}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
