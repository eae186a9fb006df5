// The lists that a person keeps under a name: opened, saved, renamed, brought up to date, deleted. Knows no DOM.
import type { SavedView } from "../bindings/SavedView";
import { EVERYTHING, isFiltered, same } from "../lib/criteria";
import { filtersOf } from "../lib/filters";
import { i18n } from "../lib/i18n/i18n.svelte";
import type { Feedback } from "./feedback.svelte";
import type { Inbox } from "./inbox.svelte";
import type { Lists } from "./lists";
import type { Settings } from "./settings.svelte";
import type { ThreadList } from "./threadList.svelte";
import type { UndoStack } from "./undo.svelte";

/** The parts of the page that it works on. */
export interface ViewsContext {
  readonly feedback: Feedback;
  readonly inbox: Inbox;
  readonly lists: Lists;
  readonly settings: Settings;
  readonly threadList: ThreadList;
  readonly undoStack: UndoStack;
  /** Changes preferences, at once and for good. Answers whether it worked. */
  changePreferences(change: Parameters<Settings["change"]>[0]): Promise<boolean>;
}

export class Views {
  #context: ViewsContext;
  #name = $state<string | null>(null);

  constructor(context: ViewsContext) {
    this.#context = context;
  }

  get all(): SavedView[] {
    return this.#context.settings.preferences?.views ?? [];
  }
  /** The one that was opened last, for as long as anything is filtered. */
  get opened(): SavedView | null {
    if (!isFiltered(this.#context.inbox.criteria)) return null;
    return this.all.find(({ name }) => name === this.#name) ?? null;
  }
  /** What is filtered by, view or not. */
  readonly filters = $derived.by(() =>
    filtersOf(this.#context.inbox.criteria, this.#context.settings.preferences?.rules ?? []),
  );
  /** Whether something else is listed by now than what the opened one holds. */
  get changed(): boolean {
    return this.opened !== null && !this.#isListed(this.opened);
  }

  /** Opens a view; none is the inbox as it is without one. */
  async open(view: SavedView | null): Promise<void> {
    this.#name = view?.name ?? null;
    await this.#context.lists.narrow(view?.criteria ?? EVERYTHING, view?.grouped);
    this.#context.feedback.say(view?.name ?? i18n.messages.inbox.name);
  }

  /** Forgets which one was opened: what is listed has nothing to do with it any more. */
  leave(): void {
    this.#name = null;
  }

  /** What is wrong with a name, in a sentence; `own` is the name that the view has already. */
  nameError(name: string, own?: string): string | null {
    const words = i18n.messages.views;
    const wanted = name.trim();
    if (wanted === "") return words.noName;
    const isTaken = this.all.some((view) => view.name !== own && view.name.toLowerCase() === wanted.toLowerCase());
    return isTaken ? words.sameName : null;
  }

  /** Keeps what is listed under a name, which has to be a good one. Answers whether it is kept. */
  async save(name: string): Promise<boolean> {
    const view = this.#listed(name.trim());
    const done = await this.#change((views) => [...views, view]);
    if (done) {
      this.#name = view.name;
      this.#context.feedback.say(i18n.messages.views.saved(view.name));
    }
    return done;
  }

  /** Keeps what is listed now under the name of the opened one. */
  async update(): Promise<void> {
    const before = this.opened;
    if (!before) return;
    const after = this.#listed(before.name);
    if (await this.#replace(before.name, after))
      this.#offer(i18n.messages.views.updated(before.name), () => this.#replace(before.name, before));
  }

  /** Answers whether it has the name now. */
  async rename(view: SavedView, name: string): Promise<boolean> {
    const after = { ...view, name: name.trim() };
    const wasOpened = this.#name === view.name;
    const done = await this.#replace(view.name, after);
    if (done && wasOpened) this.#name = after.name;
    return done;
  }

  async remove(view: SavedView): Promise<void> {
    const place = this.all.findIndex(({ name }) => name === view.name);
    if (!(await this.#change((views) => views.filter(({ name }) => name !== view.name)))) return;
    this.#offer(i18n.messages.views.removed(view.name), () => this.#change((views) => views.toSpliced(place, 0, view)));
  }

  #listed(name: string): SavedView {
    return { name, criteria: this.#context.inbox.criteria, grouped: this.#context.threadList.on };
  }

  #isListed({ criteria, grouped }: SavedView): boolean {
    return grouped === this.#context.threadList.on && same(criteria, this.#context.inbox.criteria);
  }

  #replace(name: string, after: SavedView): Promise<boolean> {
    return this.#change((views) => views.map((view) => (view.name === name ? after : view)));
  }

  #change(change: (views: SavedView[]) => SavedView[]): Promise<boolean> {
    return this.#context.changePreferences((before) => ({ ...before, views: change(before.views) }));
  }

  #offer(label: string, back: () => Promise<unknown>): void {
    this.#context.undoStack.offer(label, async () => void (await back()));
    this.#context.feedback.say(label);
  }
}
