import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../backend";
import type { Page } from "../bindings/Page";
import type { Push } from "../bindings/Push";
import type { Request } from "../bindings/Request";
import { Inbox, KEEP, PAGE } from "./inbox.svelte";
import { EVERYTHING } from "../lib/criteria";
import { row } from "../fake/fixtures";
import { startedModel } from "../fake/startedModel";
import { SAY_MS } from "./feedback.svelte";
import { BATCH_MS, Model } from "./model.svelte";
import { UNDO_MS } from "./undo.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything happen that needs no time. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("the inbox", () => {
  it("opens with the newest page and follows what arrives", async () => {
    const { model, backend } = await startedModel("agent");
    expect(model.screen).toBe("inbox");
    expect(model.inbox.items).toHaveLength(PAGE);
    const unread = model.snapshot?.unread ?? 0;
    const fresh = backend.arrive();
    expect(model.inbox.items[0]?.id).toBe(fresh.id);
    expect(model.snapshot?.unread).toBe(unread + 1);
    expect(model.feedback.said).toBe(`New: ${fresh.title}`);
  });

  it("takes many pushes of a moment as one change, in their order, and says one sentence a second", async () => {
    const { model, backend } = await startedModel("agent");
    await settle();
    const take = vi.spyOn(model.inbox, "take");
    const first = backend.arrive();
    for (let n = 0; n < 20; n += 1) backend.arrive();
    const last = backend.arrive();
    backend.push({ type: "changed", items: [{ ...last, read: true }] });
    expect(model.inbox.items[0]?.id).toBe(first.id);
    await vi.advanceTimersByTimeAsync(BATCH_MS);
    expect(take).toHaveBeenCalledTimes(2);
    expect(model.inbox.items[0]).toMatchObject({ id: last.id, read: true });
    expect(model.feedback.said).toBe(`New: ${first.title}`);
    await vi.advanceTimersByTimeAsync(SAY_MS);
    expect(model.feedback.said).toBe("21 new notifications");
  });

  it("has the rows of a moment before what is told after them", async () => {
    const { model, backend } = await startedModel("agent");
    backend.arrive();
    const { id } = backend.arrive();
    backend.push({ type: "openRow", id });
    await settle();
    expect(model.inbox.openId).toBe(id);
    expect(backend.calls.filter((call) => call.type === "list")).toHaveLength(1);
  });

  it("pages to the end without gaps or repeats", async () => {
    const { model } = await startedModel("agent");
    while (model.inbox.hasMore) await model.lists.more();
    const ids = model.inbox.items.map((item) => item.id);
    expect(ids).toEqual(Array.from({ length: 2_000 }, (_, index) => 2_000 - index));
  });

  it("asks for a page once, however often the end of the list is seen", async () => {
    const { model, backend } = await startedModel("agent");
    const before = backend.calls.length;
    await Promise.all([model.lists.more(), model.lists.more(), model.lists.more()]);
    expect(backend.calls.length).toBe(before + 1);
    expect(model.inbox.items).toHaveLength(2 * PAGE);
  });

  it("lets go of rows far below and can page to them again", async () => {
    const { model } = await startedModel("agent");
    while (model.inbox.items.length <= KEEP) await model.lists.more();
    model.inbox.trim();
    expect(model.inbox.items).toHaveLength(KEEP);
    await model.lists.more();
    expect(model.inbox.items).toHaveLength(KEEP + PAGE);
  });

  it("shows only unread rows, and keeps one in its place that is opened there", async () => {
    const { model } = await startedModel("traveler");
    await model.lists.narrow({ ...EVERYTHING, unread: true });
    const ids = model.inbox.items.map((item) => item.id);
    expect(model.inbox.items.every((item) => !item.read)).toBe(true);
    await model.open(ids[1] ?? 0);
    await settle();
    expect(model.inbox.items.map((item) => item.id)).toEqual(ids);
    expect(model.inbox.find(ids[1] ?? 0)?.read).toBe(true);
  });

  it("brings a row on screen that is pages away", async () => {
    const { model, backend } = await startedModel("agent");
    backend.push({ type: "openRow", id: 1_700 });
    await settle();
    expect(model.inbox.openId).toBe(1_700);
    expect(model.scrollTarget).toEqual({ id: 1_700 });
    expect(model.inbox.find(1_700)?.read).toBe(true);
  });

  it("never lets go of the row that is open", async () => {
    const { model, backend } = await startedModel("agent");
    backend.push({ type: "openRow", id: 1_600 });
    await settle();
    model.inbox.trim();
    expect(model.inbox.find(1_600)).toBeDefined();
    model.inbox.close();
    model.inbox.trim();
    expect(model.inbox.items).toHaveLength(KEEP);
  });

  it("says what is wrong when there is no list, and recovers", async () => {
    const { model } = await startedModel("error");
    expect(model.inbox.status).toBe("failed");
    expect(model.inbox.error?.code).toBe("store");
  });

  it("applies what is pushed while a page is loading after that page", async () => {
    const old = row(1, { kind: "bookingConfirmed", ago: 0, title: "a" }, Date.now());
    let answer: (page: Page) => void = () => {};
    const slow: Backend = {
      call: <T>() => new Promise<T>((resolve) => (answer = resolve as (page: Page) => void)),
      onPush: () => Promise.resolve(),
      onIpcState: () => Promise.resolve(),
    };
    const inbox = new Inbox(slow);
    const loading = inbox.reload();
    inbox.take([{ ...old, read: true }, row(2, { kind: "bookingConfirmed", ago: 0, title: "b" }, Date.now())]);
    answer({ items: [old], hasMore: false });
    await loading;
    expect(inbox.items.map((item) => [item.id, item.read])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  it("forgets the answer for a filter that is no longer chosen", async () => {
    const answers: ((page: Page) => void)[] = [];
    const slow: Backend = {
      call: <T>() => new Promise<T>((resolve) => answers.push(resolve as (page: Page) => void)),
      onPush: () => Promise.resolve(),
      onIpcState: () => Promise.resolve(),
    };
    const inbox = new Inbox(slow);
    const all = inbox.reload();
    const unread = inbox.narrow({ ...EVERYTHING, unread: true });
    const items = [row(1, { kind: "unknown", ago: 0, title: "read", read: true }, Date.now())];
    answers[1]?.({ items: [], hasMore: false });
    answers[0]?.({ items, hasMore: false });
    await Promise.all([all, unread]);
    expect(inbox.items).toEqual([]);
  });
});

describe("undo", () => {
  it("takes changes back, newest first", async () => {
    const { model } = await startedModel("traveler");
    const unread = model.snapshot?.unread;
    const [first, second] = model.inbox.items;
    await model.open(first?.id ?? 0);
    await model.open(second?.id ?? 0);
    expect(model.undoStack.depth).toBe(2);
    await model.changes.undo();
    expect(model.inbox.find(second?.id ?? 0)?.read).toBe(false);
    expect(model.inbox.find(first?.id ?? 0)?.read).toBe(true);
    await model.changes.undo();
    expect(model.snapshot?.unread).toBe(unread);
    expect(model.undoStack.top).toBeNull();
  });

  it("brings back a cleared inbox, and keeps what arrived meanwhile", async () => {
    const { model, backend } = await startedModel("traveler");
    const before = model.inbox.items.length;
    await model.changes.toggleAll();
    await settle();
    expect(model.inbox.items).toEqual([]);
    expect(model.undoStack.top?.label).toBe(`Done: ${before} notifications`);
    backend.arrive();
    await model.changes.undo();
    await settle();
    expect(model.inbox.items).toHaveLength(before + 1);
  });

  it("is offered for ten seconds", async () => {
    const { model } = await startedModel("traveler");
    await model.changes.readAll();
    expect(model.undoStack.top?.label).toBe("4 notifications marked read");
    await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
    expect(model.undoStack.top).not.toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(model.undoStack.top).toBeNull();
  });

  it("is not offered for what changed nothing", async () => {
    const { model } = await startedModel("traveler");
    await model.changes.readAll();
    await model.changes.readAll();
    expect(model.undoStack.depth).toBe(1);
  });
});

describe("the line", () => {
  it("has its own screen while nothing is known, and everything comes with it", async () => {
    const { model, backend } = await startedModel("offline");
    expect(model.screen).toBe("lost");
    backend.setLine(true);
    await settle();
    expect(model.screen).toBe("inbox");
    expect(model.inbox.items.length).toBeGreaterThan(0);
  });

  it("keeps the rows on screen when it is lost", async () => {
    const { model, backend } = await startedModel("traveler");
    backend.setLine(false);
    expect(model.screen).toBe("inbox");
    expect(model.feedback.isUp).toBe(false);
    expect(model.inbox.items.length).toBeGreaterThan(0);
  });

  it("loads once more, not once each, when many reloads are told", async () => {
    const { model, backend } = await startedModel("traveler");
    const lists = () => backend.calls.filter((call) => call.type === "list").length;
    const before = lists();
    for (let i = 0; i < 20; i += 1) backend.push({ type: "reload" });
    await settle();
    expect(lists()).toBe(before + 2);
    expect(model.inbox.status).toBe("ready");
  });

  it("listens before it asks", async () => {
    const order: string[] = [];
    const backend: Backend = {
      call: (request: Request) => {
        order.push(request.type);
        return Promise.reject({ code: "shuttingDown", message: "" });
      },
      onPush: (_hear: (push: Push) => void) => Promise.resolve(void order.push("onPush")),
      onIpcState: () => Promise.resolve(void order.push("onLine")),
    };
    await new Model(backend).start();
    // The rows do not wait for the state.
    expect(order).toEqual(["onPush", "onLine", "list", "snapshot"]);
  });
});

describe("what was missed", () => {
  it("stays until somebody has looked, and leads to its rows", async () => {
    const { model } = await startedModel("away");
    const digest = model.snapshot?.digest;
    expect(digest?.title).toBe("3 of your bookings changed");
    const worst = digest?.items[0];
    await model.openRow(worst?.id ?? 0);
    expect(model.inbox.openId).toBe(worst?.id);
    expect(model.snapshot?.digest).toBeDefined();
    await model.dismissDigest(digest?.gap ?? 0);
    await settle();
    expect(model.snapshot?.digest).toBeUndefined();
    expect(model.feedback.problem).toBeNull();
  });

  it("is read out when it comes", async () => {
    const { model, backend } = await startedModel("traveler");
    backend.push({
      type: "digest",
      digest: { gap: 1, title: "2 of your bookings changed", body: "Offline 22:14–06:47.", items: [] },
    });
    expect(model.feedback.said).toBe("2 of your bookings changed. Offline 22:14–06:47.");
  });
});

describe("the state", () => {
  it("is the pushed one, when that overtakes an older answer", async () => {
    const { model, backend } = await startedModel("traveler");
    const now = model.snapshot;
    if (!now) throw new Error("no snapshot");
    const call = backend.call.bind(backend);
    backend.call = async <T>(request: Request): Promise<T> => {
      if (request.type !== "snapshot") return call<T>(request);
      const older = { ...now, connection: { state: "connecting", attempt: 1 } };
      backend.push({ type: "snapshot", snapshot: now });
      return older as T;
    };
    await model.refresh();
    expect(model.snapshot?.connection.state).toBe("online");
  });
});

describe("the desk", () => {
  it("is left and asked for again", async () => {
    const { model } = await startedModel("agent");
    await model.session.watchDesk(false);
    expect(model.snapshot?.rooms).toEqual([]);
    await model.session.watchDesk(true);
    expect(model.snapshot?.rooms).toEqual([{ room: "admin", state: "joined" }]);
  });
});

describe("signing in and out", () => {
  const form = { server: "https://fly.example", email: "ada@example.com", authUrl: null, bookingUrl: null };

  it("leads to the inbox", async () => {
    const { model } = await startedModel("signin");
    expect(model.screen).toBe("signIn");
    await model.session.signIn({ ...form, password: "Test123!" });
    expect(model.screen).toBe("firstRun");
  });

  it("keeps the form when it is refused", async () => {
    const { model } = await startedModel("signin");
    await expect(model.session.signIn({ ...form, password: "wrong" })).rejects.toMatchObject({ code: "signInRefused" });
    expect(model.screen).toBe("signIn");
    expect(model.feedback.problem).toBeNull();
  });

  it("shows nothing of the account before", async () => {
    const { model } = await startedModel("traveler");
    await model.session.signOut(true);
    expect(model.screen).toBe("signIn");
    expect(model.inbox.items).toEqual([]);
    await model.session.signIn({ ...form, password: "Test123!" });
    await settle();
    expect(model.inbox.items).toEqual([]);
    expect(model.inbox.status).toBe("ready");
  });
});
