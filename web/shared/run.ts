/** Milliseconds: messages of one sender that are further apart do not belong to one run. */
const RUN_ENDS_AFTER = 3 * 60_000;

/** Whether a message follows another so soon that both are drawn as one run. */
export function isSoon(at: string, next: string): boolean {
  return Date.parse(next) - Date.parse(at) < RUN_ENDS_AFTER;
}
