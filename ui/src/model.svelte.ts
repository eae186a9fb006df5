// The page's state as a whole: the resident's snapshot, the line to it, the inbox, and what can be undone.
import type { Backend, LineState } from "./backend";
import type { Criteria } from "./bindings/Criteria";
import type { ErrorBody } from "./bindings/ErrorBody";
import type { Notification } from "./bindings/Notification";
import type { Page } from "./bindings/Page";
import type { Push } from "./bindings/Push";
import type { Reason } from "./bindings/Reason";
import type { Request } from "./bindings/Request";
import type { SignIn } from "./bindings/SignIn";
import type { Snapshot } from "./bindings/Snapshot";
import type { ThreadView } from "./bindings/ThreadView";
import type { Undoable } from "./bindings/Undoable";
import type { Which } from "./bindings/Which";
import type { WorkKind } from "./bindings/WorkKind";
import { Desk } from "./desk.svelte";
import { Dialogs } from "./dialogs.svelte";
import { Exporting } from "./exporting.svelte";
import { Groups } from "./groups.svelte";
import { Inbox, PAGE } from "./inbox.svelte";
import { connectionWords, troubleAfter } from "./lib/connection";
import { DESK, mayWatch } from "./lib/desk";
import { failure } from "./lib/failure";
import { Gather } from "./lib/gather";
import { draftFor } from "./lib/rule";
import { asText } from "./lib/thread";
import { type Remedy, subject } from "./lib/why";
import { voice } from "./lib/words/voice.svelte";
import { Picked } from "./picked.svelte";
import { RuleBook } from "./ruleBook";
import { AddressCheck } from "./serverCheck.svelte";
import { type Section, Settings } from "./settings.svelte";
import { type Choice, Threads } from "./threads.svelte";
import { allOf } from "./timeline.svelte";
import { UndoStack } from "./undo.svelte";
import { Views } from "./views.svelte";
import { Work } from "./work.svelte";

/** Rows that come within this are one change of the list, in milliseconds: three frames, which nobody sees. */
export const GATHER_MS = 50;
/** What comes by itself is said to screen readers once in this, in milliseconds. */
export const SAY_MS = 1_000;

/** Which screen is due. */
export type Screen = "loading" | "lost" | "signIn" | "firstRun" | "inbox";

/** A row to be scrolled to; a fresh object for each wish, so that the same row can be wished for twice. */
export interface Wish {
  id: number;
}

export class Model {
  readonly inbox: Inbox;
  readonly groups: Groups;
  readonly settings: Settings;
  readonly rules: RuleBook;
  readonly threads: Threads;
  readonly desk: Desk;
  readonly exporting: Exporting;
  readonly dialogs = new Dialogs();
  readonly undoStack = new UndoStack();
  /** Of the address that is typed to sign in. */
  readonly check: AddressCheck;
  readonly picked = new Picked(this);
  readonly views = new Views(this);

  #snapshot = $state.raw<Snapshot | null>(null);
  #line = $state.raw<LineState>({ up: true, message: null });
  #trouble = $state.raw<Reason | null>(null);
  #problem = $state.raw<ErrorBody | null>(null);
  #wish = $state.raw<Wish | null>(null);
  #said = $state("");
  /** Whether somebody who has just signed in for the first time is still to see that toasts come through. */
  #greeting = $state<"none" | "due" | "done">("none");

  #backend: Backend;
  #work: Work;
  /** Snapshots pushed so far. */
  #told = 0;
  /** New and changed rows. */
  #news = new Gather<Notification>(GATHER_MS, (items) => this.#takeNews(items));
  /** New rows that were not said yet. */
  #unsaid = new Gather<Notification>(SAY_MS, (items) => this.#sayNews(items));
  /** What was found with each key. */
  #found = new Gather<string>(SAY_MS, (sentences) => this.inbox.searching && this.say(sentences.at(-1) ?? ""));
  #reloading = false;
  #reloadAgain = false;
  /** Rows have come that the list under the desk does not show yet. */
  #isBehind = false;
  #catching: Promise<void> = Promise.resolve();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.inbox = new Inbox(backend);
    this.groups = new Groups(backend);
    this.settings = new Settings(backend, (sentence) => this.say(sentence));
    this.check = new AddressCheck(backend, (sentence) => this.say(sentence));
    this.rules = new RuleBook(this.settings, this.undoStack, {
      attempt: (action) => this.#attempt(action),
      say: (sentence) => this.say(sentence),
    });
    this.threads = new Threads(backend);
    this.desk = new Desk(backend, () => this.#catchUp());
    this.exporting = new Exporting(backend);
    this.#work = new Work(backend);
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }
  get line(): LineState {
    return this.#line;
  }
  /** Why the connection is down, through all the attempts until it is up. */
  get trouble(): Reason | null {
    return this.#trouble;
  }
  /** The last thing a person asked for that did not work. */
  get problem(): ErrorBody | null {
    return this.#problem;
  }
  get wish(): Wish | null {
    return this.#wish;
  }
  /** The latest sentence for screen readers. */
  get said(): string {
    return this.#said;
  }

