import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { Button } from "../Button/Button.js";
import { Icon } from "../Icon/Icon.js";
import styles from "./Composer.module.css";
import { isSend } from "../../../shared/keys.js";
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
  const { channel } = conversation.view.value;
  const sendable = text.trim() !== "" && !room(text, channel).over;

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
      <div class={styles.box}>
        <textarea
          ref={box}
          rows={1}
          aria-label={t("composer.label")}
          aria-describedby="composer-hint"
          placeholder={t("composer.placeholder")}
          title={t("composer.hint")}
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
      <Meter text={text} channel={channel} />
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
