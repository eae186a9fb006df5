import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BATCH_MS, KEEP, keyOf } from "./threadList.svelte";
import { asText, inOrder, trailWords } from "../lib/thread";
import { EVERYTHING } from "../lib/criteria";
import { FakeBackend } from "../fake/backend";
import { scenario } from "../fake/scenarios";
import { row, type FixtureEvent } from "../fake/fixtures";
import { startedModel } from "../fake/startedModel";
import { Model } from "./model.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function grouped(name: string): Promise<{ model: Model; backend: FakeBackend }> {
  const { model, backend } = await startedModel(name);
  await model.lists.group(true);
  return { model, backend };
}

const settle = () => vi.advanceTimersByTimeAsync(BATCH_MS);
const FRA: FixtureEvent["flight"] = ["LH401", "JFK", "FRA"];
const landed = () =>
  row(0, { kind: "flightStatus", ago: 0, title: "LH401 to FRA landed", status: "LANDED", flight: FRA }, Date.now());
const ids = (model: Model) => model.threadList.items.map((view) => view.latest.id);
const find = (model: Model, key: string) => {
  const view = model.threadList.items.find((each) => keyOf(each).includes(key));
  if (!view) throw new Error(`${key} is not listed`);
  return view;
};

describe("bookings and flights", () => {
  it("are not what the window opens with", async () => {
    const { model } = await grouped("journey");
    expect(new Model(new FakeBackend(scenario("journey", 0))).threadList.on).toBe(false);
    expect(model.threadList.on).toBe(true);
  });

  it("are listed once each, the one with the newest row first", async () => {
    const { model } = await grouped("journey");
    expect(ids(model)).toEqual([...ids(model)].sort((a, b) => b - a));
    expect(new Set(model.threadList.items.map(keyOf)).size).toBe(model.threadList.items.length);
    const first = model.threadList.items[0];
    expect(first?.latest.title).toBe("LH401 to FRA departed");
    expect([first?.unread, first?.total]).toEqual([2, 5]);
    expect(trailWords(first?.trail ?? []).map((step) => step.words)).toEqual([
      "Scheduled",
      "Delayed",
      "Scheduled",
      "Delayed",
      "Departed",
    ]);
  });

  it("are let go of far below, and come back by paging", async () => {
    const { model } = await grouped("agent");
    while (model.threadList.items.length <= KEEP) await model.lists.moreGroups();
    const all = ids(model);
    model.threadList.trim();
    expect(ids(model)).toEqual(all.slice(0, KEEP));
    await model.lists.moreGroups();
    expect(ids(model).slice(0, all.length)).toEqual(all);
  });

  it("move to the top with a new row, many of which are asked for once", async () => {
    const { model, backend } = await grouped("journey");
    backend.arrive(
      row(0, { kind: "bookingCancelled", ago: 0, title: "Gone", status: "CANCELLED", pnr: "M2PD7A" }, Date.now()),
    );
    backend.arrive(row(0, { kind: "bookingUpdated", ago: 0, title: "Other", pnr: "NEW111" }, Date.now()));
    const before = backend.calls.length;
    await settle();
    expect(backend.calls.slice(before).map((call) => call.type)).toEqual(["threads"]);
    expect(model.threadList.items.slice(0, 3).map((view) => view.latest.title)).toEqual([
      "Other",
      "Gone",
      "LH401 to FRA departed",
    ]);
    expect(find(model, "m2pd7a").unread).toBe(2);
  });

  it("page to the end without gaps or repeats while new rows come", async () => {
    const { model, backend } = await grouped("agent");
    await model.lists.moreGroups();
    backend.arrive();
    await model.lists.moreGroups();
    await settle();
    const keys = model.threadList.items.map(keyOf);
    expect(keys.length).toBeGreaterThanOrEqual(150);
    expect(new Set(keys).size).toBe(keys.length);
    expect(ids(model)).toEqual([...ids(model)].sort((a, b) => b - a));
  });

  it("are marked read as a whole, and unread again with undo", async () => {
    const { model } = await grouped("journey");
    await model.changes.readThread(find(model, "lh401"));
    await settle();
    expect(find(model, "lh401").unread).toBe(0);
    expect(model.undoStack.top?.label).toBe("2 notifications marked read");
    await model.changes.undo();
    await settle();
    expect(find(model, "lh401").unread).toBe(2);
  });

  it("stay where they are in the unread list when they are read there", async () => {
    const { model } = await grouped("journey");
    await model.lists.narrow({ ...EVERYTHING, unread: true });
    const keys = model.threadList.items.map(keyOf);
    expect(model.threadList.items.every((view) => view.unread > 0)).toBe(true);
    await model.changes.readThread(find(model, "lh401"));
    await settle();
    expect(model.threadList.items.map(keyOf)).toEqual(keys);
    expect(find(model, "lh401").unread).toBe(0);
  });

  it("say when they cannot be loaded", async () => {
    const { model } = await grouped("error");
    expect(model.threadList.status).toBe("failed");
    expect(model.threadList.error?.code).toBe("store");
  });

  it("give way to the rows when one is asked for from outside", async () => {
    const { model, backend } = await grouped("journey");
    backend.push({ type: "openRow", id: 3 });
    await settle();
    expect(model.threadList.on).toBe(false);
    expect(model.inbox.openId).toBe(3);
  });
});

