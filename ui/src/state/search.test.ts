import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PAGE, SEARCH_AGAIN_MS } from "./inbox.svelte";
import type { Request } from "../bindings/Request";
import { EVERYTHING } from "../lib/criteria";
import { FakeBackend } from "../fake/backend";
import { scenario } from "../fake/scenarios";
import { startedModel as play } from "../fake/startedModel";
import { SAY_MS } from "./feedback.svelte";
import { Model } from "./model.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function startedModel(name: string) {
  const { model, backend } = await play(name);
  const searches = () => backend.calls.filter((call) => call.type === "list" && call.criteria.text !== "");
  return { model, backend, searches };
}

async function type(model: Model, text: string) {
  void model.lists.search(text);
  await vi.advanceTimersByTimeAsync(0);
}

/** Holds every answer to a search back until it is asked for, in any order. */
function heldBack(backend: FakeBackend) {
  const answers: (() => void)[] = [];
  const call = backend.call.bind(backend);
  backend.call = async <T>(request: Request): Promise<T> => {
    const answer = await call<T>(request);
    if (request.type === "list" && request.criteria.text !== "")
      await new Promise<void>((resolve) => answers.push(resolve));
    return answer;
  };
  return async () => {
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
}

describe("searching", () => {
  it("asks with the first key, and says what it found", async () => {
    const { model, searches } = await startedModel("traveler");
    await type(model, "k");
    expect(searches()).toEqual([{ type: "list", criteria: { ...EVERYTHING, text: "k" }, before: null, limit: PAGE }]);
    await type(model, "kx4");
    expect(model.inbox.items.map((item) => item.pnr)).toEqual(["KX4T9Q", "KX4T9Q", "KX4T9Q"]);
    await vi.advanceTimersByTimeAsync(SAY_MS);
    expect(model.feedback.said).toBe("3 found");
  });

  it("has one question under way, asks the newest one next, and shows no answer that is out of date", async () => {
    const { model, backend, searches } = await startedModel("traveler");
    const answer = heldBack(backend);
    const before = model.inbox.items;
    for (const text of ["m", "mu", "mun", "kx4"]) await type(model, text);
    const texts = () => searches().map((call) => call.type === "list" && call.criteria.text);
    expect(texts()).toEqual(["m"]);
    await answer();
    expect(model.inbox.items).toEqual(before);
    expect(texts()).toEqual(["m", "kx4"]);
    await answer();
    expect(model.inbox.items.map((item) => item.pnr)).toEqual(["KX4T9Q", "KX4T9Q", "KX4T9Q"]);
    expect(texts()).toEqual(["m", "kx4"]);
  });

  it("that is cleared before its answer leaves the list as it was", async () => {
    const { model, backend } = await startedModel("traveler");
    const all = model.inbox.items.length;
    const answer = heldBack(backend);
    await type(model, "kx4");
    await type(model, "kx4t");
    await model.lists.search("");
    await answer();
    await answer();
    expect(model.inbox.items).toHaveLength(all);
    expect(model.inbox.searching).toBe(false);
    expect(model.feedback.said).not.toContain("found");
  });

  it("goes on after a question that failed", async () => {
    const { model, backend } = await startedModel("traveler");
    const call = backend.call.bind(backend);
    backend.call = () => Promise.reject({ code: "store", message: "no" });
    await type(model, "m");
    backend.call = call;
    await type(model, "kx4");
    expect(model.inbox.items.map((item) => item.pnr)).toEqual(["KX4T9Q", "KX4T9Q", "KX4T9Q"]);
  });

  it("pages by the last row, without gaps or repeats", async () => {
    const { model, searches } = await startedModel("agent");
    await type(model, "delayed");
    expect(model.feedback.said).toBe(`More than ${PAGE} found`);
    await model.lists.more();
    expect(searches().at(-1)).toMatchObject({ before: model.inbox.items[PAGE - 1]?.id });
    while (model.inbox.hasMore) await model.lists.more();
    const ids = model.inbox.items.map((item) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(scenario("agent", 0).items.filter((item) => item.status === "DELAYED").length);
  });

  it("says so when there is nothing, and gives the list back when it is cleared", async () => {
    const { model } = await startedModel("traveler");
    const all = model.inbox.items.length;
    await type(model, "zanzibar");
    expect(model.inbox.items).toEqual([]);
    expect(model.inbox.status).toBe("ready");
    expect(model.feedback.said).toBe("Nothing found");
    await model.lists.search("");
    expect(model.inbox.items).toHaveLength(all);
    expect(model.inbox.searching).toBe(false);
  });

  it("takes in new rows only where they fit, and not with each of them", async () => {
    const { model, backend, searches } = await startedModel("agent");
    await type(model, "landed");
    const before = model.inbox.items.length;
    for (let i = 0; i < 12; i += 1) backend.arrive();
    expect(model.inbox.items).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(SEARCH_AGAIN_MS);
    expect(searches()).toHaveLength(2);
    expect(model.inbox.items.every((item) => item.status === "LANDED")).toBe(true);
    expect(model.inbox.items[0]?.id).toBeGreaterThan(2_000);
  });

  it("ends when unread rows are asked for, or a row from outside", async () => {
    const { model, backend } = await startedModel("traveler");
    await type(model, "kx4");
    await model.lists.narrow({ ...EVERYTHING, unread: true });
    expect(model.inbox.query).toBe("");
    expect(model.inbox.items.every((item) => !item.read)).toBe(true);
    await type(model, "kx4");
    expect(model.inbox.items.length).toBeGreaterThan(0);
    expect(model.inbox.items.every((item) => item.pnr === "KX4T9Q" && !item.read)).toBe(true);
    backend.push({ type: "openRow", id: 1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(model.inbox.searching).toBe(false);
    expect(model.inbox.openId).toBe(1);
  });
});
