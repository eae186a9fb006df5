// The desk: the room in which every booking is told. Who is offered it, where it stands, and what to say.
import type { DeskView } from "../bindings/DeskView";
import type { RoomState } from "../bindings/RoomState";
import type { Snapshot } from "../bindings/Snapshot";
import type { IpcState } from "../backend";
import { connectionWords } from "./connection";
import type { Tone } from "./rowStyle";
import { clockTime, span } from "./time";
import { i18n } from "./i18n/i18n.svelte";

/** The room's name on the wire. */
export const ADMIN_ROOM = "admin";

/** Roles that may watch it (the server decides in the end). */
const ROLES = new Set(["ADMIN", "BUSINESS_OWNER"]);

export interface DeskWords {
  /** Whether it was asked for. */
  on: boolean;
  tone: Tone;
  /** Where it stands, in a few words; empty when it was never asked for. */
  state: string;
}

/** How a room stands, as a colour. */
export const ROOM_TONES: Record<RoomState, Tone> = { joined: "good", requested: "calm", refused: "bad" };

/** Whether the desk's page is for whoever is signed in. */
export function mayWatch(snapshot: Snapshot): boolean {
  return ROLES.has(snapshot.account?.role ?? "");
}

/** What to say about the desk; nothing to those who are not offered it and have not asked for it. */
export function deskWords(snapshot: Snapshot): DeskWords | null {
  const room = snapshot.rooms.find((view) => view.room === ADMIN_ROOM);
  if (room) return { on: true, tone: ROOM_TONES[room.state], state: i18n.messages.desk[room.state] };
  return mayWatch(snapshot) ? { on: false, tone: "calm", state: "" } : null;
}

/** Whether it is alive, at a glance. */
export interface Pulse {
  tone: Tone;
  label: string;
  /** A sentence: whether what is seen is as it should be. */
  text: string;
}

/** A silence this many times longer than the usual gap is no chance any more: one in 3,000. */
const RARE = 8;
/** A silence of this length is never worth a word, in seconds. */
const BREATH = 60;

/** Events of the last hour. */
export const lastHour = ({ minutes }: Pick<DeskView, "minutes">): number =>
  minutes.reduce((sum, each) => sum + each, 0);

/** Seconds since `at`, never below zero. */
export const secondsSince = (at: Date, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - at.getTime()) / 1000));

/** `12 s ago`, or that nothing has come yet. */
export function lastEvent(view: DeskView, now: Date): string {
  const words = i18n.messages.desk;
  return view.lastEventAt === null ? words.never : words.ago(span(secondsSince(new Date(view.lastEventAt), now)));
}

/** Whether the desk is alive, and whether its quiet is a normal one. */
export function pulse(snapshot: Snapshot, line: IpcState, view: DeskView | null, now: Date): Pulse {
  const words = i18n.messages.desk;
  if (line !== "up") return { tone: "bad", label: i18n.messages.connection.down, text: i18n.messages.lost.why(line) };
  const { tone, label, detail } = connectionWords(snapshot.connection, now);
  if (snapshot.connection.state !== "online") return { tone, label, text: `${words.deaf} ${detail}` };
  const room = deskWords(snapshot);
  if (!room?.on) return { tone: "calm", label, text: words.unwatched };
  if (room.tone !== "good")
    return { tone: room.tone, label: room.state, text: room.tone === "bad" ? words.refusedLong : words.requestedLong };
  return { tone: "good", label, ...quiet(view, now) };
}

function quiet(view: DeskView | null, now: Date): { text: string; tone?: Tone } {
  const words = i18n.messages.desk;
  if (!view) return { text: words.loading };
  const usual = view.usualAnHour;
  if (usual === null) return { text: words.learning };
  const silence = view.lastEventAt === null ? Infinity : secondsSince(new Date(view.lastEventAt), now);
  if (silence > Math.max(BREATH, (RARE * 3600) / Math.max(usual, 1))) {
    const since = view.lastEventAt === null ? null : clockTime(new Date(view.lastEventAt));
    if (usual <= 0) return { text: words.stillQuiet };
    return { tone: "warn", text: since === null ? words.tooQuietNone : words.tooQuiet(since) };
  }
  const hour = lastHour(view);
  // Few events vary much; what differs by less than three times their root is as usual.
  const odd = 3 * Math.sqrt(Math.max(usual, 1));
  if (hour > Math.max(1.5 * usual, usual + odd)) return { tone: "info", text: words.busier };
  if (hour < Math.min(0.5 * usual, usual - odd)) return { tone: "warn", text: words.quieter };
  return { text: silence > BREATH ? words.stillQuiet : words.asUsual };
}
