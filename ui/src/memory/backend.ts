// A resident in memory: for work on the page in a plain browser, and for tests. Follows the rules of the real one as
// far as the page can see them; the pushes come after the answers, as they may on the real line.
import type { Backend, LineState } from "../backend";
import type { ConnectionState } from "../bindings/ConnectionState";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { Notification } from "../bindings/Notification";
import type { Page } from "../bindings/Page";
import type { Preferences } from "../bindings/Preferences";
import type { Push } from "../bindings/Push";
import type { Request } from "../bindings/Request";
import type { SignIn } from "../bindings/SignIn";
import type { Snapshot } from "../bindings/Snapshot";
import type { ThreadPage } from "../bindings/ThreadPage";
import type { ThreadView } from "../bindings/ThreadView";
import type { ThreadChoice } from "../bindings/ThreadChoice";
import type { Undoable } from "../bindings/Undoable";
import { SNOOZE_MS } from "../threads.svelte";
import { backTest, judge } from "./judge";
import { type Scenario, scenario } from "./scenarios";
import { desk, row } from "./story";

/** More changed rows than this are told as one `reload`. */
const MOST_PUSHED = 100;
/** Steps of a trail. */
const TRAIL = 6;
/** How long somebody takes to click a toast, in milliseconds. */
export const TOAST_MS = 2_500;

export class MemoryBackend implements Backend {
  /** Calls so far, for tests. */
  readonly calls: Request[] = [];
  #items: Notification[];
  #scenario: Scenario;
  #preferences: Preferences;
  #choices = new Map<string, ThreadChoice>();
  #undos = new Map<number, Notification[]>();
  #lastUndo = 0;
  #lastId: number;
  #push: (push: Push) => void = () => {};
  #line: (line: LineState) => void = () => {};

  constructor(from: Scenario) {
    this.#scenario = from;
    this.#items = from.items;
    this.#preferences = from.preferences;
    this.#lastId = from.items[0]?.id ?? 0;
    this.#choices = new Map(from.items.flatMap(chosen));
  }

  /** The scenario of the page's address, with its stream of new rows. */
  static fromAddress(address: URL): MemoryBackend {
    const backend = new MemoryBackend(scenario(address.searchParams.get("scenario"), Date.now()));
    const perSecond = backend.#scenario.perSecond;
    if (perSecond > 0) setInterval(() => backend.arrive(), 1000 / perSecond);
    return backend;
  }

