import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AGAIN_MS, QUIET_MS } from "./desk.svelte";
import { FakeBackend } from "../fake/backend";
import { startedModel as play } from "../fake/startedModel";
import { Model } from "./model.svelte";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2025, 2, 14, 12, 0) });
});
afterEach(() => {
  vi.useRealTimers();
});

async function startedModel(name: string): Promise<{ model: Model; backend: FakeBackend; asked: () => number }> {
  const { model, backend } = await play(name);
  return { model, backend, asked: () => backend.calls.filter(({ type }) => type === "desk").length };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("the desk", () => {
  it("asks nothing while it is closed, and at once when it is opened", async () => {
    const { model, backend, asked } = await startedModel("deskBusy");
    backend.arrive();
    await pass(QUIET_MS);
    expect(asked()).toBe(0);
    model.desk.open();
    await pass(0);
    expect(asked()).toBe(1);
    expect(model.desk.view?.minutes).toHaveLength(60);
  });

  it("asks once a second at most, however much is pushed", async () => {
    const { model, backend, asked } = await startedModel("deskBusy");
    model.desk.open();
    for (let n = 0; n < 500; n += 1) {
      backend.arrive();
      await pass(10);
    }
    expect(asked()).toBeLessThanOrEqual(6);
    expect(asked()).toBeGreaterThanOrEqual(5);
    expect(model.desk.view?.kinds.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(1_000);
  });

  it("asks now and then while nothing comes, for minutes pass", async () => {
    const { model, asked } = await startedModel("deskQuiet");
    model.desk.open();
    await pass(3 * QUIET_MS + 500);
    expect(asked()).toBe(4);
  });

  it("never has two questions under way", async () => {
    const { model, backend, asked } = await startedModel("deskBusy");
    const call = backend.call.bind(backend);
    let answer = () => {};
    backend.call = async <T>(request: Parameters<typeof call>[0]): Promise<T> => {
      const value = await call<T>(request);
      if (request.type === "desk") await new Promise<void>((resolve) => (answer = resolve));
      return value;
    };
    model.desk.open();
    model.desk.close();
    model.desk.open();
    backend.arrive();
    await pass(5 * AGAIN_MS);
    expect(asked()).toBe(1);
    answer();
    await pass(AGAIN_MS);
    expect(asked()).toBe(2);
  });

  it("rests while nobody can see it, and when it is closed", async () => {
    const { model, backend, asked } = await startedModel("deskBusy");
    model.desk.open();
    await pass(0);
    model.desk.see(false);
    backend.arrive();
    await pass(QUIET_MS);
    expect(asked()).toBe(1);
    model.desk.see(true);
    await pass(0);
    expect(asked()).toBe(2);
    model.desk.close();
    backend.arrive();
    await pass(QUIET_MS);
    expect(asked()).toBe(2);
  });

  it("keeps its last answer when there is none, and asks again by itself", async () => {
    const { model, backend } = await startedModel("deskBusy");
    model.desk.open();
    await pass(0);
    const { view, at } = model.desk;
    backend.setLine(false);
    await pass(QUIET_MS);
    expect(model.desk.error?.code).toBe("shuttingDown");
    expect(model.desk.view).toBe(view);
    expect(model.desk.at).toBe(at);
    backend.setLine(true);
    await pass(QUIET_MS);
    expect(model.desk.error).toBeNull();
  });

  it("lets the list rest that nobody sees, and brings it up to date afterwards", async () => {
    const { model, backend } = await startedModel("deskBusy");
    model.desk.open();
    const { items } = model.inbox;
    const fresh = backend.arrive();
    await pass(AGAIN_MS);
    expect(model.inbox.items).toBe(items);
    expect(model.feedback.said).toBe("");
    model.desk.close();
    await pass(0);
    expect(model.inbox.items[0]?.id).toBe(fresh.id);
  });

  it("makes way for a row that was asked for from outside", async () => {
    const { model, backend } = await startedModel("deskBusy");
    model.desk.open();
    const { id } = backend.arrive();
    backend.push({ type: "openRow", id });
    await pass(0);
    expect(model.desk.isOpen).toBe(false);
    expect(model.inbox.openId).toBe(id);
  });

  it("forgets everything with the account", async () => {
    const { model } = await startedModel("deskBusy");
    model.desk.open();
    await pass(0);
    await model.session.signOut(false);
    expect(model.desk.isOpen).toBe(false);
    expect(model.desk.view).toBeNull();
  });

  it("has the latest urgent rows on the wall", async () => {
    const { model, backend } = await startedModel("deskBusy");
    model.desk.placeUnder(true);
    await pass(0);
    const before = model.desk.urgent.map(({ id }) => id);
    expect(before.length).toBeGreaterThan(0);
    const first = model.desk.urgent[0];
    if (!first) throw new Error("there is an urgent row");
    const fresh = backend.arrive(first);
    expect(model.desk.urgent[0]?.id).toBe(fresh.id);
  });

  it("opens a flight of which only the name is known", async () => {
    const { model } = await startedModel("deskBusy");
    model.desk.open();
    await pass(0);
    await model.lists.enterThread(model.desk.view?.flights[0]?.thread ?? "");
    expect(model.threadList.timeline.items[0]?.flightNumber).toBe(model.desk.view?.flights[0]?.flightNumber);
    await model.lists.enterThread("flight:gone");
    expect(model.feedback.problem?.message).toBe("Nothing of it is kept here any more.");
  });
});
