// How a row looks: its icon, its colour role, its words. Pure.
import type { Notification } from "../bindings/Notification";
import type { OutcomeCode } from "../bindings/OutcomeCode";

/** Colour roles; `app.css` gives each a colour. */
export type Tone = "accent" | "good" | "warn" | "bad" | "info" | "teal" | "calm";

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
  | "person"
  | "warning"
  | "arrowUp"
  | "chevron"
  | "mail"
  | "bell";

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
export function look(item: Notification): Look {
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

/** `IN_FLIGHT` → `In flight`. */
export function statusWords(status: string): string {
  const words = status.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The parts of the second line that the row does not already draw as flight and route. */
export function bodyParts(item: Notification): string[] {
  const route = item.origin && item.destination ? `${item.origin} → ${item.destination}` : null;
  const drawn = new Set<string | null>([route]);
  if (item.flightNumber) drawn.add(item.flightNumber);
  if (item.flightNumber && route) drawn.add(`${item.flightNumber} ${route}`);
  return item.body.split(" · ").filter((part) => part !== "" && !drawn.has(part));
}

/** The question that the outcome answers. */
export function outcomeQuestion(code: OutcomeCode): string {
  switch (code) {
    case "popped":
      return "Why you were told at once";
    case "merged":
      return "Why an earlier message was replaced";
    case "inboxOnly":
    case "overBudget":
    case "superseded":
      return "Why it came quietly";
    case "digest":
      return "Why it was told with others";
  }
}
