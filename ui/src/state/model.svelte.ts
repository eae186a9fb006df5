// The page's state as a whole: the resident's snapshot, the line to it, the inbox, and what can be undone.
import type { Backend, IpcState } from "../backend";
import type { Notification } from "../bindings/Notification";
import type { Push } from "../bindings/Push";
import type { LinkReason } from "../bindings/LinkReason";
import type { Snapshot } from "../bindings/Snapshot";
import type { JobKind } from "../bindings/JobKind";
import { Changes } from "./changes";
import { Desk } from "./desk.svelte";
import { Dialogs } from "./dialogs.svelte";
import { RowExport } from "./export.svelte";
import { ThreadList } from "./threadList.svelte";
import { Inbox } from "./inbox.svelte";
import { connectionWords, reasonAfter } from "../lib/connection";
import { mayWatch } from "../lib/desk";
import { failure } from "../lib/failure";
import { Batcher } from "../lib/batcher";
import { draftFor } from "../lib/rule";
import { asText } from "../lib/thread";
import type { Remedy } from "../lib/why";
import { i18n } from "../lib/i18n/i18n.svelte";
import { Lists } from "./lists";
import { Feedback, SAY_MS } from "./feedback.svelte";
import { SelectionActions } from "./selectionActions.svelte";
import { RuleBook } from "./ruleBook";
import { Session } from "./session.svelte";
import { type Section, Settings } from "./settings.svelte";
import { ThreadPreferences } from "./threadPreferences.svelte";
import { UndoStack } from "./undo.svelte";
import { Views } from "./views.svelte";
import { Jobs } from "./jobs.svelte";

/** Rows that come within this are one change of the list, in milliseconds: three frames, which nobody sees. */
export const BATCH_MS = 50;

/** Which screen is due. */
export type Screen = "loading" | "lost" | "signIn" | "firstRun" | "inbox";

/** A row to be scrolled to; a fresh object for each request, so that the same row can be requested twice. */
export interface ScrollTarget {
  id: number;
}

export class Model {
  readonly feedback = new Feedback();
  readonly session: Session;
  readonly inbox: Inbox;
  readonly threadList: ThreadList;
  readonly settings: Settings;
  readonly rules: RuleBook;
  readonly lists: Lists;
  readonly changes: Changes;
  readonly threadPreferences: ThreadPreferences;
  readonly desk: Desk;
  readonly rowExport: RowExport;
  readonly dialogs = new Dialogs();
  readonly undoStack = new UndoStack();
  readonly selectionActions = new SelectionActions(this);
  readonly views = new Views(this);

  #snapshot = $state.raw<Snapshot | null>(null);
  #linkReason = $state.raw<LinkReason | null>(null);
  #scrollTarget = $state.raw<ScrollTarget | null>(null);

  #backend: Backend;
  #jobs: Jobs;
  /** Snapshots pushed so far. */
  #snapshotsPushed = 0;
  /** New and changed rows. */
  #incoming = new Batcher<Notification>(BATCH_MS, (items) => this.#takeRows(items));
  /** New rows that were not said yet. */
  #unannounced = new Batcher<Notification>(SAY_MS, (items) => this.#announceRows(items));
  /** Rows have come that the list under the desk does not show yet. */
  #isBehind = false;
  #catching: Promise<void> = Promise.resolve();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.session = new Session(this, backend);
    this.lists = new Lists(this, backend);
    this.changes = new Changes(this, backend);
    this.inbox = new Inbox(backend);
    this.threadList = new ThreadList(backend);
    this.settings = new Settings(backend, (sentence) => this.feedback.say(sentence));
    this.rules = new RuleBook(this.settings, this.undoStack, this.feedback);
    this.threadPreferences = new ThreadPreferences(backend);
    this.desk = new Desk(backend, () => this.#catchUp());
    this.rowExport = new RowExport(backend);
    this.#jobs = new Jobs(backend);
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }
  /** Why the connection is down, through all the attempts until it is up. */
  get linkReason(): LinkReason | null {
    return this.#linkReason;
  }
  get scrollTarget(): ScrollTarget | null {
    return this.#scrollTarget;
  }

