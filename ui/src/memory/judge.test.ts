import { describe, expect, it } from "vitest";
import type { Match } from "../bindings/Match";
import type { QuietHours } from "../bindings/QuietHours";
import { backTest, fits, isQuiet, judge } from "./judge";
import { PREFERRED, scenario } from "./scenarios";
import { row, TRAVELER } from "./story";

const now = new Date(2025, 2, 14, 12, 0).getTime();
const items = TRAVELER.map((told, index) => row(TRAVELER.length - index, told, now));
const any: Match = { kinds: [], pnrs: [], flights: [], routes: [], statuses: [] };
const defaults = scenario("traveler", now).preferences;

describe("a match", () => {
  const count = (when: Partial<Match>) => items.filter((item) => fits({ ...any, ...when }, item)).length;

  it("fits everything where nothing is given, and only what all of it fits", () => {
    expect(count({})).toBe(items.length);
    expect(count({ flights: ["aa123"] })).toBe(4);
    expect(count({ flights: ["AA123"], kinds: ["flightStatus"] })).toBe(1);
    expect(count({ routes: [{ destination: "MUC" }, { origin: "EWR" }] })).toBe(3);
    expect(count({ amountAtLeast: "300" })).toBe(2);
  });
});

describe("quiet hours", () => {
  const at = (day: number, hour: number) => new Date(2025, 2, day, hour, 30);
  const night: QuietHours = { from: "22:00", to: "07:00:00", days: ["friday"], except: "urgent" };

  it("cross midnight and belong to the day on which they begin", () => {
    // 14 March 2025 is a Friday.
    expect(isQuiet(night, at(14, 22))).toBe(true);
    expect(isQuiet(night, at(15, 6))).toBe(true);
    expect(isQuiet(night, at(14, 6))).toBe(false);
    expect(isQuiet(night, at(15, 22))).toBe(false);
  });

  it("let through what the person excepts", () => {
    const all: QuietHours = { from: "00:00", to: "00:00", except: "urgent" };
    const popped = (except: QuietHours["except"]) =>
      backTest(items, { ...defaults, quietHours: { ...all, except } }, 7).rows.map((item) => item.title);
    expect(popped("urgent")).toEqual(["AA123 to LAX delayed", "Booking R8WZ3C cancelled"]);
    expect(popped("cancellations")).toEqual(["Booking R8WZ3C cancelled"]);
    expect(popped("nothing")).toEqual([]);
  });
});

describe("the first rule that fits", () => {
  const delayed = items[0];
  if (!delayed) throw new Error("a row");

  it("decides, and is named", () => {
    expect(judge(delayed, PREFERRED, undefined)).toMatchObject({ code: "popped", rule: "Trip to LA", setting: "rules" });
    const rules = [{ name: "Hush", when: { ...any, flights: ["AA123"] }, then: "silence" as const }, ...PREFERRED.rules];
    expect(judge(delayed, { ...PREFERRED, rules }, undefined)).toMatchObject({ code: "silenced", rule: "Hush" });
    const off = rules.map((rule, index) => (index === 0 ? { ...rule, enabled: false } : rule));
    expect(judge(delayed, { ...PREFERRED, rules: off }, undefined).rule).toBe("Trip to LA");
  });

  it("comes after a mute, and after the switch for all toasts", () => {
    expect(judge(delayed, PREFERRED, { muted: true, snoozedUntil: null }).setting).toBe("mute");
    expect(judge(delayed, { ...PREFERRED, toasts: false }, undefined).setting).toBe("toasts");
  });
});
