// Where each row of a long list is, so that only those near the view need to exist in the page. Knows no DOM: heights come
// from outside as they are measured, and until then a row is as high as those that were.
import type { Entry } from "./rows";

/** As high as a row is taken for before any was measured, in pixels. */
const ROW = 68;

/** A row that is to exist in the page. */
export interface Placed<T> {
  entry: T;
  index: number;
  /** From 1, in its day; and how many that day has, −1 while older ones may belong to it. */
  position: number;
  of: number;
  /** The height of the rows left out between it and the one before, in pixels. */
  space: number;
}

/** A day of which at least one row is to exist. */
export interface Section<T> {
  key: string;
  /** When its newest row came. */
  receivedAt: string;
  first: boolean;
  /** The height of the days left out above it, in pixels. */
  space: number;
  /** The height of its rows left out above and below the others, in pixels. */
  before: number;
  after: number;
  rows: Placed<T>[];
}

/** What is to exist, and the height of all that is left out below. */
export interface Drawing<T> {
  sections: Section<T>[];
  below: number;
}

interface Day {
  key: string;
  start: number;
  end: number;
  top: number;
  bottom: number;
}

export class Layout<T extends Entry> {
  #entries: T[] = [];
  /** By row: its height, 0 where it was never measured; and the day it belongs to, as the local midnight before it. */
  #heights: number[] = [];
  #midnights: number[] = [];
  #estimate = 0;
  /** The heights of a day's name, the first of the list and another, and of the edge around a day's rows. */
  #names = { first: 33, other: 43 };
  #edge: number;
  /** Sums of all that: computed when asked for after a change. */
  #tops = new Float64Array(0);
  #days: Day[] = [];
  #total = 0;
  #stale = true;
  #placed = new Map<string, Placed<T>>();

  constructor(edge: number) {
    this.#edge = edge;
  }

  /** The height of all. */
  get total(): number {
    this.#sum();
    return this.#total;
  }

