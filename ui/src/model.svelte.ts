// The page's state as a whole: the resident's snapshot, the line to it, the inbox, and what can be undone.
import type { Backend, LineState } from "./backend";
import type { Notification } from "./bindings/Notification";
import type { Push } from "./bindings/Push";
import type { Reason } from "./bindings/Reason";
import type { Snapshot } from "./bindings/Snapshot";
import type { WorkKind } from "./bindings/WorkKind";
import { Changes } from "./changes";
import { Desk } from "./desk.svelte";
import { Dialogs } from "./dialogs.svelte";
import { Exporting } from "./exporting.svelte";
import { Groups } from "./groups.svelte";
import { Inbox } from "./inbox.svelte";
import { connectionWords, troubleAfter } from "./lib/connection";
import { mayWatch } from "./lib/desk";
import { failure } from "./lib/failure";
import { Gather } from "./lib/gather";
import { draftFor } from "./lib/rule";
import { asText } from "./lib/thread";
import type { Remedy } from "./lib/why";
import { voice } from "./lib/words/voice.svelte";
import { Lists } from "./lists";
import { Manner } from "./manner.svelte";
import { Picked } from "./picked.svelte";
import { RuleBook } from "./ruleBook";
import { Session } from "./session.svelte";
import { type Section, Settings } from "./settings.svelte";
import { Threads } from "./threads.svelte";
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
  readonly manner = new Manner();
  readonly session: Session;
  readonly inbox: Inbox;
  readonly groups: Groups;
  readonly settings: Settings;
  readonly rules: RuleBook;
  readonly lists: Lists;
  readonly changes: Changes;
  readonly threads: Threads;
  readonly desk: Desk;
  readonly exporting: Exporting;
  readonly dialogs = new Dialogs();
  readonly undoStack = new UndoStack();
  readonly picked = new Picked(this);
  readonly views = new Views(this);

  #snapshot = $state.raw<Snapshot | null>(null);
  #trouble = $state.raw<Reason | null>(null);
  #wish = $state.raw<Wish | null>(null);

  #backend: Backend;
  #work: Work;
  /** Snapshots pushed so far. */
  #told = 0;
  /** New and changed rows. */
  #news = new Gather<Notification>(GATHER_MS, (items) => this.#takeNews(items));
  /** New rows that were not said yet. */
  #unsaid = new Gather<Notification>(SAY_MS, (items) => this.#sayNews(items));
  /** Rows have come that the list under the desk does not show yet. */
  #isBehind = false;
  #catching: Promise<void> = Promise.resolve();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.session = new Session(this, backend);
    this.lists = new Lists(this, backend);
    this.changes = new Changes(this, backend);
    this.inbox = new Inbox(backend);
    this.groups = new Groups(backend);
    this.settings = new Settings(backend, (sentence) => this.manner.say(sentence));
    this.rules = new RuleBook(this.settings, this.undoStack, this.manner);
    this.threads = new Threads(backend);
    this.desk = new Desk(backend, () => this.#catchUp());
    this.exporting = new Exporting(backend);
    this.#work = new Work(backend);
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }
  /** Why the connection is down, through all the attempts until it is up. */
  get trouble(): Reason | null {
    return this.#trouble;
  }
  get wish(): Wish | null {
    return this.#wish;
  }

  get screen(): Screen {
    if (!this.#snapshot) return this.manner.isUp ? "loading" : "lost";
    if (!this.#snapshot.account) return "signIn";
    return this.session.greets ? "firstRun" : "inbox";
  }

  /** Whether a page lies over the list. */
  get isCovered(): boolean {
    return this.settings.isOpen || this.desk.isOpen || this.groups.timeline.view !== null;
  }

  /** Listens, then asks for everything. The order matters: what is pushed after the first call is not missed. */
  async start(): Promise<void> {
    await Promise.all([this.#backend.onPush((push) => this.#hear(push)), this.#backend.onLine((line) => this.#hearLine(line))]);
    // Mostly somebody is signed in: the rows need not wait until that is known.
    const rows = this.lists.reload();
    await this.refresh(rows);
  }

  /** Opens a row, which also marks it read. */
  async open(id: number): Promise<void> {
    this.inbox.open(id);
    const item = this.inbox.find(id);
    if (item && !item.read) await this.changes.setRead(item, true);
  }

  /** Somebody has looked at what was missed. */
  async digestSeen(gap: number): Promise<void> {
    await this.manner.attempt(() => this.#backend.call<null>({ type: "digestSeen", gap }));
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
        return this.changes.choose(item, this.threads.heard());
      case "endSnooze":
        return this.changes.choose(item, this.threads.unsnoozed());
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
    return this.manner.attempt(() => this.settings.change(change));
  }

  /** Shows a toast, to see whether toasts come through. */
  async sendTest(): Promise<void> {
    await this.manner.attempt(() => this.settings.test.send());
    this.#sayTest();
  }

  /** To the desk, from wherever; and back, from there. */
  toggleDesk(): void {
    if (this.groups.timeline.view) this.groups.timeline.leave();
    else if (this.desk.isOpen) return this.desk.close();
    this.desk.open();
  }

  /** Stops what takes long. */
  async stop(kind: WorkKind): Promise<void> {
    await this.manner.attempt(() => this.#work.stop(kind));
  }

  /** Writes rows into a file, as it was chosen. */
  async export(): Promise<void> {
    const done = await this.exporting.run(new Date());
    if (done?.state === "done") this.manner.say(voice.words.export.done(done.file.rows));
  }

  /** Copies the booking or flight that is open as text, all of it. Answers whether the clipboard took it. */
  async copy(): Promise<boolean> {
    const { timeline } = this.groups;
    const loaded = await this.manner.attempt(async () => {
      while (timeline.hasMore) await timeline.more();
    });
    return loaded && this.copyText(asText(timeline.items));
  }

  /** Copies a text. Answers whether the clipboard took it. */
  async copyText(text: string): Promise<boolean> {
    const { copied, notCopied } = voice.words.thread;
    const done = await this.manner.attempt(() =>
      navigator.clipboard.writeText(text).catch(() => {
        throw failure(notCopied);
      }),
    );
    if (done) this.manner.say(copied);
    return done;
  }

  /** Hands over at once what waits to become one change of the list. */
  flush(): void {
    this.#news.flush();
  }

  /** Snapshot and list anew; `rows` are on their way already. */
  async refresh(rows?: Promise<void>): Promise<void> {
    const known = await this.manner.attempt(async () => {
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

  async #load(rows = this.lists.reload()): Promise<void> {
    await Promise.all([rows, this.settings.load(), this.manner.attempt(() => this.threads.load())]);
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
        void this.lists.reload();
        return;
      case "openRow":
        void this.openRow(push.id);
        return;
      case "digest":
        this.manner.say(`${push.digest.title}. ${push.digest.body}`);
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
    if (first) this.manner.say(items.length === 1 ? words.arrived(first.title) : words.arrivedMany(items.length));
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
    await this.lists.group(false);
    await this.manner.attempt(async () => {
      if (this.inbox.status !== "ready") await this.lists.reload();
      if (!(await this.inbox.reach(id))) return;
      await this.open(id);
      this.#wish = { id };
    });
  }

  /** Shows what has come while the list could not be seen. */
  #catchUp(): void {
    if (this.#isBehind) this.#catching = this.lists.reload();
    this.#isBehind = false;
  }

  #hearLine(line: LineState): void {
    const was = this.manner.line;
    this.manner.hear(line);
    // What is on the desk may be old from now on, or is not any more.
    this.desk.ask();
    if (line !== "up") {
      if (line !== was) this.manner.say(this.manner.whyDown);
      return;
    }
    // Another resident knows nothing of what could be undone in the one before.
    if (was !== "up") this.undoStack.clear();
    void this.refresh();
  }

  #takeSnapshot(snapshot: Snapshot): void {
    const before = this.#snapshot;
    void voice.speak(snapshot.language);
    this.#snapshot = snapshot;
    this.manner.hear("up");
    this.#trouble = troubleAfter(this.#trouble, snapshot.connection);
    if (!snapshot.account) this.dialogs.close();
    // Another role may not see it any more; the list under it would take nothing in.
    if (!mayWatch(snapshot)) this.desk.close();
    if (before && before.connection.state !== snapshot.connection.state) {
      this.manner.say(connectionWords(snapshot.connection, new Date()).label);
    }
    const news = this.#work.news(before?.work ?? [], snapshot.work);
    if (news) this.manner.say(news);
    // Rows are said anew in the other language.
    if (before && before.language !== snapshot.language && snapshot.account) void this.lists.reload();
    const account = (of: Snapshot | null) => (of?.account ? `${of.account.email} ${of.account.server}` : null);
    if (before && account(before) !== account(snapshot)) {
      this.inbox.reset();
      this.groups.reset();
      this.desk.reset();
      this.settings.reset();
      this.undoStack.clear();
      this.threads.reset();
      this.views.leave();
      this.picked.selection.clear(true);
      if (snapshot.account) void this.#load();
    }
  }

  #sayTest(): void {
    const { state, message } = this.settings.test;
    const words = voice.words.test;
    if (state === "refused") this.manner.say(`${words.refused} ${message}`);
    else if (state !== "idle" && state !== "sending") this.manner.say(words[state]);
  }
}
