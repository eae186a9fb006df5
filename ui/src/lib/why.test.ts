import { describe, expect, it } from "vitest";
import type { Outcome } from "../bindings/Outcome";
import { PREFERRED } from "../fake/scenarios";
import { row, TRAVELER } from "../fake/fixtures";
import { question, remedy, remedyLabel, subject } from "./why";

const base = row(1, TRAVELER[0] ?? { kind: "unknown", ago: 0, title: "" }, 0);
const of = (outcome: Partial<Outcome>) => ({ ...base, outcome: { code: "inboxOnly" as const, text: "", ...outcome } });

describe("the one click", () => {
  it("silences what popped, and asks for a toast where there was none", () => {
    expect(remedy(of({ code: "popped", setting: "rules" }), PREFERRED)).toEqual({ do: "newRule", then: "silence" });
    expect(remedy(of({ code: "merged", setting: "rules" }), PREFERRED)).toEqual({ do: "newRule", then: "silence" });
    expect(remedy(of({ code: "overBudget", setting: "rules" }), PREFERRED)).toEqual({ do: "newRule", then: "toast" });
  });

  it("leads to the rule that decided, while there is one of that name", () => {
    const named = of({ code: "silenced", setting: "rules", rule: "No departures" });
    expect(remedy(named, PREFERRED)).toEqual({ do: "editRule", rule: 3 });
    expect(remedyLabel(named, { do: "editRule", rule: 3 })).toBe("Edit rule “No departures”");
    expect(remedy(of({ code: "silenced", setting: "rules", rule: "Gone" }), PREFERRED)).toEqual({
      do: "newRule",
      then: "toast",
    });
  });

  it("answers to every setting, and is none where no setting would help", () => {
    const does = (setting: NonNullable<Outcome["setting"]>) => remedy(of({ setting }), PREFERRED);
    expect(does("mute")).toEqual({ do: "unmute" });
    expect(does("snooze")).toEqual({ do: "endSnooze" });
    expect(does("toasts")).toEqual({ do: "open", section: "toasts" });
    expect(does("privacy")).toEqual({ do: "open", section: "say" });
    expect(does("quietHours")).toEqual({ do: "open", section: "quietHours" });
    expect(does("desktop")).toEqual({ do: "test" });
    expect(remedy(of({}), PREFERRED)).toBeNull();
  });
});

it("asks why there was a toast, or why there was none", () => {
  expect(question(of({ code: "popped" }))).toBe("Why this toast?");
  expect(question(of({ code: "merged" }))).toBe("Why this toast?");
  for (const code of ["inboxOnly", "overBudget", "silenced", "quietHours", "superseded"] as const) {
    expect(question(of({ code }))).toBe("Why no toast?");
  }
});

it("names the booking or the flight", () => {
  expect(subject(base)).toBe("AA123");
  expect(subject({ ...base, thread: "booking:1", pnr: "KX4T9Q" })).toBe("booking KX4T9Q");
  expect(subject({ ...base, thread: "booking:1", pnr: null })).toBe("this booking");
});
