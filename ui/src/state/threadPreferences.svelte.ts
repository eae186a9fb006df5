// What the person wants of bookings and flights: to hear no more of them, or later.
//
// The resident keeps it; this is what it told.
import type { Backend } from "../backend";
import type { Notification } from "../bindings/Notification";
import type { ThreadPreference } from "../bindings/ThreadPreference";
import { clockTime } from "../lib/time";
import { isSnoozed } from "../lib/why";
import { i18n } from "../lib/i18n/i18n.svelte";

/** How long a snooze is, in milliseconds; as long as that of a toast's button. */
export const SNOOZE_MS = 60 * 60_000;

/** A thread of which nothing is wanted. */
const NORMAL: ThreadPreference = { muted: false, snoozedUntil: null };

/** What is chosen, and how it is told of a booking or a flight. */
export interface Choice {
  wanted: ThreadPreference;
  label: (subject: string) => string;
}

export class ThreadPreferences {
  #chosen = $state.raw<ReadonlyMap<string, ThreadPreference>>(new Map());
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asks for everything that is wanted. Rejects with an `ErrorBody`. */
  async load(): Promise<void> {
    const choices = await this.#backend.call<Record<string, ThreadPreference>>({ type: "threadPreferences" });
    this.#chosen = new Map(Object.entries(choices));
  }

  /** One of them changed: in this window, on a toast, or because its time was over. */
  onChange(thread: string, choice: ThreadPreference): void {
    this.#chosen = new Map(this.#chosen).set(thread, choice);
  }

  /** What is wanted of the row's booking or flight. */
  of(item: Notification): ThreadPreference {
    return (item.thread === undefined ? undefined : this.#chosen.get(item.thread)) ?? NORMAL;
  }

  isSnoozed(item: Notification, now: Date): boolean {
    return isSnoozed(this.of(item), now);
  }

  muted(): Choice {
    return { wanted: { ...NORMAL, muted: true }, label: i18n.messages.why.muted };
  }
  unmuted(): Choice {
    return { wanted: NORMAL, label: i18n.messages.why.unmuted };
  }
  snoozed(now: Date): Choice {
    const until = new Date(now.getTime() + SNOOZE_MS);
    return {
      wanted: { ...NORMAL, snoozedUntil: until.toISOString() },
      label: (subject) => i18n.messages.why.snoozed(subject, clockTime(until)),
    };
  }
  unsnoozed(): Choice {
    return { wanted: NORMAL, label: i18n.messages.why.unsnoozed };
  }

  /** Rejects with an `ErrorBody`. */
  async set(item: Notification, choice: ThreadPreference): Promise<void> {
    const { thread } = item;
    if (thread === undefined) return;
    await this.#backend.call<null>({ type: "setThreadPreference", thread, preference: choice });
  }

  /** Forgets everything: another account, or none. */
  reset(): void {
    this.#chosen = new Map();
  }
}
