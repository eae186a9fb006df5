// The inbox by booking and flight: the list of them, and whether it is wanted. Knows no DOM.
//
// The resident counts; what is pushed only says that it is worth asking again. Many pushes are one question.
import type { Backend } from "../backend";
import type { Criteria } from "../bindings/Criteria";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { Notification } from "../bindings/Notification";
import type { ThreadPage } from "../bindings/ThreadPage";
import type { ThreadView } from "../bindings/ThreadView";
import type { RowSelector } from "../bindings/RowSelector";
import { EVERYTHING, same } from "../lib/criteria";
import { failure } from "../lib/failure";
import { Timeline } from "./timeline.svelte";

/** Bookings and flights of one page. */
const PAGE = 50;
/** The most that the resident gives at once. */
const MOST = 200;
/** Kept while new ones keep coming at the top; the others come back by paging. */
export const KEEP = 100;
/** How long a push waits for others, in milliseconds. */
export const BATCH_MS = 150;

/** What a booking, a flight or a row that stands alone is known by in the list. */
export function keyOf({ thread, latest }: ThreadView): string {
  return thread ?? `row:${latest.id}`;
}

export class ThreadList {
  /** The one that is open. */
  readonly timeline: Timeline;

  #on = $state(false);
  #items = $state.raw<ThreadView[]>([]);
  #hasMore = $state(false);
  #status = $state<"loading" | "ready" | "failed">("loading");
  #error = $state.raw<ErrorBody | null>(null);
  #criteria: Criteria = EVERYTHING;
  #backend: Backend;
  /** Raised with every load, so that the answer to an older one is not taken for the newer one's. */
  #generation = 0;
  #loadingMore = false;
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.timeline = new Timeline(backend);
  }

  /** Whether the inbox is shown by booking and flight. */
  get on(): boolean {
    return this.#on;
  }
  /** The one with the newest row first. */
  get items(): ThreadView[] {
    return this.#items;
  }
  /** What each of them has a row of. */
  get criteria(): Criteria {
    return this.#criteria;
  }
  get hasMore(): boolean {
    return this.#hasMore;
  }
  get status(): "loading" | "ready" | "failed" {
    return this.#status;
  }
  get error(): ErrorBody | null {
    return this.#error;
  }

  /** Shows the inbox by booking and flight, or row by row. Rejects with an `ErrorBody`. */
  async show(on: boolean, criteria: Criteria): Promise<void> {
    if (on === this.#on && same(criteria, this.#criteria)) return;
    this.#on = on;
    this.#criteria = criteria;
    this.#forget();
    if (on) await this.load();
  }

  /** Asks again for what is on screen; at least a page. Rejects with an `ErrorBody`. */
  async load(): Promise<void> {
    if (!this.#on) return;
    this.#gathered();
    const generation = ++this.#generation;
    const wanted = Math.max(PAGE, this.#items.length);
    let found: ThreadPage = { items: [], hasMore: true };
    try {
      while (found.items.length < wanted && found.hasMore) {
        const page = await this.#page(found.items, wanted - found.items.length);
        if (generation !== this.#generation) return;
        found = { items: found.items.concat(page.items), hasMore: page.hasMore };
      }
      this.#take(found);
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.#error = failure(thrown);
      // What is on screen is better than nothing.
      if (this.#items.length === 0) this.#status = "failed";
      throw this.#error;
    }
  }

  /** Loads the next page, unless that is under way. Rejects with an `ErrorBody`. */
  async more(): Promise<void> {
    if (!this.#hasMore || this.#loadingMore || this.#status !== "ready") return;
    const generation = this.#generation;
    this.#loadingMore = true;
    try {
      const page = await this.#page(this.#items, PAGE);
      if (generation !== this.#generation) return;
      const known = new Set(this.#items.map(keyOf));
      this.#items = [...this.#items, ...page.items.filter((item) => !known.has(keyOf(item)))];
      this.#hasMore = page.hasMore;
    } finally {
      this.#loadingMore = false;
    }
  }

  /** Lets go of what was put away or brought back; what is left of it in the list comes with the next answer. */
  drop({ ids, threads }: RowSelector): void {
    this.#items = this.#items.filter((item) => !threads.includes(item.thread ?? "") && !ids.includes(item.latest.id));
  }

  /** Lets go of those far below, so that they are not asked for again with each push; to be called while the top is in view. */
  trim(): void {
    if (this.#loadingMore || this.#items.length <= KEEP) return;
    this.#items = this.#items.slice(0, KEEP);
    this.#hasMore = true;
  }

  /** Rows are new or changed. */
  onRows(items: Notification[]): void {
    this.timeline.take(items);
    const elsewhere = items.filter(({ done = false }) => done !== (this.#criteria.place === "done"));
    if (elsewhere.length > 0) this.drop({ ids: elsewhere.map(({ id }) => id), threads: [] });
    // What fails is asked again with the next push, or when the line is back.
    if (this.#on) this.#gathering ??= setTimeout(() => this.load().catch(() => {}), BATCH_MS);
  }

  /** Forgets everything: another account, or none. */
  reset(): void {
    this.#on = false;
    this.#forget();
  }

  #forget(): void {
    this.#gathered();
    this.#generation += 1;
    this.#items = [];
    this.#hasMore = false;
    this.#status = "loading";
    this.#error = null;
    this.timeline.leave();
  }

  #gathered(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
  }

  #take(found: ThreadPage): void {
    let { items } = found;
    if (this.#criteria.unread) {
      // What has just been read stays where it is, so that nothing moves under the pointer.
      const told = new Set(items.map(keyOf));
      const read = this.#items.filter((item) => !told.has(keyOf(item)));
      items = [...items, ...read.map((item) => ({ ...item, unread: 0, latest: { ...item.latest, read: true } }))];
      items.sort((a, b) => b.latest.id - a.latest.id);
    }
    this.#items = items;
    this.#hasMore = found.hasMore;
    this.#status = "ready";
    this.#error = null;
  }

  #page(after: ThreadView[], limit: number): Promise<ThreadPage> {
    const before = after.at(-1)?.latest.id ?? null;
    return this.#backend.call({ type: "threads", criteria: this.#criteria, before, limit: Math.min(MOST, limit) });
  }
}
