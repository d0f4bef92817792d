import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../Icon/Icon.js";
import styles from "./Menu.module.css";

interface MenuProps {
  /** The name of the list of items. */
  label: string;
  /** Said before what the button shows. */
  buttonLabel: string;
  button: ComponentChildren;
  testId?: string;
  children: ComponentChildren;
}

/**
 * A button that opens a menu. Arrow keys, Home and End move in it, Escape and a click elsewhere
 * leave it, choosing an item closes it.
 */
export function Menu({ label, buttonLabel, button, testId, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return undefined;
    firstFocused(list.current)?.focus();
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    addEventListener("pointerdown", onPointer);
    return () => removeEventListener("pointerdown", onPointer);
  }, [open]);

  const leave = (): void => {
    setOpen(false);
    opener.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") leave();
    else if (event.key === "Tab") setOpen(false);
    else if (moveFocus(list.current, event.key)) event.preventDefault();
  };

  return (
    <div class={styles.root} ref={root}>
      <button
        type="button"
        ref={opener}
        class={styles.opener}
        aria-haspopup="menu"
        aria-expanded={open}
        data-testid={testId}
        onClick={() => setOpen(!open)}
      >
        <span class="visually-hidden">{buttonLabel} </span>
        {button}
      </button>
      {open && (
        <div
          ref={list}
          class={styles.menu}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={onKeyDown}
          onClick={(event) => {
            if (event.target instanceof Element && event.target.closest("[role^=menuitem]"))
              leave();
          }}
        >
          {children}
        </div>
      )}
    </div>
  );
}

interface ItemProps {
  onChoose: () => void;
  disabled?: boolean;
  children: ComponentChildren;
}

export function MenuItem({ onChoose, disabled = false, children }: ItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      class={styles.item}
      tabIndex={-1}
      disabled={disabled}
      onClick={onChoose}
    >
      {children}
    </button>
  );
}

interface ChoiceProps {
  /** One of several, or on and off. */
  kind: "radio" | "checkbox";
  checked: boolean;
  onChoose: () => void;
  children: ComponentChildren;
}

/** An item that shows whether it is chosen. */
export function MenuChoice({ kind, checked, onChoose, children }: ChoiceProps) {
  return (
    <button
      type="button"
      role={kind === "radio" ? "menuitemradio" : "menuitemcheckbox"}
      class={styles.item}
      tabIndex={-1}
      aria-checked={checked}
      onClick={onChoose}
    >
      {children}
      {checked && (
        <span class={styles.checked}>
          <Icon name="check" />
        </span>
      )}
    </button>
  );
}

/** Items that belong together, under a heading. */
export function MenuGroup({ label, children }: { label: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <div class={styles.heading} id={id} role="presentation">
        {label}
      </div>
      {children}
    </div>
  );
}

function itemsOf(menu: Element | null): HTMLElement[] {
  return Array.from(menu?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? []);
}

/** The chosen item gets the focus; else the first one. */
function firstFocused(menu: Element | null): HTMLElement | undefined {
  const items = itemsOf(menu);
  const chosen = items.find((item) => item.matches("[role=menuitemradio][aria-checked=true]"));
  return chosen ?? items[0];
}

function moveFocus(menu: Element | null, key: string): boolean {
  const items = itemsOf(menu);
  const at = items.findIndex((item) => item === document.activeElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: -1,
  };
  const target = targets[key];
  if (target === undefined || items.length === 0) return false;
  items.at(target % items.length)?.focus();
  return true;
}
