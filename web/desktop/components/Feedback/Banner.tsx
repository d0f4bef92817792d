import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Button } from "../Button/Button.js";
import { useConnection } from "../TopBar/ConnectionState.js";
import styles from "./Feedback.module.css";

/** Tells that the server is out of reach, that nothing is lost, and lets the agent try at once. */
export function Banner() {
  const { workplace } = useTools();
  const trouble = useTrouble();
  return (
    <div class={styles.bannerPlace} data-shown={trouble !== null || undefined}>
      <div role="status">{trouble && <p>{t(`banner.${trouble}`)}</p>}</div>
      {trouble && (
        <Button variant="quiet" size="small" onClick={() => workplace.retry()}>
          {t("banner.retry")}
        </Button>
      )}
    </div>
  );
}

function useTrouble(): "reconnecting" | "offline" | "unreachable" | null {
  const { workplace } = useTools();
  const state = useConnection();
  if (workplace.trouble.value === "forbidden") return null;
  const lost = state === "reconnecting" || state === "offline";
  if (lost && workplace.wasLive.value) return state;
  // Without a desk, the middle of the screen says so.
  if (!workplace.desk.loaded.value) return null;
  const never = lost && workplace.outage.value;
  return never || workplace.stuck.value ? "unreachable" : null;
}
