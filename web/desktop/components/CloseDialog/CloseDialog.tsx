import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { problemText } from "../../text/problem.js";
import { useTools } from "../../tools.js";
import { Button } from "../Button/Button.js";
import styles from "./CloseDialog.module.css";
import { Dispositions } from "./Dispositions.js";

const NOTE_LENGTH = 1000;
const PROBLEM = "close-problem";

interface Props {
  conversation: Conversation;
  onDone: () => void;
}

/** Asks how the conversation came out, and closes it. It goes away with its conversation. */
export function CloseDialog({ conversation, onDone }: Props) {
  const { workplace } = useTools();
  const dialog = useRef<HTMLDialogElement>(null);
  const disposition = useSignal<string | null>(null);
  const note = useSignal("");
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const { customer, dispositions } = conversation.view.value;

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  const close = async (): Promise<void> => {
    if (busy.value) return;
    if (dispositions.length > 0 && disposition.value === null) {
      problem.value = t("close.missing");
      dialog.current?.querySelector<HTMLElement>("input[type=radio]")?.focus();
      return;
    }
    busy.value = true;
    problem.value = null;
    try {
      await workplace.close(conversation.id, disposition.value, note.value.trim() || null);
    } catch (error) {
      problem.value = problemText(error);
    } finally {
      busy.value = false;
    }
  };

  return (
    <dialog ref={dialog} class={styles.dialog} aria-labelledby="close-title" onClose={onDone}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void close();
        }}
      >
        <h2 id="close-title" dir="auto">
          {t("close.title", { name: customer.name })}
        </h2>
        <Warnings conversation={conversation} />
        <Dispositions
          options={dispositions}
          chosen={disposition}
          problemId={problem.value ? PROBLEM : null}
        />
        <label class={styles.note}>
          {t("close.note")}
          <textarea
            rows={3}
            maxLength={NOTE_LENGTH}
            placeholder={t("close.notePlaceholder")}
            value={note.value}
            onInput={(event) => (note.value = event.currentTarget.value)}
          />
        </label>
        {problem.value && (
          <p class={styles.problem} id={PROBLEM} role="alert">
            {problem.value}
          </p>
        )}
        <div class={styles.actions}>
          <Button onClick={() => dialog.current?.close()}>{t("close.cancel")}</Button>
          <Button type="submit" variant="primary" busy={busy.value}>
            {t("close.confirm")}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

function Warnings({ conversation }: { conversation: Conversation }) {
  const { status, view, unsent } = conversation;
  const name = view.value.customer.name;
  return (
    <>
      {status.value === "active" && <p class={styles.lead}>{t("close.active", { name })}</p>}
      {unsent.value.length > 0 && (
        <p class={styles.warning}>{t("close.pending", { count: unsent.value.length })}</p>
      )}
    </>
  );
}
