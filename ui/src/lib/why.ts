// Why a row was or was not shown as a toast: the question, and the one thing that would change it the next time.
import type { Notification } from "../bindings/Notification";
import type { Preferences } from "../bindings/Preferences";
import type { RuleAction } from "../bindings/RuleAction";
import type { ThreadPreference } from "../bindings/ThreadPreference";
import { i18n } from "./i18n/i18n.svelte";

/** The question that the outcome answers. */
export function question(item: Notification): string {
  const words = i18n.messages.why;
  switch (item.outcome.code) {
    case "popped":
    case "merged":
      return words.toast;
    case "digest":
      return words.digest;
    default:
      return words.noToast;
  }
}

/** What the one click does. */
export type Remedy =
  | { do: "editRule"; rule: number }
  | { do: "newRule"; then: RuleAction }
  | { do: "unmute" | "endSnooze" | "test" }
  | { do: "open"; section: "toasts" | "say" | "quietHours" };

/** The one click that makes it different the next time; nothing where no setting would. */
export function remedy(item: Notification, preferences: Preferences | null): Remedy | null {
  const { outcome } = item;
  switch (outcome.setting) {
    case "rules": {
      const rule = preferences?.rules.findIndex((each) => each.name === outcome.rule) ?? -1;
      if (outcome.rule !== undefined && rule >= 0) return { do: "editRule", rule };
      const told = outcome.code === "popped" || outcome.code === "merged";
      return { do: "newRule", then: told ? "silence" : "toast" };
    }
    case "mute":
      return { do: "unmute" };
    case "snooze":
      return { do: "endSnooze" };
    case "quietHours":
      return { do: "open", section: "quietHours" };
    case "privacy":
      return { do: "open", section: "say" };
    case "toasts":
      return { do: "open", section: "toasts" };
    case "desktop":
      return { do: "test" };
    default:
      return null;
  }
}

/** The remedy of a row, unless the mute or snooze that it would end has ended already. */
export function offeredRemedy(
  item: Notification,
  preferences: Preferences | null,
  thread: ThreadPreference,
  now: Date,
): Remedy | null {
  const found = remedy(item, preferences);
  if (found?.do === "unmute" && !thread.muted) return null;
  return found?.do === "endSnooze" && !isSnoozed(thread, now) ? null : found;
}

/** Whether a snooze holds at that moment. */
export function isSnoozed({ snoozedUntil }: ThreadPreference, now: Date): boolean {
  return snoozedUntil !== null && Date.parse(snoozedUntil) > now.getTime();
}

/** What its button says. */
export function remedyLabel(item: Notification, remedy: Remedy): string {
  const words = i18n.messages.why;
  switch (remedy.do) {
    case "editRule":
      return words.editRule(item.outcome.rule ?? "");
    case "newRule":
      return remedy.then === "silence" ? words.silence : words.raise;
    case "unmute":
      return isFlight(item) ? words.unmuteFlight : words.unmuteBooking;
    case "endSnooze":
      return words.endSnooze;
    case "test":
      return words.desktop;
    case "open":
      return { toasts: words.toasts, say: words.privacy, quietHours: words.quietHours }[remedy.section];
  }
}

/** Whether its thread is a flight; otherwise it is a booking. */
export function isFlight(item: Notification): boolean {
  return item.thread?.startsWith("flight:") ?? false;
}

/** Its booking or flight, in as few words as there are. */
export function subject(item: Notification): string {
  const words = i18n.messages.why;
  if (isFlight(item)) return item.flightNumber ?? words.thisFlight;
  return item.pnr ? words.booking(item.pnr) : words.thisBooking;
}
