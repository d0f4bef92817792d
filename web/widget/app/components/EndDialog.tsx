import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../text/index.js";
import type { Conversation } from "../conversation.js";
import { Button } from "./Button.js";
import styles from "./EndDialog.module.css";
import { Words } from "./Words.js";

/** Asks before a conversation is ended, because it cannot be taken back. */
export function EndDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const state = useSignal<"asking" | "ending" | "failed">("asking");
  useLayoutEffect(() => dialog.current?.showModal(), []);

  const end = async () => {
    state.value = "ending";
    try {
      await conversation.end();
      onClose();
    } catch {
      state.value = "failed";
    }
  };

  return (
    <dialog
      ref={dialog}
      class={styles.dialog}
      aria-labelledby="end-title"
      aria-describedby="end-body"
      onClose={onClose}
    >
      <h2 id="end-title">{t("end.title")}</h2>
      <p id="end-body">{t("end.body")}</p>
      {state.value === "failed" && (
        <p role="alert" class={styles.failed}>
          {t("end.failed")}
        </p>
      )}
      <div class={styles.buttons}>
        <Button look="plain" onClick={() => dialog.current?.close()}>
          {t("end.cancel")}
        </Button>
        <Button look="danger" busy={state.value === "ending"} onClick={() => void end()}>
          <Words text={t(state.value === "ending" ? "end.ending" : "end.confirm")} />
        </Button>
      </div>
    </dialog>
  );
}
