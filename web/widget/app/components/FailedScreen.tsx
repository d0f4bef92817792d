import { t } from "../../text/index.js";
import type { Widget } from "../widget.js";
import { Button } from "./Button.js";
import styles from "./FailedScreen.module.css";
import { Header } from "./Header.js";
import { Icon } from "./Icon.js";

/** Shown when there is nothing to show. */
export function FailedScreen({ widget, gone }: { widget: Widget; gone: boolean }) {
  const kind = gone ? "error.gone" : "error";
  return (
    <>
      <Header title={t("title")} host={widget.host} />
      <div class={styles.failed} role="alert">
        <Icon name="warning" size={40} />
        <h2 tabIndex={-1} data-focus>
          {t(`${kind}.title`)}
        </h2>
        <p>{t(`${kind}.body`)}</p>
        {!gone && <Button onClick={() => void widget.load()}>{t("error.retry")}</Button>}
      </div>
    </>
  );
}
