/** What can be done with a key from anywhere on the desk. */
export type Shortcut = "accept" | "next" | "previous";

interface Keys {
  key: string;
  shift: boolean;
  /** As the screens show it, and as `aria-keyshortcuts` wants it. */
  shown: string;
  aria: string;
}

/**
 * Function keys write nothing on any keyboard, with any modifier. F2 and F8 belong to no browser
 * and to no screen reader; letters with Alt, Option, AltGr or Ctrl + Alt all write somewhere.
 */
export const SHORTCUTS: Readonly<Record<Shortcut, Keys>> = {
  accept: { key: "F2", shift: false, shown: "F2", aria: "F2" },
  next: { key: "F8", shift: false, shown: "F8", aria: "F8" },
  previous: { key: "F8", shift: true, shown: "Shift F8", aria: "Shift+F8" },
};

/** The part of a key press that tells what is wanted. */
export type Press = Pick<
  KeyboardEvent,
  "key" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey" | "isComposing" | "repeat"
>;

/** What a key press asks for; null for all that writes, is held down, or is another's. */
export function shortcutOf(press: Press): Shortcut | null {
  if (press.repeat || press.isComposing) return null;
  if (press.altKey || press.ctrlKey || press.metaKey) return null;
  const all = Object.keys(SHORTCUTS) as Shortcut[];
  const asked = all.find(
    (name) => SHORTCUTS[name].key === press.key && SHORTCUTS[name].shift === press.shiftKey,
  );
  return asked ?? null;
}
