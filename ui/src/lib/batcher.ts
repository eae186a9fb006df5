// Many things within a moment, taken as one.

/**
 * Takes what comes: the first at once, what follows within `ms` together at its end, in order.
 */
export class Batcher<T> {
  #waiting: T[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ms: number;
  #take: (items: T[]) => void;

  constructor(ms: number, take: (items: T[]) => void) {
    this.#ms = ms;
    this.#take = take;
  }

  add(items: T[]): void {
    for (const item of items) this.#waiting.push(item);
    if (this.#timer === undefined) this.flush();
  }

  /** Takes what waits, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const items = this.#waiting;
    this.#waiting = [];
    this.#timer = setTimeout(() => this.flush(), this.#ms);
    this.#take(items);
  }
}
