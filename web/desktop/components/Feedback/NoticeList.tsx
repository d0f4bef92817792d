import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { IconButton } from "../Button/Button.js";
import { Icon } from "../Icon/Icon.js";
import styles from "./Feedback.module.css";

export function NoticeList() {
  const { notices } = useTools();
  return (
    <div class={styles.notices} role="status">
      {notices.list.value.map(({ id, text, tone }) => (
        <p key={id} class={styles.notice} data-tone={tone}>
          <Icon name={tone === "problem" ? "alert" : "done"} />
          <span dir="auto">{text}</span>
          <IconButton
            icon="dismiss"
            iconSize={14}
            label={t("notice.dismiss")}
            onClick={() => notices.dismiss(id)}
          />
        </p>
      ))}
    </div>
  );
}
