// The desk: the room in which every booking is told. Who is offered it, where it stands, and what to say.
import type { RoomState } from "../bindings/RoomState";
import type { Snapshot } from "../bindings/Snapshot";
import type { Tone } from "./look";
import { voice } from "./words/voice.svelte";

/** The room's name on the wire. */
export const DESK = "admin";

/** Roles that may watch it (the server decides in the end). */
const ROLES = new Set(["ADMIN", "BUSINESS_OWNER"]);

export interface DeskWords {
  /** Whether it was asked for. */
  on: boolean;
  tone: Tone;
  /** Where it stands, in a few words; empty when it was never asked for. */
  state: string;
}

const TONES: Record<RoomState, Tone> = { joined: "good", requested: "calm", refused: "bad" };

/** What to say about the desk; nothing to those who are not offered it and have not asked for it. */
export function deskWords(snapshot: Snapshot): DeskWords | null {
  const room = snapshot.rooms.find((view) => view.room === DESK);
  if (room) return { on: true, tone: TONES[room.state], state: voice.words.desk[room.state] };
  return ROLES.has(snapshot.account?.role ?? "") ? { on: false, tone: "calm", state: "" } : null;
}
