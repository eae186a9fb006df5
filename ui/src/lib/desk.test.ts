import { describe, expect, it } from "vitest";
import { scenario } from "../fake/scenarios";
import { deskView } from "../fake/desk";
import { deskWords, pulse } from "./desk";

const traveler = { ...scenario("traveler", 0).snapshot, unread: 0, total: 0 };
const agent = { ...scenario("agent", 0).snapshot, unread: 0, total: 0 };

describe("the desk", () => {
  it("is offered to those who may watch it", () => {
    expect(deskWords(traveler)).toBeNull();
    expect(deskWords({ ...agent, rooms: [] })).toMatchObject({ on: false, state: "" });
  });

  it("is joined only when the server has confirmed it", () => {
    const words = (state: "requested" | "joined" | "refused") =>
      deskWords({ ...agent, rooms: [{ room: "admin", state }] });
    expect(words("requested")).toMatchObject({ on: true, state: "Asked, not confirmed" });
    expect(words("joined")).toMatchObject({ on: true, state: "Joined", tone: "good" });
    expect(words("refused")).toMatchObject({ on: true, tone: "bad" });
  });

  it("can be left by somebody who may no longer watch it", () => {
    expect(deskWords({ ...traveler, rooms: [{ room: "admin", state: "refused" }] })?.on).toBe(true);
  });
});

describe("the pulse of the desk", () => {
  const now = new Date("2025-03-14T12:00:00Z");
  const view = (perHour: number, usualAnHour: number | null, silence: number) => ({
    ...deskView([], [], { usualAnHour }, now.getTime()),
    minutes: Array.from({ length: 60 }, () => perHour / 60),
    lastEventAt: new Date(now.getTime() - silence * 1_000).toISOString(),
  });
  const told = (...of: Parameters<typeof view>) => pulse(agent, "up", view(...of), now);

  it("tells a quiet that is usual from one that is not", () => {
    expect(told(1_200, 1_100, 3)).toMatchObject({ tone: "good", text: "As much as usual." });
    expect(told(1_200, 1_100, 240)).toMatchObject({ tone: "warn" });
    expect(told(3, 4, 1_500)).toMatchObject({ tone: "good", text: "Quiet, as it usually is." });
    expect(told(0, 0, 80_000)).toMatchObject({ tone: "good", text: "Quiet, as it usually is." });
    expect(told(300, 1_100, 20)).toMatchObject({ tone: "warn", text: "Quieter than usual." });
    expect(told(2_400, 1_100, 0)).toMatchObject({ tone: "info", text: "Busier than usual." });
    expect(told(10, null, 5).text).toContain("not known yet");
  });

  it("promises nothing while nobody listens", () => {
    const offline = { ...agent, ...scenario("deskOffline", now.getTime()).snapshot };
    expect(pulse(offline, "up", view(1_200, 1_100, 3), now)).toMatchObject({ tone: "warn" });
    expect(pulse(agent, "notRunning", view(1_200, 1_100, 3), now)).toMatchObject({
      tone: "bad",
      text: "Gatecall is not running.",
    });
    expect(pulse({ ...agent, rooms: [] }, "up", view(0, 0, 3), now)).toMatchObject({ tone: "calm" });
    const refused = { ...agent, rooms: [{ room: "admin", state: "refused" as const }] };
    expect(pulse(refused, "up", view(0, 0, 3), now)).toMatchObject({ tone: "bad", label: "Refused by the server" });
  });
});
