import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { isSend } from "../../../shared/keys.js";
import { isBlank } from "../../../shared/unicode.js";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { Button } from "../Button/Button.js";
import { Icon } from "../Icon/Icon.js";
import styles from "./Composer.module.css";
import { room } from "./limits.js";
import { Meter } from "./Meter.js";

interface Props {
  conversation: Conversation;
  /** Whether the agent came to write, and not just to look. */
  focus: boolean;
}

/** Give it the conversation's id as key. */
export function Composer({ conversation, focus }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  const text = conversation.draft.value;
  const { channel, customer } = conversation.view.value;
  const closed = conversation.optedOut.value;
  // The blanks around a text are neither sent nor counted.
  const sendable = !closed && !isBlank(text) && !room(text.trim(), channel).over;

  const send = (): void => {
    if (!sendable) return;
    conversation.outbox.add(text.trim());
    conversation.setDraft("");
    box.current?.focus();
  };

  useLayoutEffect(() => {
    if (box.current) grow(box.current);
  }, [text]);

  // On a phone the keyboard would cover the transcript that was just opened.
  useEffect(() => {
    const touch = matchMedia("(pointer: coarse)").matches;
    if (focus && !touch) box.current?.focus({ preventScroll: true });
  }, [focus]);

  return (
    <form
      class={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div role="status">
        {closed && (
          <p class={styles.closed} id="composer-closed">
            {t("composer.optedOut", { name: customer.name })}
          </p>
        )}
      </div>
      <div class={closed ? styles.closedBox : styles.box}>
        <textarea
          ref={box}
          rows={1}
          aria-label={t("composer.label")}
          aria-describedby={closed ? "composer-closed" : "composer-hint"}
          placeholder={closed ? undefined : t("composer.placeholder")}
          title={closed ? undefined : t("composer.hint")}
          // Not disabled: it keeps the focus, and what was written can still be copied.
          readOnly={closed}
          value={text}
          dir="auto"
          enterkeyhint="send"
          onInput={(event) => conversation.setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!isSend(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <Button type="submit" variant="primary" disabled={!sendable}>
          <Icon name="send" />
          {t("composer.send")}
        </Button>
      </div>
      {!closed && <Meter text={text} channel={channel} />}
      <span id="composer-hint" class="visually-hidden">
        {t("composer.hint")}
      </span>
    </form>
  );
}

/** As high as its text, up to what the style sheet allows. */
function grow(box: HTMLTextAreaElement): void {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
