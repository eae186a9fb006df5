// A resident in memory: for work on the page in a plain browser, and for tests. Follows the rules of the real one as
// far as the page can see them; the pushes come after the answers, as they may on the real line.
import type { Backend, IpcState } from "../backend";
import type { ConnectionState } from "../bindings/ConnectionState";
import type { Criteria } from "../bindings/Criteria";
import type { ExportResult } from "../bindings/ExportResult";
import type { Notification } from "../bindings/Notification";
import type { Page } from "../bindings/Page";
import type { Preferences } from "../bindings/Preferences";
import type { Push } from "../bindings/Push";
import type { Request } from "../bindings/Request";
import type { RoomState } from "../bindings/RoomState";
import type { SavedView } from "../bindings/SavedView";
import type { SignIn } from "../bindings/SignIn";
import type { Snapshot } from "../bindings/Snapshot";
import type { ThreadPage } from "../bindings/ThreadPage";
import type { ThreadView } from "../bindings/ThreadView";
import type { ThreadPreference } from "../bindings/ThreadPreference";
import type { Undoable } from "../bindings/Undoable";
import type { RowSelector } from "../bindings/RowSelector";
import type { JobKind } from "../bindings/JobKind";
import type { JobView } from "../bindings/JobView";
import { EVERYTHING, fits, same } from "../lib/criteria";
import { SNOOZE_MS } from "../state/threadPreferences.svelte";
import { scenarioOf } from "./pageAddress";
import { deskView } from "./desk";
import { FakeExport } from "./export";
import { backTest, decide } from "./policy";
import { FakeHost, isAddress } from "./host";
import { NO_ADDRESS, problem } from "./errors";
import type { Scenario } from "./scenarios";
import { FakeStore } from "./store";
import { row } from "./fixtures";

/** More changed rows than this are told as one `reload`. */
const MOST_PUSHED = 100;
/** Steps of a trail. */
const TRAIL = 6;
/** More rows than the last days of a desk have are not tried out. */
const MOST_TRIED = 10_000;
/** How often a stream looks how many new rows are due, in milliseconds. */
const STREAM_MS = 10;
/** Views that are kept. */
const MAX_VIEWS = 50;
/** How long somebody takes to click a toast, in milliseconds. */
export const TOAST_MS = 2_500;

export class FakeBackend implements Backend {
  /** Calls so far, for tests. */
  readonly calls: Request[] = [];
  #store: FakeStore;
  #scenario: Scenario;
  #preferences: Preferences;
  #host: FakeHost;
  #threadPreferences = new Map<string, ThreadPreference>();
  #undos = new Map<number, () => void>();
  #lastUndo = 0;
  #lastId: number;
  #writing = new FakeExport();
  #push: (push: Push) => void = () => {};
  #onState: (line: IpcState) => void = () => {};

