// The rows that the in-memory backend holds. Those of a large desk are made when somebody looks at them, so that a
// million of them need no more memory than the words they are searched by.
import type { Notification } from "../bindings/Notification";
import { desk, row } from "./story";

/** Minutes between two rows of a desk. */
const APART = 1.7;

interface Kept {
  /** Oldest first. */
  items: Notification[];
  /** How many rows of a desk lie below them, with the ids from 1 up. */
  below: number;
  /** Those of them that were changed. */
  changed: Map<number, Notification>;
  /** Whether all of them were marked read. */
  belowRead: boolean;
  unread: number;
}

export class Shelf {
  #kept: Kept;
  #now: number;
  /** By id, what the rows of the desk are searched by. */
  #words: string[] = [];

  /** `items` newest first, with ids above `below`. */
  constructor(items: Notification[], below: number, now: number) {
    this.#now = now;
    const unread = items.filter((item) => !item.read).length + Math.floor(below / 5);
    this.#kept = { items: items.toReversed(), below, changed: new Map(), belowRead: false, unread };
  }

  get total(): number {
    return this.#kept.items.length + this.#kept.below;
  }
  get unread(): number {
    return this.#kept.unread;
  }
  get newest(): number {
    return this.#kept.items.at(-1)?.id ?? this.#kept.below;
  }

  add(item: Notification): void {
    this.#kept.items.push(item);
    if (!item.read) this.#kept.unread += 1;
  }

  /** The rows older than `before`, newest first. */
  *from(before: number | null): Generator<Notification> {
    const { items, below } = this.#kept;
    for (let at = items.length - 1; at >= 0; at -= 1) {
      const item = items[at];
      if (item && (before === null || item.id < before)) yield item;
    }
    for (let id = before === null ? below : Math.min(below, before - 1); id > 0; id -= 1) yield this.#below(id);
  }

  /** The rows older than `before` that hold the letters of every word, newest first. */
  *holding(words: string[], before: number | null): Generator<Notification> {
    const { below } = this.#kept;
    for (const item of this.from(before)) {
      if (item.id <= below) break;
      yield item;
    }
    for (let id = this.#words.length; id <= below; id += 1) this.#words.push(id === 0 ? "" : deskWords(id));
    for (let id = before === null ? below : Math.min(below, before - 1); id > 0; id -= 1) {
      if (words.every((word) => this.#words[id]?.includes(word))) yield this.#below(id);
    }
  }

  /** Marks those rows, or all of them; answers the changed ones, of which many are only counted. */
  setRead(ids: number[] | null, read: boolean): { changed: Notification[]; count: number } {
    const changed: Notification[] = [];
    const { items, below } = this.#kept;
    const wanted = ids && new Set(ids);
    this.#kept.items = items.map((item) => {
      if (item.read === read || (wanted && !wanted.has(item.id))) return item;
      const next = { ...item, read };
      changed.push(next);
      return next;
    });
    if (!ids) {
      const count = read ? this.#kept.unread : this.total - this.#kept.unread;
      this.#kept = { ...this.#kept, changed: new Map(), belowRead: read, unread: read ? 0 : this.total };
      return { changed, count };
    }
    const marked = new Map(this.#kept.changed);
    for (const id of ids) {
      if (id < 1 || id > below) continue;
      const item = this.#below(id);
      if (item.read === read) continue;
      marked.set(id, { ...item, read });
      changed.push({ ...item, read });
    }
    const unread = this.#kept.unread + (read ? -changed.length : changed.length);
    this.#kept = { ...this.#kept, changed: marked, unread };
    return { changed, count: changed.length };
  }

  clear(): void {
    this.#kept = { items: [], below: 0, changed: new Map(), belowRead: false, unread: 0 };
  }

  /** Makes it possible to come back to the rows as they are now; those that come meanwhile stay. */
  keep(): () => void {
    const kept = { ...this.#kept, items: [...this.#kept.items] };
    const newest = this.newest;
    return () => {
      const newer = this.#kept.items.filter((item) => item.id > newest);
      const unread = kept.unread + newer.filter((item) => !item.read).length;
      this.#kept = { ...kept, items: [...kept.items, ...newer], unread };
    };
  }

  #below(id: number): Notification {
    const { below, changed, belowRead } = this.#kept;
    const known = changed.get(id);
    if (known) return known;
    const told = desk(id, (below - id) * APART);
    return row(id, belowRead ? { ...told, read: true } : told, this.#now);
  }
}

function deskWords(id: number): string {
  const { title, body, pnr, flight, status } = desk(id, 0);
  return [title, body, pnr, ...(flight ?? []), status].join(" ").toLowerCase();
}