  /** Takes another list. Answers where a row of the one before is now, or -1. Costs little where most of it is the same. */
  take(entries: T[]): (index: number) => number {
    const before = this.#entries;
    if (entries === before) return (index) => index;
    const { head, tail } = common(before, entries);
    const oldEnd = before.length - tail;
    const end = entries.length - tail;
    const known = new Map<string, number>();
    for (let at = head; at < oldEnd; at += 1) known.set(before[at]?.key ?? "", at);
    const now = new Map<number, number>();
    const heights: number[] = [];
    const midnights: number[] = [];
    for (let at = head; at < end; at += 1) {
      const entry = entries[at];
      if (!entry) continue;
      const was = known.get(entry.key);
      if (was !== undefined) now.set(was, at);
      heights.push(was === undefined ? 0 : (this.#heights[was] ?? 0));
      midnights.push(midnight(entry.receivedAt));
    }
    this.#heights = this.#heights.slice(0, head).concat(heights, this.#heights.slice(oldEnd));
    this.#midnights = this.#midnights.slice(0, head).concat(midnights, this.#midnights.slice(oldEnd));
    this.#entries = entries;
    this.#stale = true;
    return (index) => {
      if (index < head) return index;
      return index >= oldEnd ? index + entries.length - before.length : (now.get(index) ?? -1);
    };
  }

  /** A row is that high. Answers whether that is new. */
  measured(index: number, height: number): boolean {
    if (this.#heights[index] === height || this.#heights[index] === undefined) return false;
    this.#heights[index] = height;
    this.#estimate ||= height;
    this.#stale = true;
    return true;
  }

  /** The name of the first day, or of another, is that high. Answers whether that is new. */
  named(first: boolean, height: number): boolean {
    const which = first ? "first" : "other";
    if (this.#names[which] === height) return false;
    this.#names[which] = height;
    this.#stale = true;
    return true;
  }

  /** Where a row begins. */
  top(index: number): number {
    this.#sum();
    return this.#tops[index] ?? 0;
  }

  height(index: number): number {
    return this.#heights[index] || this.#estimate || ROW;
  }

  /** Where a row is that has this key; looked for near `hint` first. */
  indexOf(key: string, hint = 0): number {
    const { length } = this.#entries;
    for (let by = 0; by < length; by += 1) {
      if (this.#entries[hint + by]?.key === key) return hint + by;
      if (this.#entries[hint - by]?.key === key) return hint - by;
      if (hint + by >= length && hint - by < 0) break;
    }
    return -1;
  }

  /** The rows that `top` to `bottom` shows a part of, from the first to before the last; at most `most`, at least one. */
  range(top: number, bottom: number, most: number): [from: number, to: number] {
    const { length } = this.#entries;
    if (length === 0) return [0, 0];
    this.#sum();
    let from = Math.max(0, this.#firstBelow(top) - 1);
    // Between two days there is nothing of a row.
    if (from < length - 1 && this.top(from) + this.height(from) <= top) from += 1;
    return [from, Math.min(length, from + most, Math.max(from + 1, this.#firstBelow(bottom)))];
  }

  /** What is to exist: the rows of a range, and one beside it. `more`: whether older ones may come. */
  draw([from, to]: [number, number], pin: number, more: boolean): Drawing<T> {
    this.#sum();
    const rows: number[] = [];
    if (pin >= 0 && pin < from) rows.push(pin);
    for (let at = from; at < to; at += 1) rows.push(at);
    if (pin >= to && pin < this.#entries.length) rows.push(pin);
    const sections: Section<T>[] = [];
    const placed = new Map<string, Placed<T>>();
    let reached = 0;
    let day: Day | undefined;
    for (const index of rows) {
      const entry = this.#entries[index];
      if (!entry) continue;
      const top = this.top(index);
      let section = sections.at(-1);
      if (!day || !section || index >= day.end) {
        if (day && section) section.after = day.bottom - this.#edge - reached;
        const space = day?.bottom ?? 0;
        day = this.#dayOf(index);
        if (!day) break;
        const { key, start } = day;
        const { receivedAt } = this.#entries[start] ?? entry;
        const before = top - this.top(start);
        section = { key, receivedAt, first: start === 0, space: day.top - space, before, after: 0, rows: [] };
        sections.push(section);
        reached = top;
      }
      const of = more && day.end === this.#entries.length ? -1 : day.end - day.start;
      const made = { entry, index, position: index - day.start + 1, of, space: top - reached };
      const old = this.#placed.get(entry.key);
      const kept = old && sameEach(old, made) ? old : made;
      placed.set(entry.key, kept);
      section.rows.push(kept);
      reached = top + this.height(index);
    }
    const last = sections.at(-1);
    if (day && last) last.after = day.bottom - this.#edge - reached;
    // What has not changed stays the same object, so that the page need not look at it again.
    this.#placed = placed;
    return { sections, below: this.#total - (day?.bottom ?? 0) };
  }

  /** How many rows begin above a place. */
  #firstBelow(place: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tops[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #dayOf(index: number): Day | undefined {
    let low = 0;
    let high = this.#days.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (index >= (this.#days[middle]?.end ?? 0)) low = middle + 1;
      else high = middle;
    }
    return this.#days[low];
  }

  #sum(): void {
    if (!this.#stale) return;
    this.#stale = false;
    const { length } = this.#entries;
    if (this.#tops.length < length) this.#tops = new Float64Array(length + 1_000);
    this.#days = [];
    const seen = new Set<number>();
    let place = 0;
    let day: Day | undefined;
    const close = (end: number) => {
      if (!day) return;
      place += this.#edge;
      day.end = end;
      day.bottom = place;
    };
    for (let at = 0; at < length; at += 1) {
      const own = this.#midnights[at] ?? 0;
      if (!day || own !== this.#midnights[at - 1]) {
        close(at);
        // A clock that was set back can bring the same day twice; the key in the page has to stay unique.
        const key = seen.has(own) ? `${own}/${this.#entries[at]?.id}` : `${own}`;
        seen.add(own);
        day = { key, start: at, end: at, top: place, bottom: place };
        this.#days.push(day);
        place += (at === 0 ? this.#names.first : this.#names.other) + this.#edge;
      }
      this.#tops[at] = place;
      place += this.height(at);
    }
    close(length);
    this.#total = place;
  }
}

/** How much of two lists is the same at their beginnings, and at their ends. */
export function common<T>(a: readonly T[], b: readonly T[]): { head: number; tail: number } {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return { head, tail };
}

/** Makes something of each item of a list that changes; made anew only for those that changed. */
export function ofEach<A, B>(make: (item: A) => B): (items: A[]) => B[] {
  let from: A[] = [];
  let made: B[] = [];
  return (items) => {
    const { head, tail } = common(from, items);
    made = made.slice(0, head).concat(items.slice(head, items.length - tail).map(make), made.slice(made.length - tail));
    from = items;
    return made;
  };
}

/** The day looked up last: the next row mostly is of the same. */
let today = { from: 0, to: 0 };

/** The local midnight before a moment. */
function midnight(receivedAt: string): number {
  const at = Date.parse(receivedAt);
  if (at < today.from || at >= today.to) {
    const date = new Date(at);
    const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
    today = { from: new Date(year, month, day).getTime(), to: new Date(year, month, day + 1).getTime() };
  }
  return today.from;
}

function sameEach<T>(a: Placed<T>, b: Placed<T>): boolean {
  return (
    a.entry === b.entry && a.index === b.index && a.of === b.of && a.position === b.position && a.space === b.space
  );
}
