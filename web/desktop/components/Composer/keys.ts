/** The part of a key press that tells what the writer wants. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey" | "isComposing" | "keyCode"
>;

/** Safari ends a composition before it tells of the Enter that ended it; only this code tells. */
const COMPOSING = 229;

/**
 * Whether a key press sends what is written: Enter, also with Ctrl or Cmd. Shift or Alt break the
 * line, and an Enter that picks a word in an input method is none of ours.
 */
export function isSend(press: KeyPress): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells, in Safari
  if (press.isComposing || press.keyCode === COMPOSING) return false;
  return press.key === "Enter" && !press.shiftKey && !press.altKey;
}
