import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../text/index.js";
import styles from "./Field.module.css";

interface Props {
  label: string;
  type?: "text" | "email" | "password";
  value: string;
  onValue: (value: string) => void;
  autocomplete: "username" | "current-password" | "new-password" | "one-time-code";
  inputMode?: "email" | "numeric";
  /** The id of what explains the field. */
  describedBy?: string;
  /** What keeps the form from being sent; empty where nothing does. */
  problem?: string;
  /** Whether the agent begins here: asked when the field appears, and never while they type. */
  focus?: boolean;
}

/** A labelled input; passwords can be looked at. */
export function Field({ label, type = "text", value, onValue, ...props }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { focus = false, inputMode, describedBy, problem = "", autocomplete } = props;
  const beginsHere = useRef(focus);
  useEffect(() => {
    if (beginsHere.current) input.current?.focus();
  }, []);
  useLayoutEffect(() => input.current?.setCustomValidity(problem), [problem]);
  const secret = type === "password";
  // The types of inputs know each type of input apart; for this one they do not differ.
  const shownType = (secret && shown ? "text" : type) as "text";
  return (
    <div class={styles.field}>
      <label for={id}>{label}</label>
      <div class={styles.box}>
        <input
          id={id}
          ref={input}
          required
          autocomplete={autocomplete}
          inputMode={inputMode}
          aria-describedby={describedBy}
          type={shownType}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        {secret && (
          <button type="button" class={styles.show} onClick={() => setShown(!shown)}>
            {shown ? t("signIn.hide") : t("signIn.show")}
          </button>
        )}
      </div>
    </div>
  );
}
