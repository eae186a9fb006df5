// What is done to rows, bookings and flights: read, done, muted, snoozed, and all of it taken back.
import type { Backend } from "./backend";
import type { Listed } from "./bindings/Listed";
import type { Notification } from "./bindings/Notification";
import type { ThreadView } from "./bindings/ThreadView";
import type { Undoable } from "./bindings/Undoable";
import type { Which } from "./bindings/Which";
import { subject } from "./lib/why";
import { voice } from "./lib/words/voice.svelte";
import type { Model } from "./model.svelte";
import type { Choice } from "./threads.svelte";
import { allOf, together } from "./timeline.svelte";

export class Changes {
  #model: Model;
  #backend: Backend;

  constructor(model: Model, backend: Backend) {
    this.#model = model;
    this.#backend = backend;
  }

  async setRead(item: Notification, read: boolean): Promise<void> {
    const { markedRead, markedUnread } = voice.words.inbox;
    await this.#change(() => this.#model.inbox.setRead({ ids: [item.id], threads: [] }, read), () => (read ? markedRead : markedUnread)(item.title));
  }

  /** Marks rows, bookings and flights. */
  async mark(which: Which, read: boolean): Promise<void> {
    await this.#change(() => this.#model.inbox.setRead(which, read), read ? voice.words.inbox.allRead : voice.words.inbox.allUnread);
  }

  /** Puts rows, bookings and flights away; where what is done is listed, brings them back. Answers whether it worked. */
  async setDone(which: Which, done = this.#model.inbox.criteria.place === "inbox", title?: string): Promise<boolean> {
    const words = voice.words.done;
    const label = (n: number) => (done ? words.put : words.back)(title ?? words.many(n));
    const worked = await this.#change(() => this.#model.inbox.setDone(which, done), label);
    if (worked) {
      this.#model.groups.drop(which);
      await this.#model.manner.quietly(() => this.#model.groups.timeline.reload());
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
    this.#model.groups.timeline.toggle(item.id);
    if (!item.read) await this.setRead(item, true);
  }

  /** Mutes the row's booking or flight, or lets it be heard again. */
  toggleMuted(item: Notification): Promise<void> {
    return this.choose(item, this.#model.threads.of(item).muted ? this.#model.threads.heard() : this.#model.threads.muted());
  }

  /** Snoozes the row's booking or flight, or ends that. */
  toggleSnoozed(item: Notification): Promise<void> {
    const now = new Date();
    return this.choose(item, this.#model.threads.isSnoozed(item, now) ? this.#model.threads.unsnoozed() : this.#model.threads.snoozed(now));
  }

  /** Marks all that is listed read, also what is not loaded. */
  async readAll(): Promise<void> {
    const which = this.#listed();
    if (!which) return;
    await this.mark(which, true);
    await this.#model.lists.reload();
  }

  /** Puts all that is listed away, or brings it back; with what has been read there and is still on screen. */
  async toggleAll(): Promise<void> {
    const which = this.#listed();
    if (!which) return;
    const { groups, inbox, lists } = this.#model;
    const shown = lists.grouped ? together(groups.items.map(allOf)) : { ids: inbox.items.map(({ id }) => id), threads: [] };
    if (await this.setDone({ ...which, ...shown }, which.listed.criteria.place === "inbox")) await lists.reload();
  }

  /** All that is listed, up to the newest row that is on screen. */
  #listed(): (Which & { listed: Listed }) | null {
    const { groups, inbox, lists } = this.#model;
    const { criteria } = lists;
    const newest = lists.grouped ? groups.items[0]?.latest : inbox.items[0];
    return criteria && newest ? { ids: [], threads: [], listed: { criteria, grouped: lists.grouped }, upto: newest.id } : null;
  }

  /** Takes the latest change back. */
  async undo(): Promise<void> {
    const entry = this.#model.undoStack.pop();
    if (!entry) return;
    const { undone, tooLate, tooLateLong } = voice.words.common;
    if (entry.back) {
      if (await this.#model.manner.attempt(entry.back)) this.#model.manner.say(undone);
      return;
    }
    let inTime = true;
    await this.#model.manner.attempt(async () => {
      inTime = await this.#backend.call<boolean>({ type: "undo", undo: entry.undo });
      this.#model.manner.say(inTime ? undone : tooLate);
    });
    if (!inTime) this.#model.manner.complain({ code: "store", message: tooLateLong });
    await this.#model.lists.reload();
  }

  /** Mutes or snoozes the row's booking or flight, or those of several rows, or lets them be heard again. */
  async choose(of: Notification | Notification[], choice: Choice): Promise<void> {
    const items = [...new Map([of].flat().map((item) => [item.thread, item])).values()];
    const before = items.map((item) => ({ item, was: this.#model.threads.of(item) }));
    const [only] = items;
    if (!only) return;
    const all = () => Promise.all(items.map((item) => this.#model.threads.choose(item, choice.wanted)));
    if (!(await this.#model.manner.attempt(all))) return;
    const label = choice.label(items.length > 1 ? voice.words.selection.threads(items.length) : subject(only));
    this.#model.undoStack.offer(label, async () => void (await Promise.all(before.map(({ item, was }) => this.#model.threads.choose(item, was)))));
    this.#model.manner.say(label);
  }

  async #change(make: () => Promise<Undoable>, label: (changed: number) => string): Promise<boolean> {
    return this.#model.manner.attempt(async () => {
      const done = await make();
      if (done.changed === 0) return;
      this.#model.undoStack.push(done, label(done.changed));
      this.#model.manner.say(label(done.changed));
    });
  }
}
