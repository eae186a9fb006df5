// What is selected in the list that is shown, and what is done with all of it at once. Knows no DOM.
import type { Notification } from "../bindings/Notification";
import type { ThreadView } from "../bindings/ThreadView";
import type { RowSelector } from "../bindings/RowSelector";
import { keyOf, type ThreadList } from "./threadList.svelte";
import type { Changes } from "./changes";
import type { Feedback } from "./feedback.svelte";
import type { Inbox } from "./inbox.svelte";
import type { Lists } from "./lists";
import { Selection } from "./selection.svelte";
import type { ThreadPreferences } from "./threadPreferences.svelte";
import { allOf, together } from "./timeline.svelte";
import { i18n } from "../lib/i18n/i18n.svelte";

/** A row, or a booking or flight with its latest row. */
interface Pick {
  item: Notification;
  view?: ThreadView;
}

/** The parts of the page that it works on. */
export interface SelectionContext {
  readonly changes: Changes;
  readonly feedback: Feedback;
  readonly inbox: Inbox;
  readonly lists: Lists;
  readonly threadList: ThreadList;
  readonly threadPreferences: ThreadPreferences;
}

export class SelectionActions {
  readonly selection: Selection;
  #context: SelectionContext;
  /** What is gone from the list is selected no longer. */
  #picks = $derived.by(() => this.#find());

  constructor(context: SelectionContext) {
    this.#context = context;
    this.selection = new Selection((count) => context.feedback.say(i18n.messages.selection.count(count)));
  }

  get count(): number {
    return this.#picks.length;
  }
  /** Whether any of it is unread. */
  get unread(): boolean {
    return this.#picks.some(({ item, view }) => (view ? view.unread > 0 : !item.read));
  }
  /** The latest row of each booking and flight. */
  get threads(): Notification[] {
    return this.#picks.map(({ item }) => item).filter((item) => item.thread !== undefined);
  }
  get muted(): boolean {
    return this.threads.every((item) => this.#context.threadPreferences.of(item).muted);
  }
  isSnoozed(now: Date): boolean {
    return this.threads.every((item) => this.#context.threadPreferences.isSnoozed(item, now));
  }

  /** Selects a row or no longer, or everything from where the range begins to it. */
  pick(key: string, extend: boolean): void {
    const { inbox, threadList, lists } = this.#context;
    if (!extend) return this.selection.toggle(key);
    this.selection.extend(lists.grouped ? threadList.items.map(keyOf) : inbox.items.map(({ id }) => `${id}`), key, key);
  }

  /** Marks all of it read; where it is read already, unread: of a booking or flight its latest row. */
  async toggleRead(): Promise<void> {
    const read = this.unread;
    await this.#context.changes.mark(
      read ? this.#which() : { ids: this.#picks.map(({ item }) => item.id), threads: [] },
      read,
    );
  }

  /** Puts all of it away, or brings it back. */
  async toggleDone(): Promise<void> {
    if (await this.#context.changes.setDone(this.#which())) this.selection.clear(true);
  }

  async toggleMuted(): Promise<void> {
    const preferences = this.#context.threadPreferences;
    await this.#context.changes.setThreadPreference(
      this.threads,
      this.muted ? preferences.unmuted() : preferences.muted(),
    );
  }

  async toggleSnoozed(): Promise<void> {
    const now = new Date();
    const preferences = this.#context.threadPreferences;
    await this.#context.changes.setThreadPreference(
      this.threads,
      this.isSnoozed(now) ? preferences.unsnoozed() : preferences.snoozed(now),
    );
  }

  /** Does what a key means for a row with all that is selected. Answers whether it meant anything. */
  press(key: string): boolean {
    const known: Record<string, () => Promise<void>> = {
      u: () => this.toggleRead(),
      e: () => this.toggleDone(),
      m: () => this.toggleMuted(),
      s: () => this.toggleSnoozed(),
    };
    const wanted = Object.hasOwn(known, key) ? known[key] : undefined;
    if (this.count === 0 || !wanted) return false;
    void wanted();
    return true;
  }

  #which(): RowSelector {
    return together(this.#picks.map(({ item, view }) => (view ? allOf(view) : { ids: [item.id], threads: [] })));
  }

  #find(): Pick[] {
    const { inbox, threadList, lists } = this.#context;
    const { selection } = this;
    if (selection.size === 0) return [];
    if (!lists.grouped) return inbox.items.filter((item) => selection.has(`${item.id}`)).map((item) => ({ item }));
    return threadList.items.filter((view) => selection.has(keyOf(view))).map((view) => ({ item: view.latest, view }));
  }
}