  get screen(): Screen {
    if (!this.#snapshot) return this.feedback.isUp ? "loading" : "lost";
    if (!this.#snapshot.account) return "signIn";
    return this.session.greets ? "firstRun" : "inbox";
  }

  /** Whether a page lies over the list. */
  get isCovered(): boolean {
    return this.settings.isOpen || this.desk.isOpen || this.threadList.timeline.view !== null;
  }

  /** Listens, then asks for everything. The order matters: what is pushed after the first call is not missed. */
  async start(): Promise<void> {
    await Promise.all([
      this.#backend.onPush((push) => this.#onPush(push)),
      this.#backend.onIpcState((state) => this.#onIpcState(state)),
    ]);
    // Mostly somebody is signed in: the rows need not wait until that is known.
    const rows = this.lists.reload();
    await this.refresh(rows);
  }

  /** The title of a row, where it is loaded. */
  titleOf = (row: number): string | undefined =>
    [...this.threadList.timeline.items, ...this.inbox.items].find((each) => each.id === row)?.title;

  /** Opens a row, which also marks it read. */
  async open(id: number): Promise<void> {
    this.inbox.open(id);
    const item = this.inbox.find(id);
    if (item && !item.read) await this.changes.setRead(item, true);
  }

  /** Somebody has looked at what was missed. */
  async dismissDigest(gap: number): Promise<void> {
    await this.feedback.attempt(() => this.#backend.call<null>({ type: "dismissDigest", gap }));
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
        return this.changes.setThreadPreference(item, this.threadPreferences.unmuted());
      case "endSnooze":
        return this.changes.setThreadPreference(item, this.threadPreferences.unsnoozed());
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
  async changePreferences(change: Parameters<Settings["change"]>[0]): Promise<boolean> {
    return this.feedback.attempt(() => this.settings.change(change));
  }

  /** Shows a toast, to see whether toasts come through. */
  async sendTest(): Promise<void> {
    await this.feedback.attempt(() => this.settings.test.send());
    this.#sayTest();
  }

  /** To the desk, from wherever; and back, from there. */
  toggleDesk(): void {
    if (this.threadList.timeline.view) this.threadList.timeline.leave();
    else if (this.desk.isOpen) return this.desk.close();
    this.desk.open();
  }

  /** Stops what takes long. */
  async stop(kind: JobKind): Promise<void> {
    await this.feedback.attempt(() => this.#jobs.stop(kind));
  }

  /** Writes rows into a file, as it was chosen. */
  async export(): Promise<void> {
    const done = await this.rowExport.run(new Date());
    if (done?.state === "done") this.feedback.say(i18n.messages.export.done(done.file.rows));
  }

  /** Copies the booking or flight that is open as text, all of it. Answers whether the clipboard took it. */
  async copy(): Promise<boolean> {
    const { timeline } = this.threadList;
    const loaded = await this.feedback.attempt(async () => {
      while (timeline.hasMore) await timeline.more();
    });
    return loaded && this.copyText(asText(timeline.items));
  }

  /** Copies a text. Answers whether the clipboard took it. */
  async copyText(text: string): Promise<boolean> {
    const { copied, notCopied } = i18n.messages.thread;
    const done = await this.feedback.attempt(() =>
      navigator.clipboard.writeText(text).catch(() => {
        throw failure(notCopied);
      }),
    );
    if (done) this.feedback.say(copied);
    return done;
  }

  /** Hands over at once what waits to become one change of the list. */
  flush(): void {
    this.#incoming.flush();
  }

  /** Snapshot and list anew; `rows` are on their way already. */
  async refresh(rows?: Promise<void>): Promise<void> {
    const known = await this.feedback.attempt(async () => {
      const pushed = this.#snapshotsPushed;
      const answer = await this.#backend.call<Snapshot>({ type: "snapshot" });
      // Nothing is shown in one language for the moment before another one is there.
      await i18n.setLanguage(answer.language);
      // Answers and pushes come by different ways. One that was pushed meanwhile may be newer, and whatever is newer
      // still will be pushed too.
      if (pushed === this.#snapshotsPushed) this.#takeSnapshot(answer);
    });
    if (known && this.#snapshot?.account) await this.#load(rows);
    else if (known) this.inbox.reset();
  }

  async #load(rows = this.lists.reload()): Promise<void> {
    await Promise.all([rows, this.settings.load(), this.feedback.attempt(() => this.threadPreferences.load())]);
  }

  #onPush(push: Push): void {
    this.desk.onRows(push.type === "changed" ? push.items : []);
    // What follows from rows finds them there.
    if (push.type !== "changed" && push.type !== "snapshot") this.#incoming.flush();
    switch (push.type) {
      case "snapshot":
        this.#snapshotsPushed += 1;
        return this.#takeSnapshot(push.snapshot);
      case "changed":
        return this.#incoming.add(push.items);
      case "reload":
        void this.lists.reload();
        return;
      case "openRow":
        void this.openRow(push.id);
        return;
      case "digest":
        this.feedback.say(`${push.digest.title}. ${push.digest.body}`);
        return;
      case "testToast":
        this.settings.test.onResult(push.result);
        this.#sayTest();
        return;
      case "threadPreferenceChanged":
        return this.threadPreferences.onChange(push.thread, push.preference);
      // For the command line, and for the shell.
      case "outcome":
      case "raise":
        return;
    }
  }

  #takeRows(items: Notification[]): void {
    // What nobody sees need not follow: thousands of rows a minute would be drawn under the desk for nothing.
    if (this.desk.isOpen) {
      this.#isBehind = true;
      this.threadList.timeline.take(items);
      return;
    }
    const added = this.inbox.take(items);
    this.threadList.onRows(items);
    if (added > 0) this.#unannounced.add(items.slice(0, added));
  }

  #announceRows(items: Notification[]): void {
    const words = i18n.messages.inbox;
    const [first] = items;
    if (first) this.feedback.say(items.length === 1 ? words.arrived(first.title) : words.arrivedMany(items.length));
  }

  /** Brings a row on screen and opens it. */
  async openRow(id: number): Promise<void> {
    this.settings.hide();
    const { timeline } = this.threadList;
    if (timeline.view && timeline.items.some((item) => item.id === id)) {
      if (timeline.openId !== id) timeline.toggle(id);
      return;
    }
    this.desk.close();
    await this.#catching;
    await this.lists.group(false);
    await this.feedback.attempt(async () => {
      if (this.inbox.status !== "ready") await this.lists.reload();
      if (!(await this.inbox.reach(id))) return;
      await this.open(id);
      this.#scrollTarget = { id };
    });
  }

  /** Shows what has come while the list could not be seen. */
  #catchUp(): void {
    if (this.#isBehind) this.#catching = this.lists.reload();
    this.#isBehind = false;
  }

  #onIpcState(state: IpcState): void {
    const was = this.feedback.ipcState;
    this.feedback.onIpcState(state);
    // What is on the desk may be old from now on, or is not any more.
    this.desk.ask();
    if (state !== "up") {
      if (state !== was) this.feedback.say(this.feedback.whyDown);
      return;
    }
    // Another resident knows nothing of what could be undone in the one before.
    if (was !== "up") this.undoStack.clear();
    void this.refresh();
  }

  #takeSnapshot(snapshot: Snapshot): void {
    const before = this.#snapshot;
    void i18n.setLanguage(snapshot.language);
    this.#snapshot = snapshot;
    this.feedback.onIpcState("up");
    this.#linkReason = reasonAfter(this.#linkReason, snapshot.connection);
    if (!snapshot.account) this.dialogs.close();
    // Another role may not see it any more; the list under it would take nothing in.
    if (!mayWatch(snapshot)) this.desk.close();
    if (before && before.connection.state !== snapshot.connection.state) {
      this.feedback.say(connectionWords(snapshot.connection, new Date()).label);
    }
    const news = this.#jobs.news(before?.jobs ?? [], snapshot.jobs);
    if (news) this.feedback.say(news);
    // Rows are said anew in the other language.
    if (before && before.language !== snapshot.language && snapshot.account) void this.lists.reload();
    const account = (of: Snapshot | null) => (of?.account ? `${of.account.email} ${of.account.server}` : null);
    if (before && account(before) !== account(snapshot)) {
      this.inbox.reset();
      this.threadList.reset();
      this.desk.reset();
      this.settings.reset();
      this.undoStack.clear();
      this.threadPreferences.reset();
      this.views.leave();
      this.selectionActions.selection.clear(true);
      if (snapshot.account) void this.#load();
    }
  }

  #sayTest(): void {
    const { state, message } = this.settings.test;
    const words = i18n.messages.test;
    if (state === "refused") this.feedback.say(`${words.refused} ${message}`);
    else if (state !== "idle" && state !== "sending") this.feedback.say(words[state]);
  }
}
