// The rows of the list: newest first, each id once. Owns order and paging.
import type { Criteria } from "../bindings/Criteria";
import type { Notification } from "../bindings/Notification";
import type { Page } from "../bindings/Page";
import { fits } from "./criteria";

/** What is on screen. */
export interface Rows {
  /** Newest first. */
  items: Notification[];
  /** Whether the store holds older ones than the last. */
  hasMore: boolean;
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

/** The row with this id. */
export function find(rows: Rows, id: number): Notification | undefined {
  const item = rows.items[placeOf(rows.items, id)];
  return item?.id === id ? item : undefined;
}

/** Adds an older page. Rows that are already there keep the version that is there, which a push may have renewed. */
export function append(rows: Rows, page: Page): Rows {
  const fresh = page.items.filter((item) => !find(rows, item.id)).sort(newestFirst);
  return { items: merge(rows.items, fresh), hasMore: page.hasMore };
}

/**
 * Takes in new and changed rows. Rows older than the last one on screen are left to paging. A row that does not fit any
 * more, such as one that has just been read in the unread list, stays where it is, so that nothing moves under the
 * pointer; but one that was put away, or brought back, goes at once. Without criteria everything stays and comes in.
 */
export function upsert(rows: Rows, changed: Notification[], criteria: Criteria | null): { rows: Rows; added: number } {
  const oldest = rows.hasMore ? rows.items.at(-1)?.id : undefined;
  const kept = [...rows.items];
  const fresh = new Map<number, Notification>();
  const gone = new Set<number>();
  for (const item of changed) {
    const place = placeOf(kept, item.id);
    const isHere = kept[place]?.id === item.id && !gone.has(item.id);
    if (criteria && (item.done ?? false) !== (criteria.place === "done")) {
      fresh.delete(item.id);
      if (isHere) gone.add(item.id);
    } else if (isHere) kept[place] = item;
    else if (fresh.has(item.id) || ((oldest === undefined || item.id > oldest) && (!criteria || fits(criteria, item))))
      fresh.set(item.id, item);
  }
  const left = gone.size > 0 ? kept.filter((item) => !gone.has(item.id)) : kept;
  const items = merge(left, [...fresh.values()].sort(newestFirst));
  return { rows: { items, hasMore: rows.hasMore }, added: fresh.size };
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

/** Where a row with this id is or would be: looked for by halves, since there may be very many. */
function placeOf(items: Notification[], id: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.id ?? 0) > id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both lists as one; each newest first, and no row in both. Mostly one is all above or below the other. */
function merge(a: Notification[], b: Notification[]): Notification[] {
  const [first, last] = [b[0], b.at(-1)];
  if (!first || !last) return a;
  if (placeOf(a, first.id) === placeOf(a, last.id)) {
    const at = placeOf(a, first.id);
    return a.slice(0, at).concat(b, a.slice(at));
  }
  return a.concat(b).sort(newestFirst);
}

function newestFirst(a: Notification, b: Notification): number {
  return b.id - a.id;
}
