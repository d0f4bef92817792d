import { t } from "../../text/index.js";
import styles from "./ListSkeleton.module.css";

export function ListSkeleton() {
  return (
    <div class={styles.skeleton} role="status" aria-label={t("loading")}>
      {[0, 1, 2].map((line) => (
        <div key={line} class={styles.line}>
          <span class={styles.circle} />
          <span class={styles.bars}>
            <span />
            <span />
          </span>
        </div>
      ))}
    </div>
  );
}