describe("one booking or flight", () => {
  it("shows all its rows, follows what comes, and keeps the list below as it was", async () => {
    const { model, backend } = await grouped("journey");
    const { timeline } = model.threadList;
    await timeline.enter(find(model, "lh401"));
    expect(timeline.items).toHaveLength(5);
    const fresh = backend.arrive(landed());
    expect(timeline.items[0]?.id).toBe(fresh.id);
    expect(timeline.items[0]?.status).toBe("LANDED");
    backend.arrive();
    expect(timeline.items).toHaveLength(6);
    timeline.leave();
    await settle();
    expect(find(model, "lh401").total).toBe(6);
  });

  it("marks a row read that is opened, and takes it back", async () => {
    const { model } = await grouped("journey");
    const { timeline } = model.threadList;
    await timeline.enter(find(model, "lh401"));
    const item = timeline.items[0];
    if (!item) throw new Error("no row");
    await model.changes.toggleRow(item);
    await settle();
    expect(timeline.openId).toBe(item.id);
    expect(timeline.items[0]?.read).toBe(true);
    await model.changes.undo();
    await settle();
    expect(timeline.items[0]?.read).toBe(false);
  });

  it("shows a row that stands alone", async () => {
    const { model } = await grouped("journey");
    await model.threadList.timeline.enter(find(model, "row:"));
    expect(model.threadList.timeline.items).toHaveLength(1);
    expect(model.threadList.timeline.status).toBe("ready");
  });

  it("closes when everything is cleared", async () => {
    const { model } = await grouped("journey");
    await model.threadList.timeline.enter(find(model, "lh401"));
    await model.changes.toggleAll();
    await settle();
    expect(model.threadList.timeline.view).toBeNull();
    expect(model.threadList.items).toHaveLength(0);
  });

  it("is copied with gaps and reasons, from the first to the last", async () => {
    const { model } = await grouped("journey");
    await model.threadList.timeline.enter(find(model, "lh401"));
    const text = asText(model.threadList.timeline.items);
    const lines = text.split("\n");
    expect(lines[0]).toBe("Flight LH401");
    expect(text).toContain("LH401 to FRA back on schedule (Offline, reconstructed)");
    expect(text).toContain("Why this toast? A delay less than 3 hours before departure.");
    expect(text.indexOf("scheduled")).toBeLessThan(text.indexOf("departed"));
  });

  it("puts what came late where it happened", () => {
    const now = Date.now();
    const at = (id: number, ago: number) => row(id, { kind: "flightStatus", ago, title: `${id}` }, now);
    expect(inOrder([at(3, 30), at(2, 10), at(1, 20)]).map((item) => item.id)).toEqual([3, 1, 2]);
  });
});
