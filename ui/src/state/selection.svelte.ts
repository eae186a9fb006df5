// Which rows of the list are selected. Knows keys and their order, and nothing of what they stand for. Knows no DOM.

export class Selection {
  #keys = $state.raw<ReadonlySet<string>>(new Set());
  /** Where a range begins. */
  #anchor: string | null = null;
  /** What the last range took in, so that the next one from the same row can let go of it. */
  #range: string[] = [];
  #tell: (count: number) => void;

  /** `tell` hears how many are selected after each change by a person. */
  constructor(tell: (count: number) => void) {
    this.#tell = tell;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Selects a row, or no longer. */
  toggle(key: string): void {
    const keys = new Set(this.#keys);
    if (!keys.delete(key)) keys.add(key);
    this.#anchor = key;
    this.#range = [];
    this.#set(keys);
  }

  /**
   * Selects everything from where the range begins to a row. `order` are all rows of the list, `from` is where it begins
   * when nothing else says so.
   */
  extend(order: string[], from: string, to: string): void {
    if (this.#anchor === null || !order.includes(this.#anchor)) this.#anchor = from;
    const [a, b] = [order.indexOf(this.#anchor), order.indexOf(to)].sort((x, y) => x - y);
    if (a === undefined || b === undefined || a < 0) return;
    const keys = new Set(this.#keys);
    for (const key of this.#range) keys.delete(key);
    this.#range = order.slice(a, b + 1);
    for (const key of this.#range) keys.add(key);
    this.#set(keys);
  }

  all(order: string[]): void {
    this.#range = [];
    this.#set(new Set(order));
  }

  /** Selects nothing; silently where the list itself is another one. */
  clear(silently = false): void {
    if (this.size === 0) return;
    this.#anchor = null;
    this.#range = [];
    this.#keys = new Set();
    if (!silently) this.#tell(0);
  }

  #set(keys: ReadonlySet<string>): void {
    this.#keys = keys;
    this.#tell(keys.size);
  }
}
