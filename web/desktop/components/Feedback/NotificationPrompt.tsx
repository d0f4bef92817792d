import { useSignal } from "@preact/signals";
import { askForNotifications, notificationPermission } from "../../alerts/notifications.js";
import { openOffers } from "../../state/offers.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Button } from "../Button/Button.js";
import { Icon } from "../Icon/Icon.js";
import styles from "./Feedback.module.css";

/** Explains what notifications are for before the browser asks, once, when it starts to matter. */
export function NotificationPrompt() {
  const { workplace, preferences } = useTools();
  const permission = useSignal(notificationPermission());
  const ready = workplace.desk.agent.value?.availability === "ready";
  const offered = openOffers(workplace.desk.offers.value).length > 0;
  if (!ready || offered || preferences.askedToNotify.value || permission.value !== "default")
    return null;
  const allow = async (): Promise<void> => {
    permission.value = await askForNotifications();
    preferences.askedToNotify.value = true;
  };
  return (
    <section class={styles.prompt} aria-label={t("notifications.title")}>
      <Icon name="bell" size={20} />
      <div>
        <h2>{t("notifications.title")}</h2>
        <p>{t("notifications.text")}</p>
        <div class={styles.promptActions}>
          <Button variant="primary" size="small" onClick={() => void allow()}>
            {t("notifications.allow")}
          </Button>
          <Button
            variant="quiet"
            size="small"
            onClick={() => (preferences.askedToNotify.value = true)}
          >
            {t("notifications.later")}
          </Button>
        </div>
      </div>
    </section>
  );
}
