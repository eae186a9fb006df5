// How a row looks: its icon, its colour role, its words.
import type { Kind } from "../bindings/Kind";
import type { Notification } from "../bindings/Notification";
import { voice } from "./words/voice.svelte";

/** Colour roles; `app.css` gives each a colour. */
export const TONES = ["accent", "good", "warn", "bad", "info", "teal", "calm"] as const;
export type Tone = (typeof TONES)[number];

/** The names of `Icon.svelte`. */
export type IconName =
  | "ticket"
  | "check"
  | "pencil"
  | "cross"
  | "plane"
  | "takeoff"
  | "landing"
  | "clock"
  | "card"
  | "dots"
  | "checks"
  | "broom"
  | "undo"
  | "refresh"
  | "pause"
  | "play"
  | "door"
  | "warning"
  | "arrowUp"
  | "chevron"
  | "mail"
  | "bell"
  | "bellOff"
  | "sliders"
  | "search"
  | "back"
  | "plus"
  | "moon"
  | "keyboard"
  | "merge"
  | "flag"
  | "copy"
  | "gap"
  | "pulse"
  | "screen";

export interface Look {
  icon: IconName;
  tone: Tone;
}

const STATUS_TONES: Record<string, Tone> = {
  PENDING: "calm",
  CONFIRMED: "good",
  COMPLETED: "good",
  CANCELLED: "bad",
  FAILED: "bad",
  SCHEDULED: "info",
  DELAYED: "warn",
  DEPARTED: "info",
  IN_FLIGHT: "info",
  LANDED: "good",
  PROCESSING: "calm",
  SUCCEEDED: "good",
  REFUNDED: "teal",
  PARTIALLY_REFUNDED: "teal",
};

const FLIGHT_ICONS: Record<string, IconName> = {
  DELAYED: "clock",
  CANCELLED: "cross",
  DEPARTED: "takeoff",
  LANDED: "landing",
};

/** Icon and colour of a row. */
export function look(item: Pick<Notification, "kind" | "status">): Look {
  switch (item.kind) {
    case "bookingCreated":
      return { icon: "ticket", tone: "accent" };
    case "bookingConfirmed":
      return { icon: "check", tone: "good" };
    case "bookingUpdated":
      return { icon: "pencil", tone: item.status === "CANCELLED" ? "bad" : "info" };
    case "bookingCancelled":
      return { icon: "cross", tone: "bad" };
    case "paymentCompleted":
      return { icon: "card", tone: item.status === "FAILED" ? "bad" : "teal" };
    case "flightStatus":
      return { icon: FLIGHT_ICONS[item.status ?? ""] ?? "plane", tone: statusTone(item.status ?? "") };
    case "unknown":
      return { icon: "dots", tone: "calm" };
  }
}

/** The colour of a status; states are an open set, an unknown one is calm. */
export function statusTone(status: string): Tone {
  return Object.hasOwn(STATUS_TONES, status) ? (STATUS_TONES[status] ?? "calm") : "calm";
}

/** What an event is about. */
function thing(kind: Kind): "flight" | "booking" | "payment" {
  if (kind === "flightStatus") return "flight";
  return kind === "paymentCompleted" ? "payment" : "booking";
}

/** A state in words; one that nobody knows as it reads best: `DE_ICING` → `De icing`. */
export function statusWords(status: string, kind?: Kind): string {
  const states: Record<string, Record<string, string>> = voice.words.states;
  const first = kind && thing(kind);
  const known = [first, "booking", "flight", "payment"].flatMap((each) => {
    const words = each && states[each];
    return words && Object.hasOwn(words, status) ? [words[status] ?? ""] : [];
  });
  if (known[0]) return known[0];
  const words = status.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A state in all the words that it has: a cancelled flight need not be called as a cancelled booking is. */
export function statusLabel(status: string): string {
  const kinds: Kind[] = ["bookingUpdated", "flightStatus", "paymentCompleted"];
  return [...new Set(kinds.map((kind) => statusWords(status, kind)))].join(" / ");
}

/** The parts of the second line that the row does not already draw as flight and route. */
export function bodyParts(item: Notification): string[] {
  const route = item.origin && item.destination ? `${item.origin} → ${item.destination}` : null;
  const drawn = new Set<string | null>([route]);
  if (item.flightNumber) drawn.add(item.flightNumber);
  if (item.flightNumber && route) drawn.add(`${item.flightNumber} ${route}`);
  return item.body.split(" · ").filter((part) => part !== "" && !drawn.has(part));
}
