/** The time of day of a protocol timestamp, as the reader writes it: `14:05` or `2:05 PM`. */
export function timeOfDay(at: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(
    new Date(at),
  );
}

/** Date and time in full, for tooltips and screen readers. */
export function fullTime(at: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(
    new Date(at),
  );
}

/** Whether two protocol timestamps fall on one day of the reader's calendar. */
export function sameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** The name of a day: "today" and "yesterday" in the reader's language, else the date. */
export function dayName(at: string, now: Date, locale?: string): string {
  const day = new Date(at);
  const midnight = (date: Date) => new Date(date).setHours(0, 0, 0, 0);
  const daysAgo = Math.round((midnight(now) - midnight(day)) / 86_400_000);
  if (daysAgo === 0 || daysAgo === 1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-daysAgo, "day");
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  const sameYear = day.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(day);
}
