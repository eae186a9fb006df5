// The list as it is on screen: loading, paging, pushes, and the changes a person makes. Knows no DOM.
//
// The store in the resident is the truth. Pushes and answers come by different ways and may overtake each other, so
// pushes that arrive while a page is loading are applied after it, in their order.
import type { Backend } from "../backend";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { Criteria } from "../bindings/Criteria";
import type { Notification } from "../bindings/Notification";
import type { Page } from "../bindings/Page";
import type { Undoable } from "../bindings/Undoable";
import type { RowSelector } from "../bindings/RowSelector";
import { EVERYTHING, same } from "../lib/criteria";
import { failure } from "../lib/failure";
import { append, find, fromPage, noRows, type Rows, trim, upsert, without, withRead } from "../lib/rows";

/** Rows of one page. */
export const PAGE = 50;
/** The most that the resident gives at once. */
const MOST = 200;
/** How long an answer to a search may be out of date while new rows come, in milliseconds. */
export const SEARCH_AGAIN_MS = 2_000;
/** Rows kept while new ones keep coming at the top; older ones come back by paging. */
export const KEEP = 300;

export class Inbox {
  #rows = $state.raw<Rows>(noRows);
  #criteria = $state.raw<Criteria>(EVERYTHING);
  #status = $state<"loading" | "ready" | "failed">("loading");
  #error = $state<ErrorBody | null>(null);
  #loadingMore = $state(false);
  #openId = $state<number | null>(null);
  /** What the rows on screen fit; what is wanted now may have no answer yet. */
  #answered = $state.raw<Criteria>(EVERYTHING);

