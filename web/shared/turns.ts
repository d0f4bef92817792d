/**
 * Runs the action while no other tab runs one of that name. Without locks, or where the browser
 * refuses them, it runs at once: whatever is done in turns must be harmless when done twice.
 */
export async function inTurn<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  if (!("locks" in navigator)) return action();
  let begun = false as boolean;
  try {
    return await navigator.locks.request(name, () => {
      begun = true;
      return action();
    });
  } catch (error) {
    if (begun) throw error;
    // Frames without a storage of their own are refused locks as well.
    return action();
  }
}
