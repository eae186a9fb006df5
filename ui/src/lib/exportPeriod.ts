// From when to when rows are exported, as a person chooses it.

/** Hours back, or `all`, or `own` for two moments. */
export const PERIODS = ["1", "8", "24", "168", "all", "own"] as const;
export type Period = (typeof PERIODS)[number];

export interface ExportPeriod {
  from: string | null;
  to: string | null;
}

/** What is wrong with the two moments, and which of them it is about. */
export type PeriodError = { field: "from" | "to"; reason: "noTime" | "backwards" };

const HOUR_MS = 60 * 60_000;

/** The span of a period; `from` and `to` are what `datetime-local` gives, in this machine's time, for `own`. */
export function exportPeriodOf(period: Period, from: string, to: string, now: Date): ExportPeriod | PeriodError {
  if (period === "all") return { from: null, to: null };
  if (period !== "own") return { from: new Date(now.getTime() - Number(period) * HOUR_MS).toISOString(), to: null };
  const [begin, end] = [new Date(from), new Date(to)];
  if (isNaN(begin.getTime())) return { field: "from", reason: "noTime" };
  if (isNaN(end.getTime())) return { field: "to", reason: "noTime" };
  if (end <= begin) return { field: "to", reason: "backwards" };
  return { from: begin.toISOString(), to: end.toISOString() };
}

/** A moment as `datetime-local` takes it. */
export function localMinute(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
