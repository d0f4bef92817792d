import { useTools } from "../../tools.js";
import { t } from "../../text/index.js";
import styles from "./TopBar.module.css";

type Shown = "connected" | "connecting" | "reconnecting" | "offline";

/** How the connection stands; "connecting" is only said before there was one. */
export function useConnection(): Shown {
  const { workplace } = useTools();
  const state = workplace.connection.value;
  const { wasLive, outage } = workplace;
  if (state === "live" || (wasLive.value && !outage.value)) return "connected";
  if (!wasLive.value && state === "connecting") return "connecting";
  return navigator.onLine ? "reconnecting" : "offline";
}

export function ConnectionState() {
  const state = useConnection();
  const text = t(`connection.${state}`);
  return (
    <div class={styles.connection} data-state={state} data-testid="connection" title={text}>
      <span class={styles.dot} />
      <span>{text}</span>
    </div>
  );
}
