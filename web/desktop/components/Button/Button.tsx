import type { ButtonHTMLAttributes, Ref } from "preact";
import { Icon, type IconName } from "../Icon/Icon.js";
import styles from "./Button.module.css";

type Variant = "primary" | "secondary" | "quiet" | "danger";

interface Props extends ButtonHTMLAttributes {
  variant?: Variant;
  size?: "small" | "normal" | "large";
  busy?: boolean;
  /** Does nothing for now, and looks like it, but keeps the focus, which `disabled` would drop. */
  held?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** While `busy` it keeps its width and the focus, and does nothing. */
export function Button(props: Props) {
  const {
    variant = "secondary",
    size = "normal",
    busy = false,
    held = false,
    buttonRef,
    ...rest
  } = props;
  const { children, onClick, ...attributes } = rest;
  return (
    <button
      type="button"
      {...attributes}
      ref={buttonRef ?? null}
      class={[
        styles.button,
        styles[variant],
        styles[size],
        busy && styles.busy,
        held && styles.held,
      ]
        .filter(Boolean)
        .join(" ")}
      {...(busy || held ? { "aria-disabled": true } : {})}
      {...(busy || held ? { onClick: preventDefault } : onClick ? { onClick } : {})}
    >
      {children}
    </button>
  );
}

function preventDefault(event: Event): void {
  event.preventDefault();
}

interface IconButtonProps extends ButtonHTMLAttributes {
  icon: IconName;
  label: string;
  iconSize?: number;
}

export function IconButton({ icon, label, iconSize = 18, ...attributes }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...attributes}
      class={styles.iconButton}
      aria-label={label}
    >
      <Icon name={icon} size={iconSize} />
    </button>
  );
}
