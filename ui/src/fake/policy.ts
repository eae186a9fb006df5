// What becomes of a row under given preferences, as far as rows tell it: rules first, then switches and hours, then what
// the resident's own policy had made of it. Budgets, storms and departures are the real one's.
import type { BackTest } from "../bindings/BackTest";
import type { Day } from "../bindings/Day";
import type { RuleCondition } from "../bindings/RuleCondition";
import type { Notification } from "../bindings/Notification";
import type { Outcome } from "../bindings/Outcome";
import type { Preferences } from "../bindings/Preferences";
import type { QuietHours } from "../bindings/QuietHours";
import type { ThreadPreference } from "../bindings/ThreadPreference";
import { whole } from "../lib/rule";

const DAY_MS = 24 * 60 * 60_000;
const DAYS: Day[] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
/** The most rows that a back-test names. */
const NAMED = 50;

/** Whether everything that is given fits. */
export function fits(when: RuleCondition, item: Notification): boolean {
  const isOne = (list: string[], value: string | null) =>
    list.length === 0 || (value !== null && list.some((each) => each.toUpperCase() === value.toUpperCase()));
  const end = (wanted: string | undefined, is: string | null) =>
    wanted === undefined || wanted.toUpperCase() === is?.toUpperCase();
  return (
    (when.kinds.length === 0 || when.kinds.includes(item.kind)) &&
    isOne(when.pnrs, item.pnr) &&
    isOne(when.flights, item.flightNumber) &&
    isOne(when.statuses, item.status) &&
    (when.routes.length === 0 ||
      when.routes.some((route) => end(route.origin, item.origin) && end(route.destination, item.destination))) &&
    (when.amountAtLeast === undefined ||
      (item.amount !== null && Number(item.amount.value) >= Number(when.amountAtLeast)))
  );
}

/** Whether `at` is in the quiet hours, by this machine's clock. */
export function isQuiet(hours: QuietHours, at: Date): boolean {
  const begins = (day: number) => !hours.days?.length || hours.days.includes(DAYS[day] ?? "sunday");
  const [from, to] = [minutes(hours.from), minutes(hours.to)];
  const now = at.getHours() * 60 + at.getMinutes();
  const today = at.getDay();
  if (from < to) return begins(today) && from <= now && now < to;
  return (begins(today) && now >= from) || (begins((today + 6) % 7) && now < to);
}

/** `22:00` and `22:00:00` alike. */
function minutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** The outcome of a row, had it come under these preferences. */
export function decide(item: Notification, preferences: Preferences, choice: ThreadPreference | undefined): Outcome {
  const rule = preferences.rules.map(whole).find((each) => each.enabled !== false && fits(each.when, item));
  const named = rule && { rule: rule.name, setting: "rules" as const };
  if (!preferences.toasts) return { code: "inboxOnly", text: "Toasts are switched off.", setting: "toasts" };
  if (preferences.privacy === "nothing")
    return { code: "inboxOnly", text: "Toasts may say nothing.", setting: "privacy" };
  if (choice?.muted) return { code: "silenced", text: "You muted it.", setting: "mute" };
  if (choice?.snoozedUntil && choice.snoozedUntil > item.receivedAt) {
    return { code: "silenced", text: "You snoozed it.", setting: "snooze" };
  }
  if (rule?.then === "silence") return { code: "silenced", text: `Your rule “${rule.name}” silences it.`, ...named };
  const urgent = rule?.then === "urgent" || item.urgency === "critical";
  const cancelled = item.status === "CANCELLED";
  const { quietHours: hours } = preferences;
  if (hours && isQuiet(hours, new Date(item.receivedAt))) {
    const through = { urgent, cancellations: cancelled, nothing: false }[hours.except];
    if (!through) return { code: "quietHours", text: "It came in your quiet hours.", setting: "quietHours" };
  }
  if (rule) return { code: "popped", text: `Your rule “${rule.name}” asks for a toast.`, ...named };
  // Without its rule it is what the policy alone makes of it.
  const { rule: _, ...own } = item.outcome;
  return own;
}

/** What preferences would have done with these rows, newest first: those of events that were received and are known. */
export function backTest(items: Notification[], preferences: Preferences, days: number): BackTest {
  const since = Date.parse(items[0]?.receivedAt ?? "") - days * DAY_MS;
  const lately = items.filter(
    ({ receivedAt, kind, reconstructed }) => Date.parse(receivedAt) >= since && kind !== "unknown" && !reconstructed,
  );
  const popped = lately.filter((item) => decide(item, preferences, undefined).code === "popped");
  return { days, events: lately.length, popped: popped.length, rows: popped.slice(0, NAMED) };
}