  get screen(): Screen {
    if (!this.#snapshot) return this.#line.up ? "loading" : "lost";
    if (!this.#snapshot.account) return "signIn";
    return this.#greeting === "due" ? "firstRun" : "inbox";
  }

  /** Whether a page lies over the list. */
  get isCovered(): boolean {
    return this.settings.isOpen || this.desk.isOpen || this.groups.timeline.view !== null;
  }

  /** Listens, then asks for everything. The order matters: what is pushed after the first call is not missed. */
  async start(): Promise<void> {
    await Promise.all([this.#backend.onPush((push) => this.#hear(push)), this.#backend.onLine((line) => this.#hearLine(line))]);
    // Mostly somebody is signed in: the rows need not wait until that is known.
    const rows = this.reload();
    await this.#refresh(rows);
  }

  /** Opens a row, which also marks it read. */
  async open(id: number): Promise<void> {
    this.inbox.open(id);
    const item = this.inbox.find(id);
    if (item && !item.read) await this.setRead(item, true);
  }

  /** Somebody has looked at what was missed. */
  async digestSeen(gap: number): Promise<void> {
    await this.#attempt(() => this.#backend.call<null>({ type: "digestSeen", gap }));
  }

  async setRead(item: Notification, read: boolean): Promise<void> {
    const { markedRead, markedUnread } = voice.words.inbox;
    await this.#change(() => this.inbox.setRead({ ids: [item.id], threads: [] }, read), () => (read ? markedRead : markedUnread)(item.title));
  }

  /** Marks rows, bookings and flights. */
  async mark(which: Which, read: boolean): Promise<void> {
    await this.#change(() => this.inbox.setRead(which, read), read ? voice.words.inbox.allRead : voice.words.inbox.allUnread);
  }

  /** Puts rows, bookings and flights away; where what is done is listed, brings them back. Answers whether it worked. */
  async setDone(which: Which, done = this.inbox.criteria.place === "inbox", title?: string): Promise<boolean> {
    const words = voice.words.done;
    const label = (n: number) => (done ? words.put : words.back)(title ?? words.many(n));
    const worked = await this.#change(() => this.inbox.setDone(which, done), label);
    if (worked) {
      this.groups.drop(which);
      await this.#quietly(() => this.groups.timeline.reload());
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
    this.groups.timeline.toggle(item.id);
    if (!item.read) await this.setRead(item, true);
  }

  /** Mutes the row's booking or flight, or lets it be heard again. */
  toggleMuted(item: Notification): Promise<void> {
    return this.choose(item, this.threads.of(item).muted ? this.threads.heard() : this.threads.muted());
  }

  /** Snoozes the row's booking or flight, or ends that. */
  toggleSnoozed(item: Notification): Promise<void> {
    const now = new Date();
    return this.choose(item, this.threads.isSnoozed(item, now) ? this.threads.unsnoozed() : this.threads.snoozed(now));
  }

  async markAllRead(): Promise<void> {
    const done = await this.#change(() => this.inbox.markAllRead(), voice.words.inbox.allRead);
    if (done) await this.reload();
  }

  async clearAll(): Promise<void> {
    const done = await this.#change(() => this.inbox.clearAll(), voice.words.inbox.cleared);
    if (done) await this.reload();
  }

  /** Takes the latest change back. */
  async undo(): Promise<void> {
    const entry = this.undoStack.pop();
    if (!entry) return;
    const { undone, tooLate, tooLateLong } = voice.words.common;
    if (entry.back) {
      if (await this.#attempt(entry.back)) this.say(undone);
      return;
    }
    await this.#attempt(async () => {
      const inTime = await this.#backend.call<boolean>({ type: "undo", undo: entry.undo });
      this.say(inTime ? undone : tooLate);
      if (!inTime) this.#problem = { code: "store", message: tooLateLong };
    });
    await this.reload();
  }

  /** Mutes or snoozes the row's booking or flight, or those of several rows, or lets them be heard again. */
  async choose(of: Notification | Notification[], choice: Choice): Promise<void> {
    const items = [...new Map([of].flat().map((item) => [item.thread, item])).values()];
    const before = items.map((item) => ({ item, was: this.threads.of(item) }));
    const [only] = items;
    if (!only) return;
    const all = () => Promise.all(items.map((item) => this.threads.choose(item, choice.wanted)));
    if (!(await this.#attempt(all))) return;
    const label = choice.label(items.length > 1 ? voice.words.selection.threads(items.length) : subject(only));
    this.undoStack.offer(label, async () => void (await Promise.all(before.map(({ item, was }) => this.threads.choose(item, was)))));
    this.say(label);
  }

  /** Does what makes the row's outcome different the next time. */
  async remedy(item: Notification, remedy: Remedy): Promise<void> {
    switch (remedy.do) {
      case "editRule":
        return this.settings.edit(remedy.rule);
      case "newRule":
        if (!this.settings.preferences) await this.settings.load();
        return this.settings.edit(null, draftFor(item, remedy.then));
      case "unmute":
        return this.choose(item, this.threads.heard());
      case "endSnooze":
        return this.choose(item, this.threads.unsnoozed());
      case "open":
        return this.openSettings(remedy.section);
      case "test":
        this.openSettings("test");
        return this.sendTest();
    }
  }

  openSettings(section: Section | null = null): void {
    this.settings.open(section);
  }

  /** Changes preferences, at once and for good. */
  async prefer(change: Parameters<Settings["change"]>[0]): Promise<boolean> {
    return this.#attempt(() => this.settings.change(change));
  }

  /** Shows a toast, to see whether toasts come through. */
  async sendTest(): Promise<void> {
    await this.#attempt(() => this.settings.test.send());
    this.#sayTest();
  }

  /** Searches as the person types. */
  async search(text: string): Promise<void> {
    this.picked.selection.clear(true);
    await this.#quietly(() => this.inbox.search(text));
    if (!this.inbox.searching || this.inbox.query !== text) return;
    const { found, nothing } = voice.words.search;
    const count = this.inbox.items.length;
    this.#found.add([count === 0 ? nothing : found(Math.min(count, PAGE), this.inbox.hasMore)]);
  }

  /** Loads the list again. Wishes that come meanwhile are answered by one more load. */
  async reload(): Promise<void> {
    this.#news.flush();
    if (this.#reloading) {
      this.#reloadAgain = true;
      return;
    }
    this.#reloading = true;
    try {
      do {
        this.#reloadAgain = false;
        await Promise.all([
          this.#quietly(() => this.inbox.reload()),
          this.#quietly(() => this.groups.load()),
          this.#quietly(() => this.groups.timeline.reload()),
        ]);
      } while (this.#reloadAgain);
    } finally {
      this.#reloading = false;
    }
  }

  /** Lists other rows, by booking and flight or one by one. */
  async narrow(criteria: Criteria, grouped = this.groups.on): Promise<void> {
    this.picked.selection.clear(true);
    await this.#quietly(() => Promise.all([this.inbox.narrow(criteria), this.groups.show(grouped, this.#grouped)]));
  }

  /** Which bookings and flights are listed: a search finds rows, however the inbox is shown. */
  get #grouped(): Criteria {
    return { ...this.inbox.criteria, text: "" };
  }

  /** Whether bookings and flights are on screen. */
  get grouped(): boolean {
    return this.groups.on && !this.inbox.searching;
  }

  /** Shows the inbox by booking and flight, or row by row. */
  async group(on: boolean): Promise<void> {
    this.picked.selection.clear(true);
    await this.#quietly(() => this.groups.show(on, this.#grouped));
  }

  /** Opens a booking or flight. */
  async enter(view: ThreadView): Promise<void> {
    await this.#quietly(() => this.groups.timeline.enter(view));
  }

  /** Opens a flight or booking of which only the name is known. */
  async enterThread(thread: string): Promise<void> {
    await this.#attempt(async () => {
      const { items } = await this.#backend.call<Page>({ type: "thread", thread, before: null, limit: 1 });
      const [latest] = items;
      if (!latest) throw failure(voice.words.desk.gone);
      await this.enter({ thread, latest, unread: latest.read ? 0 : 1, total: 1, trail: [], choice: this.threads.of(latest) });
    });
  }

  /** To the desk, from wherever; and back, from there. */
  toggleDesk(): void {
    if (this.groups.timeline.view) this.groups.timeline.leave();
    else if (this.desk.isOpen) return this.desk.close();
    this.desk.open();
  }

  async moreGroups(): Promise<void> {
    await this.#attempt(() => this.groups.more());
  }

  /** Stops what takes long. */
  async stop(kind: WorkKind): Promise<void> {
    await this.#attempt(() => this.#work.stop(kind));
  }

  /** Writes rows into a file, as it was chosen. */
  async export(): Promise<void> {
    const done = await this.exporting.run(new Date());
    if (done?.state === "done") this.say(voice.words.export.done(done.file.rows));
  }

  /** Copies the booking or flight that is open as text, all of it. Answers whether the clipboard took it. */
  async copy(): Promise<boolean> {
    const { timeline } = this.groups;
    const loaded = await this.#attempt(async () => {
      while (timeline.hasMore) await timeline.more();
    });
    return loaded && this.copyText(asText(timeline.items));
  }

  /** Copies a text. Answers whether the clipboard took it. */
  async copyText(text: string): Promise<boolean> {
    const { copied, notCopied } = voice.words.thread;
    const done = await this.#attempt(() =>
      navigator.clipboard.writeText(text).catch(() => {
        throw failure(notCopied);
      }),
    );
    if (done) this.say(copied);
    return done;
  }

  /** Loads older rows of the booking or flight that is open. */
  async earlier(): Promise<void> {
    await this.#attempt(() => this.groups.timeline.more());
  }

  async more(): Promise<void> {
    await this.#attempt(() => this.inbox.more());
  }

  /** Signs in. Rejects with an `ErrorBody`, which the form shows beside its field. */
  async signIn(form: SignIn): Promise<void> {
    const first = this.screen === "signIn" && this.#greeting === "none";
    // The account may be pushed before the answer is here.
    if (first) this.#greeting = "due";
    try {
      await this.#backend.call<null>({ type: "signIn", ...form });
    } catch (thrown) {
      if (first) this.#greeting = "none";
      throw failure(thrown);
    }
    this.check.reset();
    await this.#refresh();
  }

  /** Goes on to the inbox. */
  greeted(): void {
    this.#greeting = "done";
    this.settings.test.reset();
  }

  /** Looks whether there is a line again. */
  retry(): Promise<void> {
    return this.#refresh();
  }

  async signOut(wipe: boolean): Promise<void> {
    await this.#ask({ type: "signOut", wipe });
    await this.#refresh();
  }

  pause(): Promise<void> {
    return this.#ask({ type: "pause" });
  }

  resume(): Promise<void> {
    return this.#ask({ type: "resume" });
  }

  reconnect(): Promise<void> {
    return this.#ask({ type: "reconnect" });
  }

  /** Asks for the room in which every booking is told, or leaves it. Answers whether that could be asked. */
  watchDesk(on: boolean): Promise<boolean> {
    return this.#attempt(() => this.#backend.call<null>({ type: on ? "subscribe" : "unsubscribe", room: DESK }));
  }

  dismissProblem(): void {
    this.#problem = null;
  }

  /** Says something to screen readers. */
  say(sentence: string): void {
    this.#said = sentence;
  }

  /** Snapshot and list anew; `rows` are on their way already. */
  async #refresh(rows?: Promise<void>): Promise<void> {
    const known = await this.#attempt(async () => {
      const told = this.#told;
      const answer = await this.#backend.call<Snapshot>({ type: "snapshot" });
      // Nothing is shown in one language for the moment before another one is there.
      await voice.speak(answer.language);
      // Answers and pushes come by different ways. One that was pushed meanwhile may be newer, and whatever is newer
      // still will be pushed too.
      if (told === this.#told) this.#takeSnapshot(answer);
    });
    if (known && this.#snapshot?.account) await this.#load(rows);
    else if (known) this.inbox.reset();
  }

