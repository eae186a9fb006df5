import { describe, expect, it } from "vitest";
import { scenario } from "../memory/scenarios";
import { deskWords } from "./desk";

const traveler = { ...scenario("traveler", 0).snapshot, unread: 0, total: 0 };
const agent = { ...scenario("agent", 0).snapshot, unread: 0, total: 0 };

describe("the desk", () => {
  it("is offered to those who may watch it", () => {
    expect(deskWords(traveler)).toBeNull();
    expect(deskWords({ ...agent, rooms: [] })).toMatchObject({ on: false, state: "" });
  });

  it("is joined only when the server has confirmed it", () => {
    const words = (state: "requested" | "joined" | "refused") => deskWords({ ...agent, rooms: [{ room: "admin", state }] });
    expect(words("requested")).toMatchObject({ on: true, state: "Asked, not confirmed" });
    expect(words("joined")).toMatchObject({ on: true, state: "Joined", tone: "good" });
    expect(words("refused")).toMatchObject({ on: true, tone: "bad" });
  });

  it("can be left by somebody who may no longer watch it", () => {
    expect(deskWords({ ...traveler, rooms: [{ room: "admin", state: "refused" }] })?.on).toBe(true);
  });
});
