// One booking or flight, all its rows: a list like the inbox, of what belongs to it. Knows no DOM.
import type { Notification } from "../bindings/Notification";
import type { Page } from "../bindings/Page";
import type { ThreadView } from "../bindings/ThreadView";
import type { RowSelector } from "../bindings/RowSelector";
import { EVERYTHING } from "../lib/criteria";
import { Inbox } from "./inbox.svelte";

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
    const view = this.#view;
    if (!view) return;
    await super.reload();
    // All of it was put away, or brought back: there is nothing more to do here.
    const isHere = ({ done = false }: Notification) => done === (view.latest.done ?? false);
    if (this.status === "ready" && !this.items.some(isHere)) this.leave();
  }

  override take(items: Notification[]): number {
    const view = this.#view;
    return view ? super.take(items.filter((item) => (item.thread ?? item.id) === (view.thread ?? view.latest.id))) : 0;
  }

  protected override get wanted(): null {
    return null;
  }

  protected override async ask(before: number | null, limit: number): Promise<Page> {
    const view = this.#view;
    if (!view) return { items: [], hasMore: false };
    const { thread, latest } = view;
    if (thread !== undefined) return this.backend.call({ type: "thread", thread, before, limit });
    // A row that stands alone.
    const page = await this.backend.call<Page>({
      type: "list",
      criteria: { ...EVERYTHING, place: latest.done ? "done" : "inbox" },
      before: latest.id + 1,
      limit: 1,
    });
    return { items: page.items.filter((item) => item.id === latest.id), hasMore: false };
  }
}

/** All of a booking or flight, as changes name it; or the row that stands alone. */
export function allOf({ thread, latest }: ThreadView): RowSelector {
  return thread === undefined ? { ids: [latest.id], threads: [] } : { ids: [], threads: [thread] };
}

/** What several of them name. */
export function together(all: RowSelector[]): RowSelector {
  return { ids: all.flatMap(({ ids }) => ids), threads: all.flatMap(({ threads }) => threads) };
}
