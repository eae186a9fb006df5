// What is done to rows, bookings and flights: read, done, muted, snoozed, and all of it taken back.
import type { Backend } from "../backend";
import type { ListSelector } from "../bindings/ListSelector";
import type { Notification } from "../bindings/Notification";
import type { ThreadView } from "../bindings/ThreadView";
import type { Undoable } from "../bindings/Undoable";
import type { RowSelector } from "../bindings/RowSelector";
import { subject } from "../lib/why";
import { i18n } from "../lib/i18n/i18n.svelte";
import type { Feedback } from "./feedback.svelte";
import type { Inbox } from "./inbox.svelte";
import type { Lists } from "./lists";
import type { ThreadList } from "./threadList.svelte";
import type { Choice, ThreadPreferences } from "./threadPreferences.svelte";
import { allOf, together } from "./timeline.svelte";
import type { UndoStack } from "./undo.svelte";

/** The parts of the page that it works on. */
export interface ChangesContext {
  readonly feedback: Feedback;
  readonly inbox: Inbox;
  readonly lists: Lists;
  readonly threadList: ThreadList;
  readonly threadPreferences: ThreadPreferences;
  readonly undoStack: UndoStack;
}

export class Changes {
  #context: ChangesContext;
  #backend: Backend;

  constructor(context: ChangesContext, backend: Backend) {
    this.#context = context;
    this.#backend = backend;
  }

  async setRead(item: Notification, read: boolean): Promise<void> {
    const { markedRead, markedUnread } = i18n.messages.inbox;
    await this.#change(
      () => this.#context.inbox.setRead({ ids: [item.id], threads: [] }, read),
      () => (read ? markedRead : markedUnread)(item.title),
    );
  }

  /** Marks rows, bookings and flights. */
  async mark(selector: RowSelector, read: boolean): Promise<void> {
    await this.#change(
      () => this.#context.inbox.setRead(selector, read),
      read ? i18n.messages.inbox.allRead : i18n.messages.inbox.allUnread,
    );
  }

  /** Puts rows, bookings and flights away; where what is done is listed, brings them back. Answers whether it worked. */
  async setDone(
    selector: RowSelector,
    done = this.#context.inbox.criteria.place === "inbox",
    title?: string,
  ): Promise<boolean> {
    const words = i18n.messages.done;
    const label = (n: number) => (done ? words.put : words.back)(title ?? words.many(n));
    const worked = await this.#change(() => this.#context.inbox.setDone(selector, done), label);
    if (worked) {
      this.#context.threadList.drop(selector);
      await this.#context.feedback.quietly(() => this.#context.threadList.timeline.reload());
    }
    return worked;
  }

  /** Puts a row away, or brings it back. */
  async toggleDone(item: Notification): Promise<void> {
    await this.setDone({ ids: [item.id], threads: [] }, !item.done, item.title);
  }

  /** Puts all of a booking or flight away, or brings it back. */
  async toggleThread(view: ThreadView): Promise<void> {
    await this.setDone(allOf(view), !view.latest.done, view.thread === undefined ? view.latest.title : undefined);
  }

  /** Marks all of a booking or flight read; its latest row unread where nothing is. */
  async toggleRead(view: ThreadView): Promise<void> {
    if (view.unread === 0) return this.setRead(view.latest, false);
    await this.readThread(view);
  }

  /** Marks all of a booking or flight read. */
  async readThread(view: ThreadView): Promise<void> {
    await this.mark(allOf(view), true);
  }

  /** Opens a row of the booking or flight that is open, which also marks it read, or closes it. */
  async toggleRow(item: Notification): Promise<void> {
    this.#context.threadList.timeline.toggle(item.id);
    if (!item.read) await this.setRead(item, true);
  }

  /** Mutes the row's booking or flight, or lets it be heard again. */
  toggleMuted(item: Notification): Promise<void> {
    return this.setThreadPreference(
      item,
      this.#context.threadPreferences.of(item).muted
        ? this.#context.threadPreferences.unmuted()
        : this.#context.threadPreferences.muted(),
    );
  }

  /** Snoozes the row's booking or flight, or ends that. */
  toggleSnoozed(item: Notification): Promise<void> {
    const now = new Date();
    return this.setThreadPreference(
      item,
      this.#context.threadPreferences.isSnoozed(item, now)
        ? this.#context.threadPreferences.unsnoozed()
        : this.#context.threadPreferences.snoozed(now),
    );
  }

  /** Marks all that is listed read, also what is not loaded. */
  async readAll(): Promise<void> {
    const selector = this.#listed();
    if (!selector) return;
    await this.mark(selector, true);
    await this.#context.lists.reload();
  }

  /** Puts all that is listed away, or brings it back; with what has been read there and is still on screen. */
  async toggleAll(): Promise<void> {
    const selector = this.#listed();
    if (!selector) return;
    const { threadList, inbox, lists } = this.#context;
    const shown = lists.grouped
      ? together(threadList.items.map(allOf))
      : { ids: inbox.items.map(({ id }) => id), threads: [] };
    if (await this.setDone({ ...selector, ...shown }, selector.listed.criteria.place === "inbox")) await lists.reload();
  }

  /** All that is listed, up to the newest row that is on screen. */
  #listed(): (RowSelector & { listed: ListSelector }) | null {
    const { threadList, inbox, lists } = this.#context;
    const { criteria } = lists;
    const newest = lists.grouped ? threadList.items[0]?.latest : inbox.items[0];
    return criteria && newest
      ? { ids: [], threads: [], listed: { criteria, grouped: lists.grouped }, upto: newest.id }
      : null;
  }

  /** Takes the latest change back. */
  async undo(): Promise<void> {
    const entry = this.#context.undoStack.pop();
    if (!entry) return;
    const { undone, tooLate, tooLateLong } = i18n.messages.common;
    if (entry.back) {
      if (await this.#context.feedback.attempt(entry.back)) this.#context.feedback.say(undone);
      return;
    }
    let inTime = true;
    await this.#context.feedback.attempt(async () => {
      inTime = await this.#backend.call<boolean>({ type: "undo", undo: entry.undo });
      this.#context.feedback.say(inTime ? undone : tooLate);
    });
    if (!inTime) this.#context.feedback.complain({ code: "store", message: tooLateLong });
    await this.#context.lists.reload();
  }

  /** Mutes or snoozes the row's booking or flight, or those of several rows, or lets them be heard again. */
  async setThreadPreference(of: Notification | Notification[], choice: Choice): Promise<void> {
    const items = [...new Map([of].flat().map((item) => [item.thread, item])).values()];
    const before = items.map((item) => ({ item, was: this.#context.threadPreferences.of(item) }));
    const [only] = items;
    if (!only) return;
    const all = () => Promise.all(items.map((item) => this.#context.threadPreferences.set(item, choice.wanted)));
    if (!(await this.#context.feedback.attempt(all))) return;
    const label = choice.label(items.length > 1 ? i18n.messages.selection.threads(items.length) : subject(only));
    this.#context.undoStack.offer(
      label,
      async () =>
        void (await Promise.all(before.map(({ item, was }) => this.#context.threadPreferences.set(item, was)))),
    );
    this.#context.feedback.say(label);
  }

  async #change(make: () => Promise<Undoable>, label: (changed: number) => string): Promise<boolean> {
    return this.#context.feedback.attempt(async () => {
      const done = await make();
      if (done.changed === 0) return;
      this.#context.undoStack.push(done, label(done.changed));
      this.#context.feedback.say(label(done.changed));
    });
  }
}
