import { useTools } from "../../tools.js";
import { t } from "../../text/index.js";
import styles from "./TopBar.module.css";

/** Above this the places are only counted, not drawn. */
const MOST_DRAWN = 8;

export function Load() {
  const agent = useTools().workplace.desk.agent.value;
  if (!agent) return null;
  const { load, capacity } = agent;
  const label = t("load.label", { load, capacity });
  return (
    <div class={styles.load} role="img" aria-label={label} title={label} data-testid="load">
      {capacity <= MOST_DRAWN && (
        <span class={styles.slots}>
          {Array.from({ length: capacity }, (_, place) => (
            <span key={place} class={styles.slot} data-taken={place < load || undefined} />
          ))}
        </span>
      )}
      {load}/{capacity}
    </div>
  );
}
