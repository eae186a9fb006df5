import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Notification } from "../bindings/Notification";
import type { Request } from "../bindings/Request";
import { BATCH_MS, keyOf } from "./threadList.svelte";
import { PAGE } from "./inbox.svelte";
import { EVERYTHING, fits, OWN } from "../lib/criteria";
import { filtersOf, flightOf, unfiltered } from "../lib/filters";
import { marked } from "../lib/marks";
import { scenario } from "../fake/scenarios";
import { startedModel } from "../fake/startedModel";
import { Model } from "./model.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(BATCH_MS);

const titles = (model: Model) => model.inbox.items.map(({ title }) => title);

describe("filters", () => {
  it("hold for rows, for bookings and flights, and for what is searched for", async () => {
    const { model } = await startedModel("rules");
    const criteria = { ...EVERYTHING, flight: "AA123" };
    await model.lists.narrow(criteria);
    expect(titles(model)).toEqual([
      "AA123 to LAX delayed",
      "Payment of 450.00 USD received",
      "Booking KX4T9Q confirmed",
    ]);
    void model.lists.search("payment");
    await vi.advanceTimersByTimeAsync(0);
    expect(titles(model)).toEqual(["Payment of 450.00 USD received"]);
    await model.lists.narrow({ ...model.inbox.criteria, kinds: ["flightStatus"] });
    expect(titles(model)).toEqual([]);
    await model.lists.narrow(unfiltered(model.inbox.criteria));
    expect(model.inbox.query).toBe("payment");
    await model.lists.narrow(criteria, true);
    expect(model.threadList.items.every(({ latest }) => fits(criteria, latest))).toBe(true);
    expect(model.threadList.items).toHaveLength(2);
  });

  it("tell by which rooms rows came, and leave out none of which nobody knows it", async () => {
    const { model, backend } = await startedModel("agent");
    const all = titles(model);
    await model.lists.narrow({ ...EVERYTHING, room: OWN });
    const own = model.inbox.items;
    expect(own.length).toBeGreaterThan(10);
    expect(own.every(({ rooms }) => rooms?.includes(OWN))).toBe(true);
    expect(own.some(({ kind }) => kind === "bookingUpdated")).toBe(true);
    const first = own[0];
    if (!first) throw new Error("there are rows");
    await model.lists.narrow({ ...EVERYTHING, room: "admin" });
    expect(model.inbox.items.some(({ kind }) => kind === "bookingUpdated")).toBe(false);
    expect(model.inbox.items.every(({ rooms }) => rooms?.includes("admin"))).toBe(true);
    // Somebody else's, as far as is known; then its second copy comes.
    const heard = backend.arrive({ ...first, rooms: ["admin"] });
    const { rooms: _, ...unknown } = first;
    const odd = backend.arrive(unknown);
    await settle();
    await model.lists.narrow({ ...EVERYTHING, room: OWN });
    expect(model.inbox.items.slice(0, 2).map(({ id }) => id)).toEqual([odd.id, first.id]);
    backend.push({ type: "changed", items: [{ ...heard, rooms: [OWN, "admin"] }] });
    await settle();
    expect(model.inbox.items.slice(0, 3).map(({ id }) => id)).toEqual([odd.id, heard.id, first.id]);
    await model.lists.narrow(unfiltered(model.inbox.criteria));
    expect(titles(model).length).toBe(all.length);
  });

  it("are named one by one, each with the list without it", () => {
    const { rules } = scenario("rules", 0).preferences;
    const criteria = {
      ...EVERYTHING,
      place: "done" as const,
      unread: true,
      kinds: ["flightStatus" as const],
      flight: "AA123",
      rule: "Trip to LA",
      room: "admin",
    };
    const found = filtersOf(criteria, rules);
    expect(found.map(({ label }) => label)).toEqual([
      "Done",
      "Unread",
      "Flight status",
      "Flight AA123",
      "Rule: Trip to LA",
      "Room: admin",
    ]);
    expect(found.at(-2)).toMatchObject({ tone: "accent", without: { ...criteria, rule: null } });
    expect(found.at(-1)?.without).toEqual({ ...criteria, room: null });
    expect(filtersOf({ ...EVERYTHING, room: OWN }, rules).map(({ label }) => label)).toEqual(["My own bookings"]);
    expect(filtersOf({ ...EVERYTHING, rule: "constructor" }, rules)[0]?.tone).toBe("calm");
    expect([flightOf(" aa 123 "), flightOf("  ")]).toEqual(["AA123", null]);
  });
});

