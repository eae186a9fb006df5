// How a row looks: its icon, its colour role, its words.
import type { EventKind } from "../bindings/EventKind";
import type { Notification } from "../bindings/Notification";
import { i18n } from "./i18n/i18n.svelte";

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
  | "box"
  | "filter"
  | "bookmark"
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

/** What rows of a kind look like while nothing more is known of them. */
export const KIND_STYLES: Record<EventKind, Look> = {
  bookingCreated: { icon: "ticket", tone: "accent" },
  bookingConfirmed: { icon: "check", tone: "good" },
  bookingUpdated: { icon: "pencil", tone: "info" },
  bookingCancelled: { icon: "cross", tone: "bad" },
  flightStatus: { icon: "plane", tone: "info" },
  paymentCompleted: { icon: "card", tone: "teal" },
  unknown: { icon: "dots", tone: "calm" },
};

/** Icon and colour of a row. */
export function look({ kind, status }: Pick<Notification, "kind" | "status">): Look {
  const plain = KIND_STYLES[kind];
  if (kind === "flightStatus")
    return { icon: FLIGHT_ICONS[status ?? ""] ?? plain.icon, tone: statusTone(status ?? "") };
  const isBad =
    (kind === "bookingUpdated" && status === "CANCELLED") || (kind === "paymentCompleted" && status === "FAILED");
  return isBad ? { ...plain, tone: "bad" } : plain;
}

/** The colour of a status; states are an open set, an unknown one is calm. */
export function statusTone(status: string): Tone {
  return Object.hasOwn(STATUS_TONES, status) ? (STATUS_TONES[status] ?? "calm") : "calm";
}

/** What an event is about. */
const SUBJECTS: Record<EventKind, "flight" | "booking" | "payment"> = {
  bookingCreated: "booking",
  bookingConfirmed: "booking",
  bookingUpdated: "booking",
  bookingCancelled: "booking",
  flightStatus: "flight",
  paymentCompleted: "payment",
  unknown: "booking",
};

/** A state in words; one that nobody knows as it reads best: `DE_ICING` → `De icing`. */
export function statusWords(status: string, kind?: EventKind): string {
  const states: Record<string, Record<string, string>> = i18n.messages.states;
  const first = kind && SUBJECTS[kind];
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
  const kinds: EventKind[] = ["bookingUpdated", "flightStatus", "paymentCompleted"];
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
