// Which rows, bookings and flights are listed, and what is loaded for that.
import type { Backend } from "./backend";
import type { Criteria } from "./bindings/Criteria";
import type { Page } from "./bindings/Page";
import type { ThreadView } from "./bindings/ThreadView";
import { PAGE } from "./inbox.svelte";
import { failure } from "./lib/failure";
import { Gather } from "./lib/gather";
import { voice } from "./lib/words/voice.svelte";
import { type Model, SAY_MS } from "./model.svelte";

export class Lists {
  #model: Model;
  #backend: Backend;
  /** What was found with each key. */
  #found = new Gather<string>(SAY_MS, (sentences) => this.#model.inbox.searching && this.#model.manner.say(sentences.at(-1) ?? ""));
  #reloading = false;
  #reloadAgain = false;

  constructor(model: Model, backend: Backend) {
    this.#model = model;
    this.#backend = backend;
  }

  /** Searches as the person types. */
  async search(text: string): Promise<void> {
    this.#model.picked.selection.clear(true);
    await this.#model.manner.quietly(() => this.#model.inbox.search(text));
    if (!this.#model.inbox.searching || this.#model.inbox.query !== text) return;
    const { found, nothing } = voice.words.search;
    const count = this.#model.inbox.items.length;
    this.#found.add([count === 0 ? nothing : found(Math.min(count, PAGE), this.#model.inbox.hasMore)]);
  }

  /** Loads the list again. Wishes that come meanwhile are answered by one more load. */
  async reload(): Promise<void> {
    this.#model.flush();
    if (this.#reloading) {
      this.#reloadAgain = true;
      return;
    }
    this.#reloading = true;
    try {
      do {
        this.#reloadAgain = false;
        await Promise.all([
          this.#model.manner.quietly(() => this.#model.inbox.reload()),
          this.#model.manner.quietly(() => this.#model.groups.load()),
          this.#model.manner.quietly(() => this.#model.groups.timeline.reload()),
        ]);
      } while (this.#reloadAgain);
    } finally {
      this.#reloading = false;
    }
  }

  /** Lists other rows, by booking and flight or one by one. */
  async narrow(criteria: Criteria, grouped = this.#model.groups.on): Promise<void> {
    this.#model.picked.selection.clear(true);
    await this.#model.manner.quietly(() => Promise.all([this.#model.inbox.narrow(criteria), this.#model.groups.show(grouped, this.#grouped)]));
  }

  /** Which bookings and flights are listed: a search finds rows, however the inbox is shown. */
  get #grouped(): Criteria {
    return { ...this.#model.inbox.criteria, text: "" };
  }

  /** Whether bookings and flights are on screen. */
  get grouped(): boolean {
    return this.#model.groups.on && !this.#model.inbox.searching;
  }

  /** What the rows, bookings and flights on screen fit; none while nothing is there. */
  get criteria(): Criteria | null {
    const { groups, inbox } = this.#model;
    if (this.grouped) return groups.status === "ready" && groups.items.length > 0 ? groups.criteria : null;
    return inbox.status === "ready" && inbox.items.length > 0 ? inbox.answered : null;
  }

  /** Whether something of that is unread, as far as it is loaded. */
  get hasUnread(): boolean {
    const { groups, inbox } = this.#model;
    if (this.grouped) return groups.hasMore || groups.items.some(({ unread }) => unread > 0);
    return inbox.hasMore || inbox.items.some(({ read }) => !read);
  }

  /** Shows the inbox by booking and flight, or row by row. */
  async group(on: boolean): Promise<void> {
    this.#model.picked.selection.clear(true);
    await this.#model.manner.quietly(() => this.#model.groups.show(on, this.#grouped));
  }

  /** Opens a booking or flight. */
  async enter(view: ThreadView): Promise<void> {
    await this.#model.manner.quietly(() => this.#model.groups.timeline.enter(view));
  }

  /** Opens a flight or booking of which only the name is known. */
  async enterThread(thread: string): Promise<void> {
    await this.#model.manner.attempt(async () => {
      const { items } = await this.#backend.call<Page>({ type: "thread", thread, before: null, limit: 1 });
      const [latest] = items;
      if (!latest) throw failure(voice.words.desk.gone);
      await this.enter({ thread, latest, unread: latest.read ? 0 : 1, total: 1, trail: [], choice: this.#model.threads.of(latest) });
    });
  }

  /** Loads more bookings and flights. */
  async moreGroups(): Promise<void> {
    await this.#model.manner.attempt(() => this.#model.groups.more());
  }

  /** Loads older rows of the booking or flight that is open. */
  async earlier(): Promise<void> {
    await this.#model.manner.attempt(() => this.#model.groups.timeline.more());
  }

  /** Loads older rows. */
  async more(): Promise<void> {
    await this.#model.manner.attempt(() => this.#model.inbox.more());
  }
}
