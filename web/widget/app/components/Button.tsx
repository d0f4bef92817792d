import type { ComponentChildren } from "preact";
import styles from "./Button.module.css";

interface Props {
  children: ComponentChildren;
  type?: "button" | "submit";
  look?: "main" | "plain" | "danger";
  busy?: boolean;
  onClick?: () => void;
}

/** A button with a text. While busy it stays where it is and does nothing. */
export function Button({ children, type = "button", look = "main", busy = false, onClick }: Props) {
  return (
    <button
      type={type}
      class={`${styles.button} ${styles[look]}`}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}
