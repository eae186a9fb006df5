import { describe, expect, it } from "vitest";
import type { Rule } from "../bindings/Rule";
import { PREFERRED } from "../fake/scenarios";
import { row, TRAVELER } from "../fake/fixtures";
import { draftFor, draftOf, emptyDraft, ruleOf, ruleWords, errorsOf, whole } from "./rule";

const valid = { ...emptyDraft(), name: "Mine", flights: "AA123" };

describe("a rule in its fields", () => {
  it("comes out as it went in", () => {
    for (const rule of PREFERRED.rules) expect(ruleOf(draftOf(rule))).toEqual(rule);
    const route: Rule = { ...whole(PREFERRED.rules[1] as Rule), colour: "teal" };
    expect(draftOf(route).routes).toEqual([{ origin: "*", destination: "MUC" }]);
    expect(ruleOf(draftOf(route)).when.routes).toEqual([{ destination: "MUC" }]);
  });

  it("takes codes as people type them", () => {
    const { when } = ruleOf({
      ...valid,
      flights: "aa 123; LH411,, aa123",
      pnrs: " kx4t9q ",
      routes: [{ origin: "jfk", destination: " lax" }],
    });
    expect(when).toMatchObject({
      flights: ["AA123", "LH411"],
      pnrs: ["KX4T9Q"],
      routes: [{ origin: "JFK", destination: "LAX" }],
    });
  });

  it("takes amounts with either decimal mark, and guesses at nothing", () => {
    const amount = (text: string) => ruleOf({ ...valid, amount: text }).when.amountAtLeast;
    expect(amount("450")).toBe("450");
    expect(amount("450,50")).toBe("450.50");
    for (const text of ["1,000", "1.000,50", "-4", "4e9", "much", "12 000"]) {
      expect(errorsOf({ ...valid, amount: text }, []).amount, text).toContain("450.50");
    }
  });

  it("bears what the line leaves out", () => {
    const told = { name: "Sent", when: { flights: ["AA1"] }, then: "toast" } as unknown as Rule;
    expect(draftOf(whole(told))).toMatchObject({ kinds: [], routes: [], flights: "AA1", enabled: true, amount: "" });
  });

  it("is told in a line", () => {
    expect(PREFERRED.rules.map(ruleWords)).toEqual([
      "AA123",
      "to MUC",
      "Payment · from 50 up",
      "Flight status · Departed or In flight",
    ]);
  });
});

describe("what is wrong with a rule", () => {
  it("is said beside its field", () => {
    expect(errorsOf(valid, ["Another"])).toEqual({});
    expect(Object.keys(errorsOf({ ...valid, name: " " }, []))).toEqual(["name"]);
    expect(Object.keys(errorsOf(valid, ["Mine "]))).toEqual(["name"]);
    expect(Object.keys(errorsOf({ ...valid, flights: "" }, []))).toEqual(["when"]);
    expect(errorsOf({ ...valid, flights: "AA123, A" }, []).flights).toContain("“A”");
    expect(errorsOf({ ...valid, pnrs: "K!" }, []).pnrs).toContain("“K!”");
  });

  it("is a route with one end, with no airport, or with neither end named", () => {
    const routes = [
      { origin: "JFK", destination: "" },
      { origin: "JFK", destination: "Los Angeles" },
      { origin: "*", destination: "*" },
      { origin: "JFK", destination: "*" },
      { origin: "", destination: "" },
    ];
    const errors = errorsOf({ ...valid, routes }, []);
    expect(Object.keys(errors)).toEqual(["route0", "route1", "route2"]);
    expect(ruleOf({ ...valid, routes: routes.slice(3) }).when.routes).toEqual([{ origin: "JFK" }]);
  });
});

describe("a rule for a row", () => {
  it("is about the flight of a flight's event, and the booking of any other", () => {
    const [flight, booking] = TRAVELER.map((told, index) => row(index, told, 0));
    if (!flight || !booking) throw new Error("rows");
    const silence = draftFor(flight, "silence");
    expect(silence).toMatchObject({
      name: "AA123: Flight status",
      kinds: ["flightStatus"],
      flights: "AA123",
      pnrs: "",
      colour: "calm",
    });
    expect(draftFor(booking, "toast")).toMatchObject({
      kinds: ["bookingConfirmed"],
      pnrs: "KX4T9Q",
      flights: "",
      then: "toast",
    });
    expect(errorsOf(silence, [])).toEqual({});
  });
});
