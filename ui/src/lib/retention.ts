// How long rows are kept. Pure; the resident's limits are those of `domain::settings`.

/** What is offered. */
export const KEEP_DAYS: readonly number[] = [7, 14, 30, 60, 90, 180, 365];
/** Rows at most, whatever their age. */
export const MOST_ROWS = 200_000;
export const MOST_DAYS = 365;

/** What holds where nothing is chosen. */
export function usualDays(desk: boolean): number {
  return desk ? 30 : 90;
}

/** The days that were typed; none for what is no such number. */
export function daysOf(text: string): number | null {
  const days = Number(text);
  return /^\s*\d+\s*$/.test(text) && days >= 1 && days <= MOST_DAYS ? days : null;
}
