// Which rows, bookings and flights are listed, and what is loaded for that.
import type { Backend } from "../backend";
import type { Criteria } from "../bindings/Criteria";
import type { Page } from "../bindings/Page";
import type { ThreadView } from "../bindings/ThreadView";
import { type Feedback, SAY_MS } from "./feedback.svelte";
import { type Inbox, PAGE } from "./inbox.svelte";
import { failure } from "../lib/failure";
import { Batcher } from "../lib/batcher";
import { i18n } from "../lib/i18n/i18n.svelte";
import type { Selection } from "./selection.svelte";
import type { ThreadList } from "./threadList.svelte";
import type { ThreadPreferences } from "./threadPreferences.svelte";

/** The parts of the page that it works on. */
export interface ListsContext {
  readonly feedback: Feedback;
  readonly inbox: Inbox;
  readonly threadList: ThreadList;
  readonly threadPreferences: ThreadPreferences;
  readonly selectionActions: { readonly selection: Selection };
  /** Hands over at once what waits to become one change of the list. */
  flush(): void;
}

export class Lists {
  #context: ListsContext;
  #backend: Backend;
  /** What was found with each key. */
  #found = new Batcher<string>(
    SAY_MS,
    (sentences) => this.#context.inbox.searching && this.#context.feedback.say(sentences.at(-1) ?? ""),
  );
  #reloading = false;
  #reloadAgain = false;

  constructor(context: ListsContext, backend: Backend) {
    this.#context = context;
    this.#backend = backend;
  }

  /** Searches as the person types. */
  async search(text: string): Promise<void> {
    this.#context.selectionActions.selection.clear(true);
    await this.#context.feedback.quietly(() => this.#context.inbox.search(text));
    if (!this.#context.inbox.searching || this.#context.inbox.query !== text) return;
    const { found, nothing } = i18n.messages.search;
    const count = this.#context.inbox.items.length;
    this.#found.add([count === 0 ? nothing : found(Math.min(count, PAGE), this.#context.inbox.hasMore)]);
  }

  /** Loads the list again. Wishes that come meanwhile are answered by one more load. */
  async reload(): Promise<void> {
    this.#context.flush();
    if (this.#reloading) {
      this.#reloadAgain = true;
      return;
    }
    this.#reloading = true;
    try {
      do {
        this.#reloadAgain = false;
        await Promise.all([
          this.#context.feedback.quietly(() => this.#context.inbox.reload()),
          this.#context.feedback.quietly(() => this.#context.threadList.load()),
          this.#context.feedback.quietly(() => this.#context.threadList.timeline.reload()),
        ]);
      } while (this.#reloadAgain);
    } finally {
      this.#reloading = false;
    }
  }

  /** Lists other rows, by booking and flight or one by one. */
  async narrow(criteria: Criteria, grouped = this.#context.threadList.on): Promise<void> {
    this.#context.selectionActions.selection.clear(true);
    await this.#context.feedback.quietly(() =>
      Promise.all([this.#context.inbox.narrow(criteria), this.#context.threadList.show(grouped, this.#grouped)]),
    );
  }

  /** Which bookings and flights are listed: a search finds rows, however the inbox is shown. */
  get #grouped(): Criteria {
    return { ...this.#context.inbox.criteria, text: "" };
  }

  /** Whether bookings and flights are on screen. */
  get grouped(): boolean {
    return this.#context.threadList.on && !this.#context.inbox.searching;
  }

  /** What the rows, bookings and flights on screen fit; none while nothing is there. */
  get criteria(): Criteria | null {
    const { threadList, inbox } = this.#context;
    if (this.grouped) return threadList.status === "ready" && threadList.items.length > 0 ? threadList.criteria : null;
    return inbox.status === "ready" && inbox.items.length > 0 ? inbox.answered : null;
  }

  /** Whether something of that is unread, as far as it is loaded. */
  get hasUnread(): boolean {
    const { threadList, inbox } = this.#context;
    if (this.grouped) return threadList.hasMore || threadList.items.some(({ unread }) => unread > 0);
    return inbox.hasMore || inbox.items.some(({ read }) => !read);
  }

  /** Shows the inbox by booking and flight, or row by row. */
  async group(on: boolean): Promise<void> {
    this.#context.selectionActions.selection.clear(true);
    await this.#context.feedback.quietly(() => this.#context.threadList.show(on, this.#grouped));
  }

  /** Opens a booking or flight. */
  async enter(view: ThreadView): Promise<void> {
    await this.#context.feedback.quietly(() => this.#context.threadList.timeline.enter(view));
  }

  /** Opens a flight or booking of which only the name is known. */
  async enterThread(thread: string): Promise<void> {
    await this.#context.feedback.attempt(async () => {
      const { items } = await this.#backend.call<Page>({ type: "thread", thread, before: null, limit: 1 });
      const [latest] = items;
      if (!latest) throw failure(i18n.messages.desk.gone);
      await this.enter({
        thread,
        latest,
        unread: latest.read ? 0 : 1,
        total: 1,
        trail: [],
        choice: this.#context.threadPreferences.of(latest),
      });
    });
  }

  /** Loads more bookings and flights. */
  async moreGroups(): Promise<void> {
    await this.#context.feedback.attempt(() => this.#context.threadList.more());
  }

  /** Loads older rows of the booking or flight that is open. */
  async earlier(): Promise<void> {
    await this.#context.feedback.attempt(() => this.#context.threadList.timeline.more());
  }

  /** Loads older rows. */
  async more(): Promise<void> {
    await this.#context.feedback.attempt(() => this.#context.inbox.more());
  }
}