  async #load(rows = this.reload()): Promise<void> {
    await Promise.all([rows, this.settings.load(), this.#attempt(() => this.threads.load())]);
  }

  #hear(push: Push): void {
    this.desk.hear(push.type === "changed" ? push.items : []);
    // What follows from rows finds them there.
    if (push.type !== "changed" && push.type !== "snapshot") this.#news.flush();
    switch (push.type) {
      case "snapshot":
        this.#told += 1;
        return this.#takeSnapshot(push.snapshot);
      case "changed":
        return this.#news.add(push.items);
      case "reload":
        void this.reload();
        return;
      case "openRow":
        void this.openRow(push.id);
        return;
      case "digest":
        this.say(`${push.digest.title}. ${push.digest.body}`);
        return;
      case "testToast":
        this.settings.test.hear(push.fate);
        this.#sayTest();
        return;
      case "chosen":
        return this.threads.hear(push.thread, push.choice);
      // For the command line, and for the shell.
      case "outcome":
      case "raise":
        return;
    }
  }

  #takeNews(items: Notification[]): void {
    // What nobody sees need not follow: thousands of rows a minute would be drawn under the desk for nothing.
    if (this.desk.isOpen) {
      this.#isBehind = true;
      this.groups.timeline.take(items);
      return;
    }
    const added = this.inbox.take(items);
    this.groups.hear(items);
    if (added > 0) this.#unsaid.add(items.slice(0, added));
  }

  #sayNews(items: Notification[]): void {
    const words = voice.words.inbox;
    const [first] = items;
    if (first) this.say(items.length === 1 ? words.arrived(first.title) : words.arrivedMany(items.length));
  }

  /** Brings a row on screen and opens it. */
  async openRow(id: number): Promise<void> {
    this.settings.hide();
    const { timeline } = this.groups;
    if (timeline.view && timeline.items.some((item) => item.id === id)) {
      if (timeline.openId !== id) timeline.toggle(id);
      return;
    }
    this.desk.close();
    await this.#catching;
    await this.group(false);
    await this.#attempt(async () => {
      if (this.inbox.status !== "ready") await this.reload();
      if (!(await this.inbox.reach(id))) return;
      await this.open(id);
      this.#wish = { id };
    });
  }

  /** Shows what has come while the list could not be seen. */
  #catchUp(): void {
    if (this.#isBehind) this.#catching = this.reload();
    this.#isBehind = false;
  }

  #hearLine(line: LineState): void {
    const wasUp = this.#line.up;
    this.#line = line;
    // What is on the desk may be old from now on, or is not any more.
    this.desk.ask();
    if (!line.up) {
      if (wasUp) this.say(line.message ?? voice.words.common.notRunning);
      return;
    }
    // Another resident knows nothing of what could be undone in the one before.
    if (!wasUp) this.undoStack.clear();
    void this.#refresh();
  }

  #takeSnapshot(snapshot: Snapshot): void {
    const before = this.#snapshot;
    void voice.speak(snapshot.language);
    this.#snapshot = snapshot;
    this.#line = { up: true, message: null };
    this.#trouble = troubleAfter(this.#trouble, snapshot.connection);
    // Another role may not see it any more; the list under it would take nothing in.
    if (!mayWatch(snapshot)) this.desk.close();
    if (before && before.connection.state !== snapshot.connection.state) {
      this.say(connectionWords(snapshot.connection, new Date()).label);
    }
    const news = this.#work.news(before?.work ?? [], snapshot.work);
    if (news) this.say(news);
    // Rows are said anew in the other language.
    if (before && before.language !== snapshot.language && snapshot.account) void this.reload();
    const account = (of: Snapshot | null) => (of?.account ? `${of.account.email} ${of.account.server}` : null);
    if (before && account(before) !== account(snapshot)) {
      this.inbox.reset();
      this.groups.reset();
      this.desk.reset();
      this.dialogs.close();
      this.settings.reset();
      this.undoStack.clear();
      this.threads.reset();
      this.views.leave();
      this.picked.selection.clear(true);
      if (snapshot.account) void this.#load();
    }
  }

  async #change(make: () => Promise<Undoable>, label: (changed: number) => string): Promise<boolean> {
    return this.#attempt(async () => {
      const done = await make();
      if (done.changed === 0) return;
      this.undoStack.push(done, label(done.changed));
      this.say(label(done.changed));
    });
  }

  #sayTest(): void {
    const { state, message } = this.settings.test;
    const words = voice.words.test;
    if (state === "refused") this.say(`${words.refused} ${message}`);
    else if (state !== "idle" && state !== "sending") this.say(words[state]);
  }

  async #ask(request: Request): Promise<void> {
    await this.#attempt(() => this.#backend.call<null>(request));
  }

  /** Does what a person asked for, and tells when it does not work. Answers whether it did. */
  async #attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      this.#problem = null;
      return true;
    } catch (thrown) {
      const error = failure(thrown);
      // A lost line has its own place on the page.
      if (error.code === "shuttingDown") this.#line = { up: false, message: error.message };
      else this.#problem = error;
      return false;
    }
  }

  /** Loads; the inbox itself keeps the error for its own place on the page. */
  async #quietly(load: () => Promise<unknown>): Promise<void> {
    try {
      await load();
    } catch (thrown) {
      const error = failure(thrown);
      if (error.code === "shuttingDown") this.#line = { up: false, message: error.message };
    }
  }
}
