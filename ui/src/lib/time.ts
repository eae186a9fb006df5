// Times as people read them. Everything is in the person's own time zone.

/** English words; the person's own English decides between 24 h and am/pm. */
const locale = typeof navigator !== "undefined" && navigator.language.startsWith("en") ? navigator.language : "en-GB";

const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const dated = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const number = new Intl.NumberFormat(locale);

/** `2025-03-14`, local. */
export function dayKey(date: Date): string {
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Today, Yesterday, a week day, or a date. */
export function dayLabel(date: Date, now: Date): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(date) === dayKey(now)) return "Today";
  if (dayKey(date) === dayKey(yesterday)) return "Yesterday";
  return (date.getFullYear() === now.getFullYear() ? weekday : dated).format(date);
}

/** `now`, `4 min`, `2 h`, or the time of day for another day. */
export function rowTime(date: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  if (dayKey(date) !== dayKey(now)) return clock.format(date);
  if (minutes < 1) return "now";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** The time of day. */
export function clockTime(date: Date): string {
  return clock.format(date);
}

/** Day and time in full words. */
export function fullTime(date: Date): string {
  return full.format(date);
}

/** Date and time to the second, short. */
export function exactTime(date: Date): string {
  return exact.format(date);
}

/** Whole seconds from `now` to `date`, never below zero. */
export function secondsUntil(date: Date, now: Date): number {
  return Math.max(0, Math.ceil((date.getTime() - now.getTime()) / 1000));
}

/** `12 s`, `2 min`. */
export function span(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** `1,234`. */
export function count(value: number): string {
  return number.format(value);
}

/** `1 row`, `2 rows`. */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
