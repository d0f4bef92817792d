import { useEffect, useRef } from "preact/hooks";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Button } from "../Button/Button.js";
import styles from "../CloseDialog/CloseDialog.module.css";

/** Asks an agent who has customers in hand whether these may go to colleagues. */
export function SignOutDialog({ onStay }: { onStay: () => void }) {
  const { workplace, signOut } = useTools();
  const dialog = useRef<HTMLDialogElement>(null);
  const count = workplace.desk.active.value.length;
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class={styles.dialog} aria-labelledby="sign-out-title" onClose={onStay}>
      <h2 id="sign-out-title">{t("signOut.title", { count })}</h2>
      <p class={styles.lead}>{t("signOut.text")}</p>
      <div class={styles.actions}>
        <Button onClick={signOut}>{t("signOut.handOver")}</Button>
        <Button variant="primary" onClick={() => dialog.current?.close()}>
          {t("signOut.stay")}
        </Button>
      </div>
    </dialog>
  );
}