describe("marks", () => {
  const shown = (text: string, query: string) =>
    marked(text, query)
      .map(({ text, hit }) => (hit ? `[${text}]` : text))
      .join("");

  it("stand where the store found a word: whole, but for the last, and whatever its case", () => {
    expect(shown("AA123 to LAX delayed", "aa123 del")).toBe("[AA123] to LAX [del]ayed");
    expect(shown("AA123 to LAX delayed", "del aa12")).toBe("[AA12]3 to LAX delayed");
    expect(shown("undelayed", "delayed")).toBe("undelayed");
    expect(shown("München, München", "mün")).toBe("[Mün]chen, [Mün]chen");
  });

  it("take what was typed for text", () => {
    expect(shown("a+b <b>.*", ".* <b>")).toBe("a+[b] <[b]>.*");
    expect(shown("text", "  .* ")).toBe("text");
  });
});

describe("what is done", () => {
  it("leaves the inbox, stands in Done, and comes back by a key or by undo", async () => {
    const { model } = await startedModel("traveler");
    const all = titles(model);
    const item = model.inbox.items[0];
    if (!item) throw new Error("there are rows");
    await model.changes.toggleDone(item);
    await settle();
    expect(titles(model)).toEqual(all.slice(1));
    expect(model.feedback.said).toBe("Done: AA123 to LAX delayed");
    expect(model.snapshot?.unread).toBe(3);
    await model.lists.narrow({ ...EVERYTHING, place: "done" });
    expect(titles(model)).toEqual(all.slice(0, 1));
    const away = model.inbox.items[0];
    if (away) await model.changes.toggleDone(away);
    await settle();
    expect(titles(model)).toEqual([]);
    expect(model.feedback.said).toBe("Back in the inbox: AA123 to LAX delayed");
    await model.changes.undo();
    expect(titles(model)).toEqual(all.slice(0, 1));
    await model.changes.undo();
    await model.lists.narrow(EVERYTHING);
    expect(titles(model)).toEqual(all);
    expect(model.snapshot?.unread).toBe(4);
  });

  it("is all of a booking or flight, whose page closes, also where only unread ones are listed", async () => {
    const { model } = await startedModel("journey");
    await model.lists.narrow({ ...EVERYTHING, unread: true }, true);
    const view = model.threadList.items[0];
    if (!view) throw new Error("there are flights");
    await model.lists.enter(view);
    await model.changes.toggleThread(view);
    await settle();
    expect(model.threadList.timeline.view).toBeNull();
    expect(model.threadList.items.map(keyOf)).not.toContain(keyOf(view));
    expect(model.feedback.said).toBe(`Done: ${view.total} notifications`);
    await model.lists.narrow({ ...EVERYTHING, place: "done" }, true);
    expect(model.threadList.items.map(keyOf)).toEqual([keyOf(view)]);
  });

  it("is all that is listed, also what is not loaded, and is taken back as one", async () => {
    const { model } = await startedModel("agent", 400);
    await model.lists.narrow({ ...EVERYTHING, kinds: ["bookingCreated"] }, false);
    expect(model.inbox.hasMore).toBe(true);
    const total = model.snapshot?.total ?? 0;
    await model.changes.toggleAll();
    await settle();
    expect(titles(model)).toEqual([]);
    const left = model.snapshot?.total ?? 0;
    expect(total - left).toBeGreaterThan(PAGE);
    expect(left).toBeGreaterThan(0);
    await model.lists.narrow({ ...EVERYTHING, place: "done" }, false);
    await model.changes.toggleAll();
    await settle();
    expect(model.snapshot?.total).toBe(total);
    await model.changes.undo();
    await model.changes.undo();
    expect(model.snapshot?.total).toBe(total);
  });

  it("is all of each booking and flight that is listed, however few of its rows fit", async () => {
    const { model } = await startedModel("journey");
    await model.lists.narrow({ ...EVERYTHING, unread: true }, true);
    const listed = model.threadList.items.map(keyOf);
    expect(model.threadList.items.some(({ total, unread }) => unread < total)).toBe(true);
    await model.changes.toggleAll();
    await settle();
    expect(model.threadList.items).toEqual([]);
    await model.lists.narrow(EVERYTHING, true);
    for (const key of model.threadList.items.map(keyOf)) expect(listed).not.toContain(key);
    await model.changes.undo();
    expect(model.threadList.items.map(keyOf)).toEqual(expect.arrayContaining(listed));
  });

  it("is nothing that came after what is on screen, by booking and flight neither", async () => {
    const { model, backend } = await startedModel("journey");
    await model.lists.narrow(EVERYTHING, true);
    const first = model.threadList.items[0];
    if (!first) throw new Error("there are flights");
    const late = backend.arrive({ ...first.latest, read: false });
    await model.changes.toggleAll();
    await settle();
    expect(model.inbox.items.map(({ id }) => id)).toEqual([late.id]);
    expect(model.inbox.items[0]?.read).toBe(false);
  });

  it("is nothing while nothing is on screen", async () => {
    const { model, backend } = await startedModel("traveler");
    const total = model.snapshot?.total;
    const call = backend.call.bind(backend);
    backend.call = <T>(request: Request) => (request.type === "list" ? new Promise<T>(() => {}) : call<T>(request));
    void model.lists.narrow({ ...EVERYTHING, kinds: ["flightStatus"] });
    await settle();
    expect(model.lists.criteria).toBeNull();
    await model.changes.toggleAll();
    await model.changes.readAll();
    expect(model.snapshot?.total).toBe(total);
  });

  it("is nothing that came after what is on screen", async () => {
    const { model, backend } = await startedModel("traveler");
    await model.lists.search("LAX");
    const listed = titles(model).length;
    const late = backend.arrive({ ...(model.inbox.items[0] as Notification), read: false });
    await model.changes.toggleAll();
    await settle();
    expect(model.feedback.said).toBe(`Done: ${listed} notifications`);
    expect(model.inbox.items.map(({ id }) => id)).toEqual([late.id]);
  });

  it("is everything at once, and a toast still leads to its row", async () => {
    const { model, backend } = await startedModel("traveler");
    await model.changes.toggleAll();
    expect(titles(model)).toEqual([]);
    backend.push({ type: "openRow", id: 3 });
    await settle();
    expect(model.inbox.criteria.place).toBe("done");
    expect(model.inbox.openId).toBe(3);
    backend.push({ type: "openRow", id: 99 });
    await settle();
    expect(model.inbox.criteria).toEqual(EVERYTHING);
  });
});

