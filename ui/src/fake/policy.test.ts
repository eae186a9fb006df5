import { describe, expect, it } from "vitest";
import type { RuleCondition } from "../bindings/RuleCondition";
import type { QuietHours } from "../bindings/QuietHours";
import { backTest, fits, isQuiet, decide } from "./policy";
import { PREFERRED, scenario } from "./scenarios";
import { row, TRAVELER } from "./fixtures";

const now = new Date(2025, 2, 14, 12, 0).getTime();
const items = TRAVELER.map((told, index) => row(TRAVELER.length - index, told, now));
const any: RuleCondition = { kinds: [], pnrs: [], flights: [], routes: [], statuses: [] };
const defaults = scenario("traveler", now).preferences;

describe("a match", () => {
  const count = (when: Partial<RuleCondition>) => items.filter((item) => fits({ ...any, ...when }, item)).length;

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
    expect(decide(delayed, PREFERRED, undefined)).toMatchObject({
      code: "popped",
      rule: "Trip to LA",
      setting: "rules",
    });
    const rules = [
      { name: "Hush", when: { ...any, flights: ["AA123"] }, then: "silence" as const },
      ...PREFERRED.rules,
    ];
    expect(decide(delayed, { ...PREFERRED, rules }, undefined)).toMatchObject({ code: "silenced", rule: "Hush" });
    const off = rules.map((rule, index) => (index === 0 ? { ...rule, enabled: false } : rule));
    expect(decide(delayed, { ...PREFERRED, rules: off }, undefined).rule).toBe("Trip to LA");
  });

  it("comes after a mute, and after the switch for all toasts", () => {
    expect(decide(delayed, PREFERRED, { muted: true, snoozedUntil: null }).setting).toBe("mute");
    expect(decide(delayed, { ...PREFERRED, toasts: false }, undefined).setting).toBe("toasts");
  });
});