  protected backend: Backend;
  /** Raised with every load, so that the answer to an older one is not taken for the newer one's. */
  #generation = 0;
  /** Pushes that arrived while a page was loading. */
  #late: Notification[] = [];
  #loads = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** The question of a search that is under way. */
  #seeking: Promise<void> | null = null;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  get items(): Notification[] {
    return this.#rows.items;
  }
  get hasMore(): boolean {
    return this.#rows.hasMore;
  }
  /** Which rows are listed. */
  get criteria(): Criteria {
    return this.#criteria;
  }
  /** What those that are on screen fit. */
  get answered(): Criteria {
    return this.#answered;
  }
  get status(): "loading" | "ready" | "failed" {
    return this.#status;
  }
  get error(): ErrorBody | null {
    return this.#error;
  }
  get loadingMore(): boolean {
    return this.#loadingMore;
  }
  get openId(): number | null {
    return this.#openId;
  }

  /** What is searched for; empty while nothing is. */
  get query(): string {
    return this.#criteria.text;
  }
  get searching(): boolean {
    return this.query.trim() !== "";
  }

  find(id: number): Notification | undefined {
    return find(this.#rows, id);
  }

  /** Loads what is on screen again; at least a page. */
  async reload(limit = Math.min(MOST, Math.max(PAGE, this.#rows.items.length))): Promise<void> {
    const generation = ++this.#generation;
    this.#loadingMore = false;
    const { criteria } = this;
    try {
      const page = await this.#page(null, limit);
      if (generation !== this.#generation) return;
      this.#answered = { ...criteria, text: criteria.text.trim() };
      this.#rows = fromPage(page);
      this.#status = "ready";
      this.#error = null;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.#error = failure(thrown);
      // Rows that are on screen are better than none; without any the page says what is wrong.
      if (this.#rows.items.length === 0) this.#status = "failed";
      throw this.#error;
    } finally {
      this.#applyLate();
    }
  }

  /** Lists other rows. */
  async narrow(criteria: Criteria): Promise<void> {
    if (same(criteria, this.#criteria)) return;
    this.#setQuery(criteria.text);
    this.#criteria = criteria;
    this.#rows = noRows;
    this.#openId = null;
    this.#status = "loading";
    await this.reload();
  }

  /**
   * Searches those rows for what has been typed so far; the rows on screen stay until the answer is there. One question is
   * under way at a time, and the next is the newest. Resolves when it is answered, or something newer is searched for.
   */
  async search(text: string): Promise<void> {
    const was = this.searching;
    this.#setQuery(text);
    if (!was && !this.searching) return;
    // What was loaded before belongs to another list from now on.
    const wanted = ++this.#generation;
    this.#loadingMore = false;
    this.#openId = null;
    if (!this.searching) {
      this.#rows = noRows;
      this.#status = "loading";
      return this.reload();
    }
    while (this.#seeking) {
      await this.#seeking;
      if (wanted !== this.#generation) return;
    }
    const answered = this.reload(PAGE);
    this.#seeking = answered.catch(() => {}).finally(() => (this.#seeking = null));
    return answered;
  }

  /** Loads the next older page, unless that is under way. */
  async more(): Promise<void> {
    const last = this.#rows.items.at(-1);
    if (!last || !this.#rows.hasMore || this.#loadingMore || this.#status !== "ready") return;
    const generation = this.#generation;
    this.#loadingMore = true;
    try {
      const page = await this.#page(last.id, PAGE);
      if (generation === this.#generation) this.#rows = append(this.#rows, page);
    } finally {
      if (generation === this.#generation) this.#loadingMore = false;
      this.#applyLate();
    }
  }

  /** Takes in a push. Answers how many rows are new on screen. */
  take(items: Notification[]): number {
    if (this.#loads > 0) {
      this.#late.push(...items);
      return 0;
    }
    if (this.searching) {
      // Which new rows fit, only the store can say; it is asked once for many.
      const known = items.filter((item) => this.find(item.id));
      if (known.length < items.length) this.#searchAgain();
      this.#rows = upsert(this.#rows, known, this.#criteria).rows;
      return 0;
    }
    const result = upsert(this.#rows, items, this.wanted);
    this.#rows = result.rows;
    return result.added;
  }

  /** Lets go of rows far below, never of the open one; to be called while the top is in view. */
  trim(): void {
    if (this.#loadingMore) return;
    const open = this.#rows.items.findIndex((item) => item.id === this.#openId);
    this.#rows = trim(this.#rows, Math.max(KEEP, open + 1));
  }

  /** Opens a row and closes the one before. */
  open(id: number): void {
    this.#openId = id;
  }

  close(): void {
    this.#openId = null;
  }

  toggle(id: number): void {
    this.#openId = this.#openId === id ? null : id;
  }

  /** Brings a row on screen, from the inbox or from what is done, loading as many pages as it takes. Answers whether it exists. */
  async reach(id: number): Promise<boolean> {
    for (const place of ["inbox", "done"] as const) {
      if (!this.find(id)) await this.narrow({ ...EVERYTHING, place });
      while (!this.find(id)) {
        const last = this.#rows.items.at(-1);
        if (!last || last.id < id || !this.#rows.hasMore || this.#loadingMore) break;
        await this.more();
        if (this.#rows.items.at(-1)?.id === last.id) break;
      }
      if (this.find(id)) return true;
    }
    await this.narrow(EVERYTHING);
    return false;
  }

  async setRead(selector: RowSelector, read: boolean): Promise<Undoable> {
    const done = await this.backend.call<Undoable>({ type: "setRead", selector, read });
    this.#rows = withRead(this.#rows, selector.ids, read);
    return done;
  }

  /** Puts rows away, or brings them back. */
  async setDone(selector: RowSelector, done: boolean): Promise<Undoable> {
    const undoable = await this.backend.call<Undoable>({ type: "setDone", selector, done });
    this.#rows = without(this.#rows, selector.ids);
    return undoable;
  }

  /** Forgets everything: another account, or none. */
  reset(): void {
    this.#generation += 1;
    this.#setQuery("");
    this.#rows = noRows;
    this.#openId = null;
    this.#answered = EVERYTHING;
    this.#criteria = EVERYTHING;
    this.#status = "loading";
    this.#error = null;
    this.#loadingMore = false;
  }

  /** What rows have to be to stay, or to come in; null where all that comes belongs here. */
  protected get wanted(): Criteria | null {
    return this.#criteria;
  }

  /** Asks for a page of what is listed. */
  protected ask(before: number | null, limit: number): Promise<Page> {
    const criteria = { ...this.#criteria, text: this.query.trim() };
    return this.backend.call({ type: "list", criteria, before, limit });
  }

  #setQuery(text: string): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    if (text !== this.query) this.#criteria = { ...this.#criteria, text };
  }

  #searchAgain(): void {
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      // An answer that does not come leaves the one before on screen.
      this.reload().catch(() => {});
    }, SEARCH_AGAIN_MS);
  }

  async #page(before: number | null, limit: number): Promise<Page> {
    this.#loads += 1;
    try {
      return await this.ask(before, limit);
    } finally {
      this.#loads -= 1;
    }
  }

  #applyLate(): void {
    if (this.#loads > 0 || this.#late.length === 0) return;
    const late = this.#late;
    this.#late = [];
    this.take(late);
  }
}