describe("views", () => {
  it("are opened, and tell when something else is listed", async () => {
    const { model } = await startedModel("views");
    const [trip, news] = model.views.all;
    await model.views.open(trip ?? null);
    expect(model.inbox.items.every(({ flightNumber }) => flightNumber === "AA123")).toBe(true);
    expect([model.views.opened?.name, model.views.changed]).toEqual(["My trip to Los Angeles", false]);
    await model.lists.narrow({ ...model.inbox.criteria, unread: true });
    expect(model.views.changed).toBe(true);
    await model.views.open(news ?? null);
    expect(model.threadList.on).toBe(true);
    expect(model.views.changed).toBe(false);
    await model.views.open(null);
    expect(model.inbox.criteria).toEqual(EVERYTHING);
    expect(model.views.opened).toBeNull();
  });

  it("are saved under a name of their own, and survive", async () => {
    const { model, backend } = await startedModel("views");
    await model.lists.narrow({ ...EVERYTHING, kinds: ["paymentCompleted"] });
    expect(model.views.nameError("  ")).toBe("Give the view a name.");
    expect(model.views.nameError(" bad NEWS ")).toBe("Another view has this name already.");
    expect(model.views.nameError("bad news", "Bad news")).toBeNull();
    expect(await model.views.save(" Money ")).toBe(true);
    expect(model.views.opened?.name).toBe("Money");
    const another = new Model(backend);
    await another.start();
    expect(another.views.all.map(({ name }) => name)).toEqual(["My trip to Los Angeles", "Bad news", "Money"]);
    expect(another.views.all[2]?.criteria.kinds).toEqual(["paymentCompleted"]);
  });

  it("are renamed, brought up to date, deleted, and come back", async () => {
    const { model } = await startedModel("views");
    const names = () => model.views.all.map(({ name }) => name);
    const [trip] = model.views.all;
    if (!trip) throw new Error("there are views");
    await model.views.open(trip);
    await model.views.rename(trip, "LA");
    expect(model.views.opened?.name).toBe("LA");
    await model.lists.narrow({ ...model.inbox.criteria, unread: true });
    await model.views.update();
    expect([model.views.changed, model.views.opened?.criteria.unread]).toEqual([false, true]);
    await model.changes.undo();
    expect(model.views.opened?.criteria.unread).toBe(false);
    if (model.views.opened) await model.views.remove(model.views.opened);
    expect(names()).toEqual(["Bad news"]);
    expect(model.feedback.said).toBe("View deleted: LA");
    await model.changes.undo();
    expect(names()).toEqual(["LA", "Bad news"]);
  });

  it("are not kept where the disk takes nothing, which is said", async () => {
    const { model } = await startedModel("readonly");
    await model.lists.narrow({ ...EVERYTHING, flight: "AA123" });
    expect(await model.views.save("LA")).toBe(false);
    expect(model.feedback.problem?.message).toContain("disk is full");
    expect(model.views.all).toEqual([]);
  });
});
