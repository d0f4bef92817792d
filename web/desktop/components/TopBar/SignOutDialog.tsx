import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Button } from "../Button/Button.js";
import styles from "../CloseDialog/CloseDialog.module.css";

/** Asks an agent who has customers in hand whether these may go to colleagues, and gives them. */
export function SignOutDialog({ onStay }: { onStay: () => void }) {
  const { workplace, signOut } = useTools();
  const dialog = useRef<HTMLDialogElement>(null);
  const leaving = useSignal(false);
  const active = workplace.desk.active.value.length;
  // While they go one by one, it still says how many there were.
  const count = useRef(active);
  if (!leaving.value) count.current = active;
  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  const leave = async (): Promise<void> => {
    leaving.value = true;
    await workplace.handOver();
    // Meanwhile another tab may have ended the desk.
    if (dialog.current) signOut();
  };

  return (
    <dialog
      ref={dialog}
      class={styles.dialog}
      aria-labelledby="sign-out-title"
      onClose={onStay}
      onCancel={(event) => {
        if (leaving.value) event.preventDefault();
      }}
    >
      <h2 id="sign-out-title">{t("signOut.title", { count: count.current })}</h2>
      <p class={styles.lead} role="status">
        {t(leaving.value ? "signOut.leaving" : "signOut.text")}
      </p>
      <div class={styles.actions}>
        <Button busy={leaving.value} onClick={() => void leave()}>
          {t("signOut.handOver")}
        </Button>
        <Button variant="primary" held={leaving.value} onClick={() => dialog.current?.close()}>
          {t("signOut.stay")}
        </Button>
      </div>
    </dialog>
  );
}
