import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { useConnection } from "../TopBar/ConnectionState.js";
import styles from "./Feedback.module.css";

/** Tells that the connection is lost, and that nothing else is. */
export function Banner() {
  const { workplace } = useTools();
  const state = useConnection();
  const lost = workplace.wasLive.value && (state === "reconnecting" || state === "offline");
  return (
    <div class={styles.bannerPlace} role="status">
      {lost && <p class={styles.banner}>{t(`banner.${state}`)}</p>}
    </div>
  );
}
