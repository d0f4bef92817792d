/** The part of a key press that tells what the writer wants. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey" | "isComposing" | "keyCode"
>;

/** Safari ends a composition before it tells of the key that ended it; only this code tells. */
const COMPOSING = 229;

/** Whether a key press belongs to an input method, which picks or gives up a word with it. */
function isComposing(press: Pick<KeyPress, "isComposing" | "keyCode">): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells, in Safari
  return press.isComposing || press.keyCode === COMPOSING;
}

/** Whether a key press sends what is written: Enter, also with Ctrl or Cmd, not with Shift or Alt. */
export function isSend(press: KeyPress): boolean {
  return press.key === "Enter" && !press.shiftKey && !press.altKey && !isComposing(press);
}

/** Whether a key press leaves what is open. */
export function isLeave(press: Pick<KeyPress, "key" | "isComposing" | "keyCode">): boolean {
  return press.key === "Escape" && !isComposing(press);
}
