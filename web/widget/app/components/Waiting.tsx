import { t } from "../../text/index.js";
import styles from "./Waiting.module.css";
import { Words } from "./Words.js";

/** The server counts no further. */
const MOST = 100;

/** Where the customer stands in the queue. */
export function Waiting({ ahead }: { ahead: number | null }) {
  return (
    <section class={styles.waiting} role="status" data-testid="waiting">
      <span class={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <div>
        <h2>
          <Words text={ahead === null ? t("wait.title") : place(ahead)} />
        </h2>
        <p>{t("wait.body")}</p>
      </div>
    </section>
  );
}

function place(ahead: number): string {
  if (ahead === 0) return t("wait.next");
  return ahead >= MOST ? t("wait.many", { count: MOST }) : t("wait.ahead", { count: ahead });
}