  constructor(from: Scenario) {
    this.#scenario = from;
    this.#store = new FakeStore(from.items, from.below, Date.now());
    this.#preferences = from.preferences;
    this.#host = new FakeHost(from.autostart, from.preferFails, (jobs) =>
      this.#become(this.#scenario.snapshot.connection, { jobs }),
    );
    this.#lastId = this.#store.newest;
    this.#threadPreferences = new Map(from.items.flatMap(chosen));
  }

  /** The scenario of the page's address, with its stream of new rows. The backend is `resident` in the console. */
  static fromAddress(address: URL): FakeBackend {
    const from = scenarioOf(address.searchParams, Date.now());
    const backend = new FakeBackend(from);
    if (from.perSecond > 0) backend.stream(from.perSecond);
    Object.assign(globalThis, { resident: backend });
    // A test has its own ways to a scenario.
    if (!navigator.webdriver && !address.searchParams.has("bare")) void import("./picker");
    return backend;
  }

  async call<T>(request: Request): Promise<T> {
    this.calls.push(request);
    if (this.#scenario.lineDown) throw problem("shuttingDown", "");
    return (await Promise.resolve(this.#answer(request))) as T;
  }

  onPush(handler: (push: Push) => void): Promise<void> {
    this.#push = handler;
    return Promise.resolve();
  }

  onIpcState(handler: (state: IpcState) => void): Promise<void> {
    this.#onState = handler;
    return Promise.resolve();
  }

  /** A new event arrives. */
  arrive(item?: Notification): Notification {
    this.#lastId += 1;
    const told = item
      ? { ...item, id: this.#lastId }
      : row(this.#lastId, { ...this.#scenario.make(this.#lastId, 0), read: false }, Date.now());
    const choice = told.thread === undefined ? undefined : this.#threadPreferences.get(told.thread);
    const fresh = { ...told, outcome: decide(told, this.#preferences, choice) };
    this.#store.add(fresh);
    this.#push({ type: "changed", items: [fresh] });
    this.#tell();
    return fresh;
  }

  /** New events arrive, so many a second, until what is given back is called. */
  stream(perSecond: number): () => void {
    const begin = performance.now();
    let arrived = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - begin) * perSecond) / 1000);
      for (; arrived < due; arrived += 1) this.arrive();
    }, STREAM_MS);
    return () => clearInterval(timer);
  }

  /** The id of the newest row that has come. */
  get newest(): number {
    return this.#lastId;
  }

  /** The resident goes away, or comes back. */
  setLine(up: boolean): void {
    this.#scenario = { ...this.#scenario, lineDown: !up };
    this.#onState(up ? "up" : "notRunning");
  }

  /** Pushes as the resident would. */
  push(push: Push): void {
    this.#push(push);
  }

  #answer(request: Request): unknown {
    switch (request.type) {
      case "snapshot":
        return this.#snapshot();
      case "list":
        return this.#list(request.criteria, request.before, request.limit);
      case "threads":
        return this.#threads(request.criteria, request.before, request.limit);
      case "thread":
        return page(this.#store.of(request.thread, request.before), () => true, request.limit);
      case "setRead":
        return this.#setRead(request.selector, request.read);
      case "setDone":
        return this.#setDone(request.selector, request.done);
      case "undo":
        return this.#undo(request.undo);
      case "signIn":
        return this.#signIn(request);
      case "signOut":
        if (request.wipe) this.#store.wipe();
        return this.#become(
          { state: "signInNeeded", reason: { code: "notSignedIn", message: "You are signed out." } },
          { account: null, rooms: this.#rooms("requested") },
        );
      case "pause":
        return this.#become({ state: "paused" }, { rooms: this.#rooms("requested") });
      case "resume":
      case "reconnect":
        return this.#become({ state: "online", since: new Date().toISOString() }, { rooms: this.#rooms("joined") });
      case "preferences":
        return asTold(this.#preferences);
      case "setPreferences":
        return this.#setPreferences(request.preferences);
      case "backTest":
        return backTest(upTo(MOST_TRIED, this.#store.received()), request.preferences, request.days);
      case "setThreadPreference":
        if (request.preference.muted || request.preference.snoozedUntil)
          this.#threadPreferences.set(request.thread, request.preference);
        else this.#threadPreferences.delete(request.thread);
        this.#push({ type: "threadPreferenceChanged", thread: request.thread, preference: request.preference });
        return null;
      case "threadPreferences":
        return Object.fromEntries(this.#threadPreferences);
      case "testToast":
        return this.#testToast();
      case "dismissDigest": {
        const { digest: _, ...snapshot } = this.#scenario.snapshot;
        this.#scenario = { ...this.#scenario, snapshot };
        this.#tell();
        return null;
      }
      case "subscribe":
      case "holdRoom":
        return this.#setRooms([...this.#otherRooms(request.room), { room: request.room, state: "joined" }]);
      case "unsubscribe":
        return this.#setRooms(this.#otherRooms(request.room));
      case "desk":
        return deskView(this.#store.received(), this.#preferences.rules, this.#scenario.desk, Date.now());
      case "export":
        return this.#export(request);
      case "cancel":
        if (request.work === "export") this.#writing.stop();
        return this.#work(request.work, null);
      case "showWindow":
      case "quit":
        return null;
      default: {
        const known = this.#host.answer(request);
        if (!known) throw problem("unsupported", "The in-memory backend cannot do that.");
        return known.answer;
      }
    }
  }

  /** The rows of an account are shown while it is signed in. */
  get #isSignedIn(): boolean {
    return this.#scenario.snapshot.account !== null;
  }

  #snapshot(): Snapshot {
    const { digest: told, ...snapshot } = this.#scenario.snapshot;
    // What was archived is no longer in the digest.
    const items = this.#isSignedIn ? (told?.items.filter(({ id }) => !this.#store.isDone(id)) ?? []) : [];
    const digest = told && items.length > 0 ? { digest: { ...told, items } } : {};
    const { unread, total } = this.#isSignedIn ? this.#store : { unread: 0, total: 0 };
    return { ...snapshot, ...digest, unread, total };
  }

  /** All rooms in this state: what the server refused stays refused. */
  #rooms(state: RoomState): Snapshot["rooms"] {
    return this.#scenario.snapshot.rooms.map((room) => (room.state === "refused" ? room : { ...room, state }));
  }

  #otherRooms(name: string): Snapshot["rooms"] {
    return this.#scenario.snapshot.rooms.filter(({ room }) => room !== name);
  }

  #setRooms(rooms: Snapshot["rooms"]): null {
    return this.#become(this.#scenario.snapshot.connection, {
      rooms: rooms.toSorted((a, b) => (a.room < b.room ? -1 : 1)),
    });
  }

  #list(criteria: Criteria, before: number | null, limit: number): Page {
    if (this.#scenario.listFails) throw problem("store", "The inbox could not be read: the disk reports an error.");
    if (!this.#isSignedIn) return { items: [], hasMore: false };
    const words = messagesOf(criteria.text);
    const rows =
      words.length > 0 ? this.#store.holding(words, criteria.place, before) : this.#store.from(before, criteria.place);
    return page(rows, (item) => fits(criteria, item) && holds(item, words), limit);
  }

  #threads(criteria: Criteria, before: number | null, limit: number): ThreadPage {
    if (this.#scenario.listFails) throw problem("store", "The inbox could not be read: the disk reports an error.");
    if (!this.#isSignedIn) return { items: [], hasMore: false };
    const words = messagesOf(criteria.text);
    const views = new Map<string, ThreadView>();
    const fitting = new Set<string>();
    for (const item of this.#store.from(null, criteria.place)) {
      const key = item.thread ?? `row:${item.id}`;
      if (fits(criteria, item) && holds(item, words)) fitting.add(key);
      const { kind, status, receivedAt, timestamp, reconstructed } = item;
      const step = { kind, status, at: timestamp ?? receivedAt, ...(reconstructed ? { reconstructed } : {}) };
      const view = views.get(key);
      if (view) {
        view.total += 1;
        view.unread += item.read ? 0 : 1;
        if (view.trail.length < TRAIL) view.trail.unshift(step);
        continue;
      }
      const choice = this.#threadPreferences.get(key) ?? { muted: false, snoozedUntil: null };
      const thread = item.thread === undefined ? {} : { thread: item.thread };
      views.set(key, { ...thread, latest: item, unread: item.read ? 0 : 1, total: 1, trail: [step], choice });
    }
    const wanted = [...views].filter(
      ([key, { latest }]) => fitting.has(key) && (before === null || latest.id < before),
    );
    return { items: wanted.slice(0, limit).map(([, view]) => view), hasMore: wanted.length > limit };
  }

  #setPreferences(preferences: Preferences): null {
    if (this.#scenario.preferFails) throw problem("store", "The settings could not be saved: the disk is full.");
    this.#preferences = tidied(asTold(preferences));
    const language = preferences.language ?? this.#scenario.system;
    return this.#become(this.#scenario.snapshot.connection, { language, look: preferences.look });
  }

  #export({ format, from, to }: Request & { type: "export" }): Promise<ExportResult> {
    let rows = 0;
    for (const { receivedAt } of this.#store.received()) {
      if (from !== null && receivedAt < from) break;
      if (to === null || receivedAt < to) rows += 1;
    }
    return this.#writing.run(rows, format, this.#scenario.exportSticks, (work) => this.#work("export", work));
  }

  /** What takes long is so far, or over. */
  #work(kind: JobKind, now: JobView | null): null {
    const others = this.#scenario.snapshot.jobs.filter((each) => each.kind !== kind);
    return this.#become(this.#scenario.snapshot.connection, { jobs: now ? [...others, now] : others });
  }

  #testToast(): null {
    const { toast } = this.#scenario;
    if (toast === "refused") throw problem("toasts", "No notification service answers on this desktop.");
    if (toast !== "silent") setTimeout(() => this.#push({ type: "testToast", result: toast }), TOAST_MS);
    return null;
  }

  #setRead(selector: RowSelector, read: boolean): Undoable {
    const back = this.#store.keep();
    const { changed, count } = this.#store.setRead(
      this.#isEverything(selector) ? null : this.#store.ids(this.#named(selector), null),
      read,
    );
    return this.#undoable(back, count, changed.length === count && count <= MOST_PUSHED ? changed : null);
  }

  #setDone(selector: RowSelector, done: boolean): Undoable {
    if (done && this.#isEverything(selector)) return this.#clear();
    const back = this.#store.keep();
    const changed = this.#store.setDone(this.#store.ids(this.#named(selector), done ? "inbox" : "done"), done);
    return this.#undoable(back, changed.length, changed.length <= MOST_PUSHED ? changed : null);
  }

  /** The whole inbox, of which many rows are only counted. */
  #isEverything({ listed, upto = Infinity }: RowSelector): boolean {
    return listed !== undefined && same(listed.criteria, EVERYTHING) && upto >= this.#store.newest;
  }

  /** With the ids of all that is listed. */
  #named(selector: RowSelector): RowSelector {
    if (!selector.listed) return selector;
    const { criteria, grouped } = selector.listed;
    const before = selector.upto === undefined ? null : selector.upto + 1;
    const fitting = this.#list(criteria, before, Infinity).items;
    const threads = new Set(grouped ? fitting.map(({ thread }) => thread) : []);
    const ids = new Set(fitting.map(({ id }) => id));
    for (const { id, thread } of threads.size > 0 ? this.#store.from(before, criteria.place) : [])
      if (thread !== undefined && threads.has(thread)) ids.add(id);
    return { ...selector, ids: [...selector.ids, ...ids] };
  }

  #clear(): Undoable {
    const back = this.#store.keep();
    const count = this.#store.total;
    this.#store.clear();
    return this.#undoable(back, count, null);
  }

  /** `rows` are those to be told one by one. */
  #undoable(back: () => void, changed: number, rows: Notification[] | null): Undoable {
    if (changed === 0) return { changed, undo: null };
    this.#lastUndo += 1;
    this.#undos.set(this.#lastUndo, back);
    queueMicrotask(() => {
      this.#push(rows ? { type: "changed", items: rows } : { type: "reload" });
      this.#tell();
    });
    return { changed, undo: this.#lastUndo };
  }

  #undo(undo: number): boolean {
    const back = this.#undos.get(undo);
    if (!back) return false;
    this.#undos.delete(undo);
    back();
    this.#push({ type: "reload" });
    this.#tell();
    return true;
  }

  #signIn(form: SignIn): null {
    if (!isAddress(form.server)) {
      throw NO_ADDRESS;
    }
    if (!form.email.includes("@")) {
      throw problem("invalidEmail", "Enter the e-mail address that you use with the booking service.");
    }
    if (form.server.includes("down")) throw problem("unreachable", "Nothing answers at this address.");
    if (form.password !== "Test123!") throw problem("signInRefused", "The e-mail address or the password is wrong.");
    const { email, server, authUrl, bookingUrl } = form;
    const account = { email, server, authUrl, bookingUrl, role: "CUSTOMER" };
    return this.#become(
      { state: "online", since: new Date().toISOString() },
      { account, rooms: this.#rooms("joined") },
    );
  }

  #become(connection: ConnectionState, more: Partial<Scenario["snapshot"]> = {}): null {
    this.#scenario = { ...this.#scenario, snapshot: { ...this.#scenario.snapshot, ...more, connection } };
    this.#tell();
    return null;
  }

  #tell(): void {
    this.#push({ type: "snapshot", snapshot: this.#snapshot() });
  }
}

