import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BATCH_MS, keyOf } from "./threadList.svelte";
import { EVERYTHING } from "../lib/criteria";
import { startedModel } from "../fake/startedModel";
import { Selection } from "./selection.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(BATCH_MS);

describe("a selection", () => {
  const ORDER = ["a", "b", "c", "d", "e"];
  const selected = (selection: Selection) => ORDER.filter((key) => selection.has(key)).join("");

  it("takes rows in and lets them go, and tells how many there are", () => {
    const told: number[] = [];
    const selection = new Selection((count) => told.push(count));
    for (const key of ["b", "d", "b"]) selection.toggle(key);
    expect(selected(selection)).toBe("d");
    selection.all(ORDER);
    selection.clear();
    selection.clear();
    expect(told).toEqual([1, 2, 1, 5, 0]);
  });

  it("grows and shrinks from where its range begins, and keeps what was selected beside it", () => {
    const selection = new Selection(() => {});
    selection.toggle("a");
    selection.toggle("c");
    selection.extend(ORDER, "c", "e");
    expect(selected(selection)).toBe("acde");
    selection.extend(ORDER, "e", "d");
    expect(selected(selection)).toBe("acd");
    selection.extend(ORDER, "d", "b");
    expect(selected(selection)).toBe("abc");
  });

  it("begins its range where it is told to, when nothing was selected before or that row is gone", () => {
    const selection = new Selection(() => {});
    selection.extend(ORDER, "b", "c");
    expect(selected(selection)).toBe("bc");
    selection.toggle("gone");
    selection.extend(ORDER, "d", "e");
    expect(selected(selection)).toBe("bcde");
    selection.extend(ORDER, "d", "gone");
    expect(selected(selection)).toBe("bcde");
  });
});

describe("what is selected", () => {
  it("is marked, put away and brought back at once, each with one way back", async () => {
    const { model } = await startedModel("traveler");
    const [first, second] = model.inbox.items.map(({ id }) => id);
    const all = model.inbox.items.length;
    for (const id of [first, second]) model.selectionActions.pick(`${id}`, false);
    expect(model.feedback.said).toBe("2 selected");
    expect(model.selectionActions.press("u")).toBe(true);
    await settle();
    expect(model.inbox.find(first ?? 0)?.read).toBe(true);
    expect(model.undoStack.top?.label).toBe("2 notifications marked read");
    model.selectionActions.press("e");
    await settle();
    expect(model.inbox.items).toHaveLength(all - 2);
    expect(model.selectionActions.count).toBe(0);
    await model.changes.undo();
    expect(model.inbox.items).toHaveLength(all);
    await model.changes.undo();
    await settle();
    expect(model.inbox.find(first ?? 0)?.read).toBe(false);
    expect(model.undoStack.depth).toBe(0);
  });

  it("is muted and snoozed by booking and flight, and comes back as it was", async () => {
    const { model } = await startedModel("traveler");
    const items = model.inbox.items.filter(({ pnr }) => pnr === "KX4T9Q");
    const [flight, booking] = [model.inbox.items[0], items[0]];
    if (!flight || !booking) throw new Error("the traveler has both");
    await model.changes.setThreadPreference(flight, model.threadPreferences.snoozed(new Date()));
    for (const { id } of [flight, ...items]) model.selectionActions.pick(`${id}`, false);
    model.selectionActions.press("m");
    await settle();
    expect([flight, booking].map((item) => model.threadPreferences.of(item).muted)).toEqual([true, true]);
    expect(model.feedback.said).toBe("Muted: 2 bookings and flights");
    await model.changes.undo();
    expect([flight, booking].map((item) => model.threadPreferences.of(item).muted)).toEqual([false, false]);
    expect(model.threadPreferences.isSnoozed(flight, new Date())).toBe(true);
    model.selectionActions.press("s");
    await settle();
    expect(model.threadPreferences.isSnoozed(booking, new Date())).toBe(true);
  });

  it("is nothing any more where other rows are listed, and lets go of rows that are gone", async () => {
    const { model } = await startedModel("traveler");
    model.selectionActions.selection.all(model.inbox.items.map(({ id }) => `${id}`));
    const item = model.inbox.items[0];
    if (item) await model.changes.toggleDone(item);
    expect(model.selectionActions.count).toBe(model.inbox.items.length);
    await model.lists.narrow({ ...EVERYTHING, unread: true });
    expect(model.selectionActions.count).toBe(0);
    expect(model.selectionActions.press("e")).toBe(false);
  });

  it("puts whole bookings and flights away", async () => {
    const { model } = await startedModel("journey");
    await model.lists.group(true);
    const before = model.threadList.items.map(keyOf);
    model.selectionActions.pick(before[0] ?? "", false);
    model.selectionActions.pick(before[2] ?? "", true);
    expect(model.selectionActions.count).toBe(3);
    model.selectionActions.pick(before[1] ?? "", true);
    expect(model.selectionActions.count).toBe(2);
    model.selectionActions.press("e");
    await settle();
    expect(model.threadList.items.map(keyOf)).toEqual(before.slice(2));
    await model.changes.undo();
    await settle();
    expect(model.threadList.items.map(keyOf)).toEqual(before);
  });
});
