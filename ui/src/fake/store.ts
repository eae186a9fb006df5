// The rows that the in-memory backend holds. Those of a large desk are made when somebody looks at them, so that a
// million of them need no more memory than the words they are searched by.
import type { Notification } from "../bindings/Notification";
import type { Mailbox } from "../bindings/Mailbox";
import type { RowSelector } from "../bindings/RowSelector";
import { desk, row } from "./fixtures";

/** Minutes between two rows of a desk. */
const APART = 1.7;

interface Kept {
  /** Oldest first. */
  items: Notification[];
  /** How many rows of a desk lie below them, with the ids from 1 up. */
  below: number;
  /** Those of them that were changed. */
  changed: Map<number, Notification>;
  /** What became of all the others. */
  belowRead: boolean;
  belowDone: boolean;
  /** In the inbox. */
  unread: number;
  total: number;
}

export class FakeStore {
  #kept: Kept;
  #now: number;
  /** By id, what the rows of the desk are searched by. */
  #words: string[] = [];

  /** `items` newest first, with ids above `below`. */
  constructor(items: Notification[], below: number, now: number) {
    this.#now = now;
    const unread = items.filter((item) => !item.read).length + Math.floor(below / 5);
    const total = items.length + below;
    this.#kept = {
      items: items.toReversed(),
      below,
      changed: new Map(),
      belowRead: false,
      belowDone: false,
      unread,
      total,
    };
  }

  get total(): number {
    return this.#kept.total;
  }
  get unread(): number {
    return this.#kept.unread;
  }
  get newest(): number {
    return this.#kept.items.at(-1)?.id ?? this.#kept.below;
  }

  isDone(id: number): boolean {
    return this.#find(id)?.done ?? false;
  }

  add(item: Notification): void {
    this.#kept.items.push(item);
    this.#count(item, 1);
  }

  /** The rows of a place that are older than `before`, newest first. */
  *from(before: number | null, place: Mailbox): Generator<Notification> {
    for (const item of this.#all(before)) if ((item.done ?? false) === (place === "done")) yield item;
  }

  /** All rows, also those that are done, newest first. */
  received(): Generator<Notification> {
    return this.#all(null);
  }

  /** The rows of a booking or flight that are older than `before`, newest first. */
  *of(thread: string, before: number | null): Generator<Notification> {
    for (const item of this.#all(before)) if (item.thread === thread) yield item;
  }

  /** The rows of a place that are older than `before` and hold the letters of every word, newest first. */
  *holding(words: string[], place: Mailbox, before: number | null): Generator<Notification> {
    const { below } = this.#kept;
    for (const item of this.from(before, place)) {
      if (item.id <= below) break;
      yield item;
    }
    for (let id = this.#words.length; id <= below; id += 1) this.#words.push(id === 0 ? "" : deskWords(id));
    for (let id = before === null ? below : Math.min(below, before - 1); id > 0; id -= 1) {
      if (!words.every((word) => this.#words[id]?.includes(word))) continue;
      const item = this.#below(id);
      if ((item.done ?? false) === (place === "done")) yield item;
    }
  }

  /** The ids of the rows that are meant, where they are in this place. */
  ids({ ids, threads, upto }: RowSelector, place: Mailbox | null): number[] {
    const wanted = new Set(ids);
    if (threads.length > 0)
      for (const item of this.#all(upto === undefined ? null : upto + 1))
        if (item.thread && threads.includes(item.thread)) wanted.add(item.id);
    const isThere = (id: number) => place === null || (this.#find(id)?.done ?? false) === (place === "done");
    return [...wanted].filter(isThere);
  }

  /** Marks those rows, or all of the inbox; answers the changed ones, of which many are only counted. */
  setRead(ids: number[] | null, read: boolean): { changed: Notification[]; count: number } {
    if (ids) {
      const changed = this.#change(ids, (item) => (item.read === read ? item : { ...item, read }));
      return { changed, count: changed.length };
    }
    const count = read ? this.#kept.unread : this.#kept.total - this.#kept.unread;
    const changed = this.#change(
      this.#kept.items.filter((item) => !item.done).map((item) => item.id),
      (item) => (item.read === read ? item : { ...item, read }),
    );
    const kept = new Map([...this.#kept.changed].filter(([, item]) => item.done));
    this.#kept = { ...this.#kept, changed: kept, belowRead: read, unread: read ? 0 : this.#kept.total };
    return { changed, count };
  }

  /** Puts those rows away, or brings them back; answers the changed ones. */
  setDone(ids: number[], done: boolean): Notification[] {
    return this.#change(ids, (item) => {
      if ((item.done ?? false) === done) return item;
      const { done: _, ...back } = item;
      return done ? { ...item, read: true, done } : back;
    });
  }

  /** Puts everything away. */
  clear(): void {
    this.setDone(
      this.#kept.items.map((item) => item.id),
      true,
    );
    this.#kept = { ...this.#kept, changed: new Map(), belowRead: true, belowDone: true, unread: 0, total: 0 };
  }

  /** Forgets everything. */
  wipe(): void {
    this.#kept = { items: [], below: 0, changed: new Map(), belowRead: false, belowDone: false, unread: 0, total: 0 };
  }

  /** Makes it possible to come back to the rows as they are now; those that come meanwhile stay. */
  keep(): () => void {
    const kept = { ...this.#kept, items: [...this.#kept.items], changed: new Map(this.#kept.changed) };
    const newest = this.newest;
    return () => {
      const newer = this.#kept.items.filter((item) => item.id > newest);
      this.#kept = kept;
      newer.forEach((item) => this.add(item));
    };
  }

  #count(item: Notification, by: 1 | -1): void {
    if (item.done) return;
    this.#kept.total += by;
    if (!item.read) this.#kept.unread += by;
  }

  #find(id: number): Notification | undefined {
    return id <= this.#kept.below ? this.#below(id) : this.#kept.items.find((item) => item.id === id);
  }

  #change(ids: number[], change: (item: Notification) => Notification): Notification[] {
    const wanted = new Set(ids);
    const changed: Notification[] = [];
    const apply = (item: Notification): Notification => {
      const next = change(item);
      if (next === item) return item;
      this.#count(item, -1);
      this.#count(next, 1);
      changed.push(next);
      return next;
    };
    this.#kept.items = this.#kept.items.map((item) => (wanted.has(item.id) ? apply(item) : item));
    for (const id of ids) {
      if (id < 1 || id > this.#kept.below) continue;
      const item = this.#below(id);
      const next = apply(item);
      if (next !== item) this.#kept.changed.set(id, next);
    }
    return changed;
  }

  *#all(before: number | null): Generator<Notification> {
    const { items, below } = this.#kept;
    for (let at = items.length - 1; at >= 0; at -= 1) {
      const item = items[at];
      if (item && (before === null || item.id < before)) yield item;
    }
    for (let id = before === null ? below : Math.min(below, before - 1); id > 0; id -= 1) yield this.#below(id);
  }

  #below(id: number): Notification {
    const { below, changed, belowRead, belowDone } = this.#kept;
    const known = changed.get(id);
    if (known) return known;
    const made = row(id, desk(id, (below - id) * APART), this.#now);
    return { ...made, ...(belowRead ? { read: true } : {}), ...(belowDone ? { done: true } : {}) };
  }
}

function deskWords(id: number): string {
  const { title, body, pnr, flight, status } = desk(id, 0);
  return [title, body, pnr, ...(flight ?? []), status].join(" ").toLowerCase();
}
