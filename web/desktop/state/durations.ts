/** How long something takes or took, in the shortest form that tells: 0:45, 12:03, 1:02:03, 2 d. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const days = Math.floor(seconds / 86_400);
  if (days > 0) return `${days} d`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export interface Countdown {
  /** Whole seconds left, as one says them: 3, 2, 1, 0. */
  seconds: number;
  /** From 1 (all the time is left) to 0. */
  fraction: number;
}

export function countdown(endsAt: number, total: number, now: number): Countdown {
  const left = Math.min(Math.max(0, endsAt - now), total);
  return { seconds: Math.ceil(left / 1000), fraction: total > 0 ? left / total : 0 };
}
