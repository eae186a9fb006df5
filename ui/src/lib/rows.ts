// The rows of the list: newest first, each id once. Owns order, paging and grouping.
import type { Criteria } from "../bindings/Criteria";
import type { Notification } from "../bindings/Notification";
import type { Page } from "../bindings/Page";
import { fits } from "./criteria";
import { dayKey, dayLabel } from "./time";

/** What is on screen. */
export interface Rows {
  /** Newest first. */
  items: Notification[];
  /** Whether the store holds older ones than the last. */
  hasMore: boolean;
}

/** One day of rows. */
export interface Day<T> {
  key: string;
  label: string;
  items: T[];
}

/** What has a place in a list: a row, or a booking or flight with its latest row. */
export interface Entry {
  /** Stays the same while `id` grows with each new row. */
  key: string;
  id: number;
  receivedAt: string;
}

export const noRows: Rows = { items: [], hasMore: false };

/** The rows of a first page. */
export function fromPage(page: Page): Rows {
  return { items: [...page.items].sort(newestFirst), hasMore: page.hasMore };
}

/** Adds an older page. Rows that are already there keep the version that is there, which a push may have renewed. */
export function append(rows: Rows, page: Page): Rows {
  const known = new Set(rows.items.map((item) => item.id));
  const items = [...rows.items, ...page.items.filter((item) => !known.has(item.id))].sort(newestFirst);
  return { items, hasMore: page.hasMore };
}

/**
 * Takes in new and changed rows. Rows older than the last one on screen are left to paging. A row that does not fit any
 * more, such as one that has just been read in the unread list, stays where it is, so that nothing moves under the
 * pointer; but one that was put away, or brought back, goes at once. Without criteria everything stays and comes in.
 */
export function upsert(rows: Rows, changed: Notification[], criteria: Criteria | null): { rows: Rows; added: number } {
  const byId = new Map(rows.items.map((item) => [item.id, item]));
  const oldest = rows.hasMore ? rows.items.at(-1)?.id : undefined;
  let added = 0;
  for (const item of changed) {
    if (criteria && (item.done ?? false) !== (criteria.place === "done")) {
      byId.delete(item.id);
      continue;
    }
    if (!byId.has(item.id)) {
      if (oldest !== undefined && item.id < oldest) continue;
      if (criteria && !fits(criteria, item)) continue;
      added += 1;
    }
    byId.set(item.id, item);
  }
  return { rows: { items: [...byId.values()].sort(newestFirst), hasMore: rows.hasMore }, added };
}

/** Lets go of all but the newest `keep` rows; paging brings the others back. */
export function trim(rows: Rows, keep: number): Rows {
  return rows.items.length > keep ? { items: rows.items.slice(0, keep), hasMore: true } : rows;
}

/** The rows without the given ones. */
export function without(rows: Rows, ids: number[]): Rows {
  const gone = new Set(ids);
  return { ...rows, items: rows.items.filter((item) => !gone.has(item.id)) };
}

/** The rows with the given ones read or unread. */
export function withRead(rows: Rows, ids: number[], read: boolean): Rows {
  const wanted = new Set(ids);
  return { ...rows, items: rows.items.map((item) => (wanted.has(item.id) ? { ...item, read } : item)) };
}

/** The rows by the local day on which they arrived. */
export function byDay<T extends Pick<Entry, "id" | "receivedAt">>(items: T[], now: Date): Day<T>[] {
  const days: Day<T>[] = [];
  const seen = new Set<string>();
  let current = "";
  for (const item of items) {
    const received = new Date(item.receivedAt);
    const day = dayKey(received);
    const last = days.at(-1);
    if (last && current === day) {
      last.items.push(item);
      continue;
    }
    // A clock that was set back can bring the same day twice; the key in the page has to stay unique.
    const key = seen.has(day) ? `${day}/${item.id}` : day;
    days.push({ key, label: dayLabel(received, now), items: [item] });
    seen.add(day);
    current = day;
  }
  return days;
}

function newestFirst(a: Notification, b: Notification): number {
  return b.id - a.id;
}
