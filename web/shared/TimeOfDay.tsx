import { fullTime, timeOfDay } from "./time.js";

/** A time of day that keeps its own direction: "2:05 PM" also where the page runs right to left. */
export function TimeOfDay({ at, locale }: { at: string; locale?: string }) {
  return (
    <time dir="auto" dateTime={at} title={fullTime(at, locale)}>
      {timeOfDay(at, locale)}
    </time>
  );
}
