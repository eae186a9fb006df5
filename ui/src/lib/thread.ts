// A booking or flight in words: what it is called, its way, and all of it as text.
import type { Notification } from "../bindings/Notification";
import type { TrailStep } from "../bindings/TrailStep";
import { bodyParts, statusWords } from "./rowStyle";
import { exactTime } from "./time";
import { isFlight, question } from "./why";
import { i18n } from "./i18n/i18n.svelte";

/** When it happened, as far as that is known: when the server sent it, or else when it came. */
export function happened(item: Notification): Date {
  return new Date(item.timestamp ?? item.receivedAt);
}

/** What it is called. A row that stands alone has only its title. */
export function threadTitle(items: Notification[]): string {
  const words = i18n.messages.thread;
  const latest = items[0];
  if (latest?.thread === undefined) return latest?.title ?? "";
  const { flightNumber } = items.find((item) => item.flightNumber) ?? latest;
  if (isFlight(latest)) return flightNumber ? words.flight(flightNumber) : latest.title;
  const { pnr } = items.find((item) => item.pnr) ?? latest;
  return pnr ? words.booking(pnr) : latest.title;
}

/** The state that a step led to. */
export function stepWords({ kind, status }: Pick<TrailStep, "kind" | "status">): string {
  const words = i18n.messages.thread;
  if (kind === "bookingCreated") return words.created;
  if (kind === "paymentCompleted" && (status === null || status === "SUCCEEDED")) return words.paid;
  if (status !== null) return statusWords(status, kind);
  return kind === "bookingUpdated" ? words.changed : i18n.messages.kinds[kind];
}

/** A way in words, without steps that lead nowhere. */
export function trailWords(trail: TrailStep[]): { words: string; step: TrailStep }[] {
  const steps = trail.map((step) => ({ words: stepWords(step), step }));
  // An update that says nothing of a state is no step on the way, unless there is no other.
  const told = steps.filter(({ step }) => step.status !== null || step.kind !== "bookingUpdated");
  return (told.length > 0 ? told : steps).filter(({ words }, index, all) => words !== all[index - 1]?.words);
}

/** From the first to the last; those of one moment as they came. */
export function inOrder(items: Notification[]): Notification[] {
  return [...items].sort((a, b) => happened(a).getTime() - happened(b).getTime() || a.id - b.id);
}

/** How it was learned of, where nobody listened. */
export function gapWords(item: Notification): string | null {
  if (item.reconstructed) return i18n.messages.thread.reconstructed;
  return item.away === undefined ? null : i18n.messages.thread.missed;
}

/** All of it as text. */
export function asText(items: Notification[]): string {
  const words = i18n.messages.thread;
  const latest = items[0];
  if (!latest) return "";
  const lines = [threadTitle(items), words.asOf(exactTime(happened(latest))), ""];
  for (const item of inOrder(items)) {
    const gap = gapWords(item);
    lines.push(`${exactTime(happened(item))}  ${item.title}${gap ? ` (${gap})` : ""}`);
    const more = [...(item.status ? [statusWords(item.status, item.kind)] : []), ...bodyParts(item)];
    if (more.length > 0) lines.push(`  ${more.join(" · ")}`);
    lines.push(`  ${question(item)} ${item.outcome.text}`);
  }
  return `${lines.join("\n")}\n`;
}
