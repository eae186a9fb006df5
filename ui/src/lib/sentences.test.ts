import { describe, expect, it } from "vitest";
import { LONG, row, TRAVELER } from "../fake/fixtures";
import { connectionWords, reasonAfter } from "./connection";
import { bodyParts, look, statusTone, statusWords } from "./rowStyle";
import { rowTime, secondsUntil, span } from "./time";

describe("rows", () => {
  it("do not repeat in words what they draw", () => {
    const base = row(1, { kind: "bookingCreated", ago: 0, title: "t", flight: ["AA123", "JFK", "LAX"] }, 0);
    expect(bodyParts({ ...base, body: "AA123 JFK → LAX · 2 passengers · 450.00 USD" })).toEqual([
      "2 passengers",
      "450.00 USD",
    ]);
    expect(bodyParts({ ...base, body: "Was scheduled · JFK → LAX" })).toEqual(["Was scheduled"]);
    expect(bodyParts({ ...base, origin: null, body: "AA123 JFK → LAX" })).toEqual(["AA123 JFK → LAX"]);
    expect(bodyParts({ ...base, body: "" })).toEqual([]);
  });

  it("have a look for every kind and for states that nobody knows", () => {
    for (const told of [...TRAVELER, ...LONG]) expect(look(row(1, told, 0)).icon).toBeTruthy();
    expect(statusTone("DE_ICING")).toBe("calm");
    expect(statusTone("constructor")).toBe("calm");
    expect(statusWords("IN_FLIGHT")).toBe("In flight");
  });
});

describe("times", () => {
  const now = new Date(2025, 2, 14, 12, 0, 0);
  it("are short today and a time of day on other days", () => {
    expect(rowTime(new Date(2025, 2, 14, 11, 59, 40), now)).toBe("now");
    expect(rowTime(new Date(2025, 2, 14, 11, 56), now)).toBe("4 min");
    expect(rowTime(new Date(2025, 2, 14, 9, 30), now)).toBe("2 h");
    expect(rowTime(new Date(2025, 2, 13, 9, 30), now)).toContain("30");
  });

  it("count down to zero and not below", () => {
    expect(secondsUntil(new Date(now.getTime() + 11_200), now)).toBe(12);
    expect(secondsUntil(new Date(now.getTime() - 5_000), now)).toBe(0);
    expect(span(12)).toBe("12 s");
    expect(span(180)).toBe("3 min");
  });
});

describe("connection", () => {
  const now = new Date("2025-03-14T12:00:00Z");
  const reason = { code: "unreachable", message: "Nothing answers." } as const;
  const waiting = { state: "waiting", retryAt: "2025-03-14T12:00:12Z", reason } as const;

  it("says when the next attempt comes, and why", () => {
    const words = connectionWords(waiting, now);
    expect(words.label).toBe("Waiting · next try in 12 s");
    expect(words.detail).toBe("Nothing answers.");
  });

  it("tells signing in from signing in again", () => {
    const refused = { code: "tokenRefused", message: "Refused." } as const;
    expect(connectionWords({ state: "signInNeeded", reason: refused }, now).label).toBe("Sign in again");
    const out = { code: "notSignedIn", message: "Signed out." } as const;
    expect(connectionWords({ state: "signInNeeded", reason: out }, now).label).toBe("Not signed in");
  });

  it("stays in trouble through the attempts, until the server confirms", () => {
    let pending = reasonAfter(null, waiting);
    expect(pending).toEqual(reason);
    pending = reasonAfter(pending, { state: "connecting", attempt: 2 });
    expect(pending).toEqual(reason);
    expect(reasonAfter(pending, { state: "online", since: now.toISOString() })).toBeNull();
    expect(reasonAfter(null, { state: "connecting", attempt: 1 })).toBeNull();
  });
});
