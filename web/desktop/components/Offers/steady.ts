import { useEffect, useState } from "preact/hooks";

/** A click that was on its way when something appeared was meant for what was there. */
export const GUARD_MS = 600;

/** Whether something has been in its place for long enough to be meant by what a person does. */
export function useSteady(place: number): boolean {
  const [steadyAt, setSteadyAt] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSteadyAt(place), GUARD_MS);
    return () => clearTimeout(timer);
  }, [place]);
  return steadyAt === place;
}
