// One booking or flight, all its rows: a list like the inbox, of what belongs to it. Knows no DOM.
import type { Backend } from "./backend";
import type { Notification } from "./bindings/Notification";
import type { Page } from "./bindings/Page";
import type { ThreadView } from "./bindings/ThreadView";
import { Inbox } from "./inbox.svelte";

/** The most that the resident gives at once. */
const MOST = 200;

export class Timeline extends Inbox {
  #view = $state.raw<ThreadView | null>(null);

  /** The booking, flight or lone row that is open. */
  get view(): ThreadView | null {
    return this.#view;
  }

  /** Opens it. Rejects with an `ErrorBody`. */
  async enter(view: ThreadView): Promise<void> {
    this.reset();
    this.#view = view;
    await this.reload();
  }

  leave(): void {
    this.#view = null;
    this.reset();
  }

  override async reload(): Promise<void> {
    if (!this.#view) return;
    await super.reload();
    // It was cleared away.
    if (this.status === "ready" && this.items.length === 0) this.leave();
  }

  override take(items: Notification[]): number {
    const view = this.#view;
    return view ? super.take(items.filter((item) => (item.thread ?? item.id) === (view.thread ?? view.latest.id))) : 0;
  }

  protected override async ask(before: number | null, limit: number): Promise<Page> {
    const view = this.#view;
    if (!view) return { items: [], hasMore: false };
    const { thread, latest } = view;
    if (thread !== undefined) return this.backend.call({ type: "thread", thread, before, limit });
    // A row that stands alone.
    const page = await this.backend.call<Page>({ type: "list", before: latest.id + 1, limit: 1, unreadOnly: false });
    return { items: page.items.filter((item) => item.id === latest.id), hasMore: false };
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
