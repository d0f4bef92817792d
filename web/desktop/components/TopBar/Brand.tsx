import { t } from "../../text/index.js";
import styles from "./Brand.module.css";

/** The product's mark and name. */
export function Brand() {
  return (
    <span class={styles.brand}>
      <svg class={styles.mark} viewBox="0 0 32 32" width="26" height="26" aria-hidden>
        <path
          class={styles.bubble}
          d="M8 3h16a6 6 0 0 1 6 6v11a6 6 0 0 1-6 6h-9l-7 5v-5a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6Z"
        />
        <path
          class={styles.letter}
          d="M11.5 8.500h2.200c1 0 1.5.5 1.9 1.500l4.2 10.500M15.7 12.5 11 20.5"
        />
      </svg>
      {t("product")}
    </span>
  );
}