  async call<T>(request: Request): Promise<T> {
    this.calls.push(request);
    if (this.#scenario.lineDown) throw problem("shuttingDown", "Gatecall is not running.");
    return (await Promise.resolve(this.#answer(request))) as T;
  }

  onPush(hear: (push: Push) => void): Promise<void> {
    this.#push = hear;
    return Promise.resolve();
  }

  onLine(hear: (line: LineState) => void): Promise<void> {
    this.#line = hear;
    return Promise.resolve();
  }

  /** A new event arrives. */
  arrive(item?: Notification): Notification {
    this.#lastId += 1;
    const told = item ? { ...item, id: this.#lastId } : row(this.#lastId, { ...desk(this.#lastId, 0), read: false }, Date.now());
    const choice = told.thread === undefined ? undefined : this.#choices.get(told.thread);
    const fresh = { ...told, outcome: judge(told, this.#preferences, choice) };
    this.#items = [fresh, ...this.#items];
    this.#push({ type: "changed", items: [fresh] });
    this.#tell();
    return fresh;
  }

  /** The resident goes away, or comes back. */
  setLine(up: boolean): void {
    this.#scenario = { ...this.#scenario, lineDown: !up };
    this.#line({ up, message: up ? null : "Gatecall is not running." });
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
        return this.#list(request.before, request.limit, request.unreadOnly);
      case "threads":
        return this.#threads(request.before, request.limit, request.unreadOnly);
      case "thread": {
        const wanted = this.#items.filter(
          (item) => item.thread === request.thread && (request.before === null || item.id < request.before),
        );
        return { items: wanted.slice(0, request.limit), hasMore: wanted.length > request.limit };
      }
      case "setRead":
        return this.#setRead((item) => request.ids.includes(item.id), request.read);
      case "markAllRead":
        return this.#setRead(() => true, true);
      case "clearAll":
        return this.#clear();
      case "undo":
        return this.#undo(request.undo);
      case "signIn":
        return this.#signIn(request);
      case "signOut":
        if (request.wipe) this.#items = [];
        return this.#become(
          { state: "signInNeeded", reason: { code: "notSignedIn", message: "You are signed out." } },
          { account: null },
        );
      case "pause":
        return this.#become({ state: "paused" });
      case "resume":
      case "reconnect":
        return this.#become({ state: "online", since: new Date().toISOString() });
      case "search":
        return this.#search(request.text, request.before, request.limit);
      case "preferences":
        return asTold(this.#preferences);
      case "prefer":
        return this.#prefer(request.preferences);
      case "backTest":
        return backTest(this.#items, request.preferences, request.days);
      case "choose":
        this.#choices.set(request.thread, request.choice);
        this.#push({ type: "chosen", thread: request.thread, choice: request.choice });
        return null;
      case "choices":
        return Object.fromEntries(this.#choices);
      case "testToast":
        return this.#testToast();
      case "digestSeen": {
        const { digest: _, ...snapshot } = this.#scenario.snapshot;
        this.#scenario = { ...this.#scenario, snapshot };
        this.#tell();
        return null;
      }
      case "subscribe":
        return this.#become(this.#scenario.snapshot.connection, { rooms: [{ room: request.room, state: "joined" }] });
      case "unsubscribe":
        return this.#become(this.#scenario.snapshot.connection, { rooms: [] });
      case "holdRoom":
      case "showWindow":
      case "quit":
        return null;
    }
  }

  #snapshot(): Snapshot {
    const unread = this.#items.filter((item) => !item.read).length;
    return { ...this.#scenario.snapshot, unread, total: this.#items.length };
  }

  #list(before: number | null, limit: number, unreadOnly: boolean): Page {
    if (this.#scenario.listFails) throw problem("store", "The inbox could not be read: the disk reports an error.");
    const wanted = this.#items.filter((item) => (before === null || item.id < before) && !(unreadOnly && item.read));
    return { items: wanted.slice(0, limit), hasMore: wanted.length > limit };
  }

  #threads(before: number | null, limit: number, unreadOnly: boolean): ThreadPage {
    if (this.#scenario.listFails) throw problem("store", "The inbox could not be read: the disk reports an error.");
    const views = new Map<string, ThreadView>();
    for (const item of this.#items) {
      const key = item.thread ?? `row:${item.id}`;
      const { kind, status, receivedAt, timestamp, reconstructed } = item;
      const step = { kind, status, at: timestamp ?? receivedAt, ...(reconstructed ? { reconstructed } : {}) };
      const view = views.get(key);
      if (view) {
        view.total += 1;
        view.unread += item.read ? 0 : 1;
        if (view.trail.length < TRAIL) view.trail.unshift(step);
        continue;
      }
      const choice = this.#choices.get(key) ?? { muted: false, snoozedUntil: null };
      const thread = item.thread === undefined ? {} : { thread: item.thread };
      views.set(key, { ...thread, latest: item, unread: item.read ? 0 : 1, total: 1, trail: [step], choice });
    }
    const wanted = [...views.values()].filter(
      (view) => (before === null || view.latest.id < before) && !(unreadOnly && view.unread === 0),
    );
    return { items: wanted.slice(0, limit), hasMore: wanted.length > limit };
  }

  /** Rows that hold every word; the last one may be unfinished. */
  #search(text: string, before: number | null, limit: number): Page {
    const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const holds = (item: Notification) => {
      const parts = [item.title, item.body, item.pnr, item.flightNumber, item.origin, item.destination, item.status];
      const own = parts.join(" ").toLowerCase().split(/[^\p{L}\p{N}]+/u);
      return words.every((word, index) => {
        const last = index === words.length - 1;
        return own.some((each) => (last ? each.startsWith(word) : each === word));
      });
    };
    const fits = (item: Notification) => (before === null || item.id < before) && holds(item);
    const found = words.length === 0 ? [] : this.#items.filter(fits);
    return { items: found.slice(0, limit), hasMore: found.length > limit };
  }

  #prefer(preferences: Preferences): null {
    if (this.#scenario.preferFails) throw problem("store", "The settings could not be saved: the disk is full.");
    this.#preferences = asTold(preferences);
    const language = preferences.language ?? this.#scenario.system;
    return this.#become(this.#scenario.snapshot.connection, { language });
  }

  #testToast(): null {
    const { toast } = this.#scenario;
    if (toast === "refused") throw problem("toasts", "No notification service answers on this desktop.");
    if (toast !== "silent") setTimeout(() => this.#push({ type: "testToast", fate: toast }), TOAST_MS);
    return null;
  }

  #setRead(which: (item: Notification) => boolean, read: boolean): Undoable {
    const before = this.#items;
    const changed: Notification[] = [];
    this.#items = before.map((item) => {
      if (item.read === read || !which(item)) return item;
      const next = { ...item, read };
      changed.push(next);
      return next;
    });
    return this.#undoable(before, changed);
  }

  #clear(): Undoable {
    const before = this.#items;
    this.#items = [];
    return this.#undoable(before, before);
  }

  #undoable(before: Notification[], changed: Notification[]): Undoable {
    if (changed.length === 0) return { changed: 0, undo: null };
    this.#lastUndo += 1;
    this.#undos.set(this.#lastUndo, before);
    const cleared = this.#items.length === 0;
    queueMicrotask(() => {
      this.#push(cleared || changed.length > MOST_PUSHED ? { type: "reload" } : { type: "changed", items: changed });
      this.#tell();
    });
    return { changed: changed.length, undo: this.#lastUndo };
  }

  #undo(undo: number): boolean {
    const before = this.#undos.get(undo);
    if (!before) return false;
    this.#undos.delete(undo);
    const newer = this.#items.filter((item) => item.id > (before[0]?.id ?? 0));
    this.#items = [...newer, ...before];
    this.#push({ type: "reload" });
    this.#tell();
    return true;
  }

