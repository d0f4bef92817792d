import { t } from "../../text/index.js";
import styles from "./TranscriptSkeleton.module.css";

export function TranscriptSkeleton() {
  return (
    <div class={styles.skeleton} role="status" aria-label={t("conversation.loading")}>
      <span />
      <span />
      <span />
    </div>
  );
}