/** The first `limit` rows that fit, and whether there are more. */
function page(rows: Iterable<Notification>, fits: (item: Notification) => boolean, limit: number): Page {
  const items: Notification[] = [];
  for (const item of rows) {
    if (!fits(item)) continue;
    if (items.length === limit) return { items, hasMore: true };
    items.push(item);
  }
  return { items, hasMore: false };
}

/** What was typed, word by word. */
function messagesOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Whether the row holds every word; the last one may be unfinished. */
function holds(item: Notification, words: string[]): boolean {
  const parts = [item.title, item.body, item.pnr, item.flightNumber, item.origin, item.destination, item.status];
  const own = parts
    .join(" ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return words.every((word, index) => {
    const last = index === words.length - 1;
    return own.some((each) => (last ? each.startsWith(word) : each === word));
  });
}

function upTo(most: number, rows: Iterable<Notification>): Notification[] {
  return page(rows, () => true, most).items;
}

/** Preferences as they cross the line: what is empty is left out. */
function asTold(preferences: Preferences): Preferences {
  const full = (value: unknown) => !(Array.isArray(value) && value.length === 0);
  const rules = preferences.rules.map((rule) => ({
    ...rule,
    when: Object.fromEntries(Object.entries(rule.when).filter(([, value]) => full(value))),
  }));
  return { ...preferences, rules } as Preferences;
}

/** Preferences as they are kept: days within their limits, and each view with a name of its own, the last of the same. */
function tidied(preferences: Preferences): Preferences {
  const { keepDays } = preferences;
  const views = new Map<string, SavedView>();
  for (const view of preferences.views) {
    const name = view.name.trim();
    views.delete(name);
    if (name !== "") views.set(name, { ...view, name });
  }
  return {
    ...preferences,
    keepDays: keepDays === null ? null : Math.min(Math.max(keepDays, 1), 365),
    views: [...views.values()].slice(0, MAX_VIEWS),
  };
}

/** What a person must have chosen for the row to end as it did. */
function chosen({ thread, outcome, receivedAt }: Notification): [string, ThreadPreference][] {
  if (thread === undefined) return [];
  if (outcome.setting === "mute") return [[thread, { muted: true, snoozedUntil: null }]];
  if (outcome.setting !== "snooze") return [];
  const until = new Date(Date.parse(receivedAt) + SNOOZE_MS).toISOString();
  return [[thread, { muted: false, snoozedUntil: until }]];
}
