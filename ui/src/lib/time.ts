// Times as people read them, in the language in force. Everything is in the person's own time zone.
import { i18n } from "./i18n/i18n.svelte";

/** `2025-03-14`, local. */
export function dayKey(date: Date): string {
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Today, Yesterday, a week day, or a date. */
export function dayLabel(date: Date, now: Date): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(date) === dayKey(now)) return i18n.messages.time.today;
  if (dayKey(date) === dayKey(yesterday)) return i18n.messages.time.yesterday;
  const { weekday, dated } = i18n.formats;
  return (date.getFullYear() === now.getFullYear() ? weekday : dated).format(date);
}

/** `now`, `4 min`, `2 h`, or the time of day for another day. */
export function rowTime(date: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  if (dayKey(date) !== dayKey(now)) return clockTime(date);
  if (minutes < 1) return i18n.messages.time.now;
  return minutes < 60 ? i18n.messages.time.minutes(minutes) : i18n.messages.time.hours(Math.floor(minutes / 60));
}

/** The time of day. */
export function clockTime(date: Date): string {
  return i18n.formats.clock.format(date);
}

/** Day and time in full words. */
export function fullTime(date: Date): string {
  return i18n.formats.full.format(date);
}

/** Date and time to the second, short. */
export function exactTime(date: Date): string {
  return i18n.formats.exact.format(date);
}

/** Whole seconds from `now` to `date`, never below zero. */
export function secondsUntil(date: Date, now: Date): number {
  return Math.max(0, Math.ceil((date.getTime() - now.getTime()) / 1000));
}

/** `12 s`, `2 min`, `3 h`. */
export function span(seconds: number): string {
  const { seconds: s, minutes, hours } = i18n.messages.time;
  if (seconds < 90) return s(seconds);
  return seconds < 90 * 60 ? minutes(Math.round(seconds / 60)) : hours(Math.round(seconds / 3600));
}
