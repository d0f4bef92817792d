import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { isSend } from "../../../shared/keys.js";
import { MESSAGE_LENGTH } from "../../../shared/protocol.js";
import { characters, isSendable } from "../../../shared/unicode.js";
import { t } from "../../text/index.js";
import type { Conversation } from "../conversation.js";
import type { Widget } from "../widget.js";
import styles from "./Composer.module.css";
import { Icon } from "./Icon.js";
import { Words } from "./Words.js";

/** From here on the writer is told how much room is left. */
const NEARLY_FULL = MESSAGE_LENGTH - 200;

interface Props {
  widget: Widget;
  conversation: Conversation;
}

/** Where the customer writes. Enter sends, Shift and Enter begin a new line. */
export function Composer({ widget, conversation }: Props) {
  const draftName = `composer:${conversation.id}`;
  const kept = widget.memory.draft(draftName);
  const text = useSignal(typeof kept === "string" ? kept : "");
  const area = useRef<HTMLTextAreaElement>(null);
  const length = characters(text.value);
  const sendable = isSendable(text.value, MESSAGE_LENGTH);
  useLayoutEffect(() => fit(area.current), [text.value]);
  useEffect(() => {
    // A phone that is turned breaks the lines elsewhere.
    const refit = () => fit(area.current);
    addEventListener("resize", refit);
    return () => removeEventListener("resize", refit);
  }, []);

  const write = (value: string) => {
    text.value = value;
    widget.memory.keepDraft(draftName, value);
  };
  const send = () => {
    if (!sendable) return;
    conversation.outbox.add(text.value.trim());
    write("");
    area.current?.focus();
  };

  return (
    <form
      class={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class={styles.field}>
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          aria-label={t("composer.label")}
          aria-invalid={length > MESSAGE_LENGTH}
          aria-describedby={length > NEARLY_FULL ? "room" : undefined}
          placeholder={t("composer.placeholder")}
          enterkeyhint="send"
          value={text.value}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!isSend(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <button
          type="submit"
          class={styles.send}
          aria-label={t("composer.send")}
          title={t("composer.send")}
          aria-disabled={!sendable}
        >
          <Icon name="send" />
        </button>
      </div>
      {length > NEARLY_FULL && <Room id="room" left={MESSAGE_LENGTH - length} />}
    </form>
  );
}

function Room({ id, left }: { id: string; left: number }) {
  return (
    <p id={id} class={left < 0 ? styles.over : styles.room}>
      <Words
        text={left < 0 ? t("composer.over", { count: -left }) : t("composer.left", { count: left })}
      />
    </p>
  );
}

function fit(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
