// Times of day and days of the week, as the settings hold them. Pure.
import type { Day } from "../bindings/Day";

export const WEEK: Day[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Whether it is a time of day; where the engine has no field for times, anything can be typed. */
export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/** The minute of the day; `22:00` and `22:00:00` alike. */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
