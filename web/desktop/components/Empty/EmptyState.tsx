import type { ComponentChildren } from "preact";
import styles from "./EmptyState.module.css";
import { Drawing, type DrawingName } from "./Drawing.js";

interface Props {
  drawing: DrawingName;
  title: string;
  text: string;
  children?: ComponentChildren;
}

/** A pane with nothing in it says why, and what to do. */
export function EmptyState({ drawing, title, text, children }: Props) {
  return (
    <div class={styles.empty}>
      <Drawing name={drawing} />
      <h1 tabIndex={-1} data-home="main">
        {title}
      </h1>
      <p>{text}</p>
      {children && <div class={styles.action}>{children}</div>}
    </div>
  );
}