  #signIn(form: SignIn): null {
    if (!form.server.includes(".") && !form.server.includes("localhost")) {
      throw problem("invalidServer", "This is not a web address. Try something like https://fly.example");
    }
    if (!form.email.includes("@")) {
      throw problem("invalidEmail", "Enter the e-mail address that you use with the booking service.");
    }
    if (form.server.includes("down")) throw problem("unreachable", "Nothing answers at this address.");
    if (form.password !== "Test123!") throw problem("signInRefused", "The e-mail address or the password is wrong.");
    const { email, server, authUrl, bookingUrl } = form;
    const account = { email, server, authUrl, bookingUrl, role: "CUSTOMER" };
    return this.#become({ state: "online", since: new Date().toISOString() }, { account });
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

function problem(code: ErrorBody["code"], message: string): ErrorBody {
  return { code, message };
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

/** What a person must have chosen for the row to end as it did. */
function chosen({ thread, outcome, receivedAt }: Notification): [string, ThreadChoice][] {
  if (thread === undefined) return [];
  if (outcome.setting === "mute") return [[thread, { muted: true, snoozedUntil: null }]];
  if (outcome.setting !== "snooze") return [];
  const until = new Date(Date.parse(receivedAt) + SNOOZE_MS).toISOString();
  return [[thread, { muted: false, snoozedUntil: until }]];
}
