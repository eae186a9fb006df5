import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Request } from "../bindings/Request";
import { i18n } from "../lib/i18n/i18n.svelte";
import { TOAST_MS } from "../fake/backend";
import { startedModel as play } from "../fake/startedModel";
import { TRY_MS } from "./ruleEditor.svelte";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2025, 2, 14, 12, 0) });
});
afterEach(() => {
  vi.useRealTimers();
  i18n.setLanguage("en");
});

async function startedModel(name: string) {
  const { model, backend } = await play(name);
  const sent = <Type extends Request["type"]>(type: Type) =>
    backend.calls.filter((call): call is Extract<Request, { type: Type }> => call.type === type);
  return { model, backend, sent };
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

describe("preferences", () => {
  it("apply at once, as a whole, and are still there the next time", async () => {
    const { model, sent } = await startedModel("rules");
    await model.changePreferences((before) => ({ ...before, privacy: "masked" }));
    expect(sent("setPreferences")).toHaveLength(1);
    expect(sent("setPreferences")[0]?.preferences).toMatchObject({
      toasts: true,
      privacy: "masked",
      quietHours: { from: "22:00:00" },
    });
    expect(sent("setPreferences")[0]?.preferences.rules).toHaveLength(4);
    model.openSettings();
    await settle();
    expect(model.settings.preferences?.privacy).toBe("masked");
    expect(model.settings.preferences?.rules[0]?.when.kinds).toEqual([]);
  });

  it("arrive in the order in which they were made", async () => {
    const { model, sent } = await startedModel("traveler");
    void model.changePreferences((before) => ({ ...before, toasts: false }));
    void model.changePreferences((before) => ({ ...before, privacy: "masked" }));
    void model.changePreferences((before) => ({ ...before, toasts: true }));
    expect(model.settings.preferences).toMatchObject({ toasts: true, privacy: "masked" });
    await settle();
    expect(sent("setPreferences").at(-1)?.preferences).toMatchObject({ toasts: true, privacy: "masked" });
    expect(sent("setPreferences").length).toBeLessThanOrEqual(2);
  });

  it("show what holds when they cannot be saved, and say so", async () => {
    const { model } = await startedModel("readonly");
    expect(await model.changePreferences((before) => ({ ...before, toasts: false }))).toBe(false);
    expect(model.settings.preferences?.toasts).toBe(true);
    expect(model.feedback.problem?.message).toContain("could not be saved");
  });

  it("turn the whole page into the other language", async () => {
    const { model, sent } = await startedModel("traveler");
    expect(i18n.messages.settings.title).toBe("Settings");
    const lists = sent("list").length;
    await model.changePreferences((before) => ({ ...before, language: "de" }));
    await settle();
    expect(sent("list")).toHaveLength(lists + 1);
    expect(i18n.language).toBe("de");
    expect(i18n.messages.settings.title).toBe("Einstellungen");
    await model.changePreferences((before) => ({ ...before, language: null }));
    await settle();
    expect(i18n.language).toBe("en");
  });
});

describe("rules", () => {
  it("are tried out while they are edited, some time after the last change", async () => {
    const { model, sent } = await startedModel("traveler");
    model.settings.edit(null);
    const editor = model.settings.editor;
    if (!editor) throw new Error("no editor");
    await model.rules.tryOut();
    expect(editor.tried.state).toBe("incomplete");
    expect(sent("backTest")).toHaveLength(0);

    Object.assign(editor.draft, { name: "All of AA123", flights: "AA12" });
    void model.rules.tryOut();
    await settle(TRY_MS - 1);
    editor.draft.flights = "AA123";
    void model.rules.tryOut();
    await settle(TRY_MS);
    expect(sent("backTest").map((call) => call.days)).toEqual([7, 7]);
    expect(sent("backTest")[0]?.preferences.rules[0]?.when.flights).toEqual(["AA123"]);
    expect(sent("setPreferences")).toHaveLength(0);
    expect(editor.tried).toMatchObject({ state: "done", before: 5, test: { popped: 7, days: 7 } });
    expect(model.feedback.said).toBe("It would have shown 7 toasts in 7 days");
  });

  it("are not sent while something is wrong with them", async () => {
    const { model, sent } = await startedModel("rules");
    model.settings.edit(null);
    const editor = model.settings.editor;
    expect(editor?.error("name")).toBeUndefined();
    expect(await model.rules.save()).toBe("name");
    expect(editor?.error("name")).toContain("name");
    Object.assign(editor?.draft ?? {}, { name: "Trip to LA", amount: "a lot" });
    expect(await model.rules.save()).toBe("name");
    Object.assign(editor?.draft ?? {}, { name: "Dear ones" });
    expect(await model.rules.save()).toBe("amount");
    expect(sent("setPreferences")).toHaveLength(0);
    Object.assign(editor?.draft ?? {}, { amount: "500" });
    expect(await model.rules.save()).toBeUndefined();
    expect(sent("setPreferences")[0]?.preferences.rules.map((rule) => rule.name)).toEqual([
      "Dear ones",
      "Trip to LA",
      "Anything to Munich",
      "Small payments",
      "No departures",
    ]);
    expect(model.settings.editor).toBeNull();
    expect(model.feedback.said).toBe("Rule saved: Dear ones");
  });

  it("keep their place when they are edited", async () => {
    const { model } = await startedModel("rules");
    model.settings.edit(1);
    Object.assign(model.settings.editor?.draft ?? {}, { then: "urgent" });
    await model.rules.save();
    expect(model.settings.preferences?.rules[1]).toMatchObject({ name: "Anything to Munich", then: "urgent" });
  });

  it("move, and a deleted one comes back to its place", async () => {
    const { model } = await startedModel("rules");
    const names = () => model.settings.preferences?.rules.map((rule) => rule.name);
    const before = names();
    expect(await model.rules.move(0, -1)).toBe(false);
    expect(await model.rules.move(0, 1)).toBe(true);
    expect(model.feedback.said).toBe("“Trip to LA” is now number 2");
    await model.rules.move(1, -1);
    expect(names()).toEqual(before);
    await model.rules.delete(2);
    expect(names()).not.toContain("Small payments");
    expect(model.undoStack.top?.label).toBe("Rule deleted: Small payments");
    await model.changes.undo();
    expect(names()).toEqual(before);
  });

  it("can be gone on with after a cancel, and after a row from outside", async () => {
    const { model, backend } = await startedModel("rules");
    model.settings.edit(0);
    model.rules.cancel();
    expect(model.undoStack.top).toBeNull();

    model.settings.edit(0);
    const editor = model.settings.editor;
    Object.assign(editor?.draft ?? {}, { name: "Trip to Los Angeles" });
    model.rules.cancel();
    expect(model.settings.editor).toBeNull();
    expect(model.undoStack.top?.label).toBe("Changes of the rule discarded");
    await model.changes.undo();
    expect(model.settings.editor).toBe(editor);

    backend.push({ type: "openRow", id: 3 });
    await settle();
    expect(model.settings.isOpen).toBe(false);
    model.openSettings();
    expect(model.settings.editor?.draft.name).toBe("Trip to Los Angeles");
    model.openSettings("quietHours");
    expect(model.settings.editor).toBeNull();
  });

  it("stay in the editor when the disk takes none", async () => {
    const { model } = await startedModel("readonly");
    model.settings.edit(0);
    await model.rules.save();
    expect(model.settings.editor).not.toBeNull();
    expect(model.feedback.problem).not.toBeNull();
  });

  it("decide about what comes next", async () => {
    const { model, backend } = await startedModel("traveler");
    const [first] = model.inbox.items;
    if (!first) throw new Error("no row");
    await model.remedy(first, { do: "newRule", then: "silence" });
    await model.rules.save();
    expect(backend.arrive(first).outcome).toMatchObject({ code: "silenced", rule: "AA123: Flight status" });
    const fresh = model.inbox.items[0];
    expect(fresh?.outcome.rule).toBe("AA123: Flight status");
  });
});

describe("a test toast", () => {
  it("is nowhere but on its way until the desktop has said something", async () => {
    const { model } = await startedModel("traveler");
    const sending = model.sendTest();
    expect(model.settings.test.state).toBe("sending");
    await sending;
    expect(model.settings.test.state).toBe("taken");
    expect(model.feedback.said).toContain("Is it on your screen?");
    await settle(TOAST_MS);
    expect(model.settings.test.state).toBe("clicked");
    expect(model.feedback.said).toContain("clicked");
  });

  it("may leave by itself, which proves nothing", async () => {
    const { model } = await startedModel("expired");
    await model.sendTest();
    await settle(TOAST_MS);
    expect(model.settings.test.state).toBe("expired");
    expect(model.feedback.said).toContain("If you did not see it");
  });

  it("stays with the desktop when that says nothing more", async () => {
    const { model } = await startedModel("silent");
    await model.sendTest();
    await settle(60_000);
    expect(model.settings.test.state).toBe("taken");
  });

  it("is refused with the desktop's words, in its own place", async () => {
    const { model } = await startedModel("refused");
    await model.sendTest();
    expect(model.settings.test.state).toBe("refused");
    expect(model.settings.test.message).toBe("No notification service answers on this desktop.");
    expect(model.feedback.problem).toBeNull();
  });

  it("is not taken for refused when the resident is gone", async () => {
    const { model, backend } = await startedModel("traveler");
    backend.setLine(false);
    await model.sendTest();
    expect(model.settings.test.state).toBe("idle");
    expect(model.feedback.isUp).toBe(false);
  });

  it("may be clicked before the answer is there", async () => {
    const { model, backend } = await startedModel("silent");
    const sending = model.sendTest();
    backend.push({ type: "testToast", result: "clicked" });
    await sending;
    expect(model.settings.test.state).toBe("clicked");
  });
});

describe("a booking or a flight", () => {
  it("is muted and, by undo, heard again", async () => {
    const { model, backend, sent } = await startedModel("traveler");
    const [item] = model.inbox.items;
    if (!item) throw new Error("no row");
    await model.changes.setThreadPreference(item, model.threadPreferences.muted());
    expect(sent("setThreadPreference")).toEqual([
      { type: "setThreadPreference", thread: item.thread, preference: { muted: true, snoozedUntil: null } },
    ]);
    expect(model.undoStack.top?.label).toBe("Muted: AA123");
    expect(model.threadPreferences.of(item).muted).toBe(true);
    expect(backend.arrive(item).outcome.setting).toBe("mute");
    await model.changes.undo();
    expect(model.feedback.said).toBe("Undone");
    expect(model.threadPreferences.of(item).muted).toBe(false);
    expect(backend.arrive(item).outcome.setting).toBe("rules");
  });

  it("is snoozed for an hour", async () => {
    const { model, sent } = await startedModel("traveler");
    const item = model.inbox.items[1];
    if (!item) throw new Error("no row");
    await model.changes.setThreadPreference(item, model.threadPreferences.snoozed(new Date()));
    const until = new Date(2025, 2, 14, 13, 0);
    expect(sent("setThreadPreference")[0]?.preference).toEqual({ muted: false, snoozedUntil: until.toISOString() });
    expect(model.undoStack.top?.label).toContain("booking KX4T9Q");
    expect(model.threadPreferences.isSnoozed(item, new Date(2025, 2, 14, 12, 59))).toBe(true);
    expect(model.threadPreferences.isSnoozed(item, until)).toBe(false);
  });

  it("is known to be muted from the start", async () => {
    const { model } = await startedModel("rules");
    const muted = model.inbox.items.find((item) => item.outcome.setting === "mute");
    if (!muted) throw new Error("no row");
    expect(model.threadPreferences.of(muted).muted).toBe(true);
    await model.remedy(muted, { do: "unmute" });
    expect(model.threadPreferences.of(muted).muted).toBe(false);
    await model.changes.undo();
    expect(model.threadPreferences.of(muted).muted).toBe(true);
  });
});

describe("the one click", () => {
  it("leads to the section, the rule or the test", async () => {
    const { model } = await startedModel("rules");
    const [item] = model.inbox.items;
    if (!item) throw new Error("no row");
    await model.remedy(item, { do: "open", section: "quietHours" });
    expect(model.settings).toMatchObject({ isOpen: true, scrollTarget: { section: "quietHours" } });
    await model.remedy(item, { do: "editRule", rule: 0 });
    expect(model.settings.editor?.draft.name).toBe("Trip to LA");
    await model.remedy(item, { do: "test" });
    expect(model.settings.editor).toBeNull();
    expect(model.settings.test.state).toBe("taken");
  });

  it("makes way for a row that is asked for from outside", async () => {
    const { model, backend } = await startedModel("traveler");
    model.openSettings();
    backend.push({ type: "openRow", id: 3 });
    await settle();
    expect(model.settings.isOpen).toBe(false);
    expect(model.inbox.openId).toBe(3);
  });
});
