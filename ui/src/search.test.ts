import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PAGE, SEARCH_AGAIN_MS, TYPING_MS } from "./inbox.svelte";
import { EVERYTHING } from "./lib/criteria";
import { MemoryBackend } from "./memory/backend";
import { scenario } from "./memory/scenarios";
import { Model } from "./model.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function started(name: string) {
  const backend = new MemoryBackend(scenario(name, Date.now()));
  const model = new Model(backend);
  await model.start();
  const searches = () => backend.calls.filter((call) => call.type === "list" && call.criteria.text !== "");
  return { model, backend, searches };
}

async function type(model: Model, text: string) {
  void model.search(text);
  await vi.advanceTimersByTimeAsync(TYPING_MS);
}

describe("searching", () => {
  it("waits for a pause in the typing, and says what it found", async () => {
    const { model, searches } = await started("traveler");
    for (const text of ["k", "kx", "kx4"]) void model.search(text);
    expect(model.inbox.items.length).toBeGreaterThan(3);
    await vi.advanceTimersByTimeAsync(TYPING_MS);
    expect(searches()).toEqual([{ type: "list", criteria: { ...EVERYTHING, text: "kx4" }, before: null, limit: PAGE }]);
    expect(model.inbox.items.map((item) => item.pnr)).toEqual(["KX4T9Q", "KX4T9Q", "KX4T9Q"]);
    expect(model.said).toBe("3 found");
  });

  it("pages by the last row, without gaps or repeats", async () => {
    const { model, searches } = await started("agent");
    await type(model, "delayed");
    expect(model.said).toBe(`More than ${PAGE} found`);
    await model.more();
    expect(searches().at(-1)).toMatchObject({ before: model.inbox.items[PAGE - 1]?.id });
    while (model.inbox.hasMore) await model.more();
    const ids = model.inbox.items.map((item) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(scenario("agent", 0).items.filter((item) => item.status === "DELAYED").length);
  });

  it("says so when there is nothing, and gives the list back when it is cleared", async () => {
    const { model } = await started("traveler");
    const all = model.inbox.items.length;
    await type(model, "zanzibar");
    expect(model.inbox.items).toEqual([]);
    expect(model.inbox.status).toBe("ready");
    expect(model.said).toBe("Nothing found");
    await model.search("");
    expect(model.inbox.items).toHaveLength(all);
    expect(model.inbox.searching).toBe(false);
  });

  it("takes in new rows only where they fit, and not with each of them", async () => {
    const { model, backend, searches } = await started("agent");
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
    const { model, backend } = await started("traveler");
    await type(model, "kx4");
    await model.narrow({ ...EVERYTHING, unread: true });
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
