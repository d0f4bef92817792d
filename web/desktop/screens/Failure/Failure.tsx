import { Button } from "../../components/Button/Button.js";
import { EmptyState } from "../../components/Empty/EmptyState.js";
import { t } from "../../text/index.js";
import styles from "./Failure.module.css";

/** Without its settings the desk does not know whom to talk to. */
export function Failure() {
  return (
    <main class={styles.page}>
      <EmptyState
        drawing="trouble"
        title={t("failure.config.title")}
        text={t("failure.config.text")}
      >
        <Button onClick={() => location.reload()}>{t("failure.retry")}</Button>
      </EmptyState>
    </main>
  );
}
