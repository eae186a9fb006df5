// One booking or flight, from its first row to its last. Knows no DOM.
import type { Backend } from "./backend";
import type { ErrorBody } from "./bindings/ErrorBody";
import type { Notification } from "./bindings/Notification";
import type { Page } from "./bindings/Page";
import type { ThreadView } from "./bindings/ThreadView";
import { failure } from "./lib/failure";
import { append, fromPage, noRows, type Rows, upsert } from "./lib/rows";

/** The most that the resident gives at once. */
const MOST = 200;

export class Timeline {
  #view = $state.raw<ThreadView | null>(null);
  #rows = $state.raw<Rows>(noRows);
  #status = $state<"loading" | "ready" | "failed">("loading");
  #error = $state.raw<ErrorBody | null>(null);
  #openId = $state<number | null>(null);
  #backend: Backend;
  /** Rows that were pushed while a page was on its way. */
  #late: Notification[] | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The booking, flight or lone row that is open. */
  get view(): ThreadView | null {
    return this.#view;
  }
  /** Its rows, newest first. */
  get items(): Notification[] {
    return this.#rows.items;
  }
  /** Whether older rows can be asked for. */
  get hasMore(): boolean {
    return this.#rows.hasMore;
  }
  get status(): "loading" | "ready" | "failed" {
    return this.#status;
  }
  get error(): ErrorBody | null {
    return this.#error;
  }
  /** The row that answers why. */
  get openId(): number | null {
    return this.#openId;
  }
  /** Its latest row. */
  get latest(): Notification | undefined {
    return this.items[0] ?? this.#view?.latest;
  }

  async open(view: ThreadView): Promise<void> {
    this.#view = view;
    this.#openId = null;
    // The latest is known already.
    this.#rows = { items: [view.latest], hasMore: false };
    this.#status = view.thread === undefined ? "ready" : "loading";
    await this.load();
  }

  /** Asks for the latest rows again. What fails is said in `error`. */
  async load(): Promise<void> {
    const view = this.#view;
    if (view?.thread === undefined) return;
    const late: Notification[] = (this.#late = []);
    try {
      const page = await this.#page(view.thread, null);
      if (view !== this.#view) return;
      // It was cleared away.
      if (page.items.length === 0 && late.length === 0) return this.close();
      this.#rows = upsert(fromPage(page), late, false).rows;
      this.#status = "ready";
      this.#error = null;
    } catch (thrown) {
      if (view !== this.#view) return;
      this.#error = failure(thrown);
      this.#status = "failed";
    }
  }

  /** Loads older rows. Rejects with an `ErrorBody`. */
  async more(): Promise<void> {
    const view = this.#view;
    const last = this.items.at(-1);
    if (view?.thread === undefined || !last || !this.hasMore) return;
    const page = await this.#page(view.thread, last.id);
    if (view === this.#view) this.#rows = append(this.#rows, page);
  }

  /** Opens the row that answers why, or closes it. */
  toggle(id: number): void {
    this.#openId = this.#openId === id ? null : id;
  }

  /** Rows are new or changed. */
  hear(items: Notification[]): void {
    const view = this.#view;
    if (!view) return;
    const own = items.filter((item) => (view.thread === undefined ? item.id === view.latest.id : item.thread === view.thread));
    this.#late?.push(...own);
    if (own.length > 0) this.#rows = upsert(this.#rows, own, false).rows;
  }

  close(): void {
    this.#view = null;
    this.#late = null;
    this.#rows = noRows;
    this.#error = null;
  }

  #page(thread: string, before: number | null): Promise<Page> {
    return this.#backend.call({ type: "thread", thread, before, limit: MOST });
  }
}

/** The unread rows of a booking or flight, all of them. */
export async function unreadOf(backend: Backend, { thread, latest }: ThreadView): Promise<number[]> {
  if (thread === undefined) return [latest.id];
  const ids: number[] = [];
  let page: Page = { items: [], hasMore: true };
  while (page.hasMore) {
    page = await backend.call<Page>({ type: "thread", thread, before: page.items.at(-1)?.id ?? null, limit: MOST });
    ids.push(...page.items.filter((item) => !item.read).map((item) => item.id));
  }
  return ids;
}
