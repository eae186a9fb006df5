// The connection in words: what the pill says, what its detail says, what can be done about it.
import type { ConnectionState } from "../bindings/ConnectionState";
import type { LinkReason } from "../bindings/LinkReason";
import type { Tone } from "./rowStyle";
import { clockTime, secondsUntil, span } from "./time";
import { i18n } from "./i18n/i18n.svelte";

export interface ConnectionWords {
  tone: Tone;
  /** A few words, for the pill. */
  label: string;
  /** Sentences, for whoever wants to know more. */
  detail: string;
  /** Whether something is under way right now. */
  busy: boolean;
}

/** Says where the connection stands. */
export function connectionWords(state: ConnectionState, now: Date): ConnectionWords {
  const words = i18n.messages.connection;
  switch (state.state) {
    case "starting":
      return { tone: "calm", label: words.starting, detail: words.startingLong, busy: true };
    case "connecting":
      return {
        tone: "info",
        label: words.connecting,
        detail: state.attempt > 1 ? words.attempt(state.attempt) : words.firstAttempt,
        busy: true,
      };
    case "online":
      return {
        tone: "good",
        label: words.online,
        detail: words.confirmed(clockTime(new Date(state.since))),
        busy: false,
      };
    case "waiting": {
      const left = secondsUntil(new Date(state.retryAt), now);
      const label = left > 0 ? words.waiting(span(left)) : words.waitingNow;
      return { tone: "warn", label, detail: state.reason.message, busy: false };
    }
    case "signInNeeded":
      return state.reason.code === "notSignedIn"
        ? { tone: "calm", label: words.signedOut, detail: state.reason.message, busy: false }
        : { tone: "bad", label: words.signInAgain, detail: state.reason.message, busy: false };
    case "paused":
      return { tone: "calm", label: words.paused, detail: words.pausedLong, busy: false };
  }
}

/** The trouble to tell after `state`: it stays while attempts go on, and ends when the server confirms. */
export function reasonAfter(before: LinkReason | null, state: ConnectionState): LinkReason | null {
  switch (state.state) {
    case "waiting":
      return state.reason;
    case "connecting":
      return before;
    default:
      return null;
  }
}

/** Whether trying at once makes sense. */
export function canReconnect(state: ConnectionState): boolean {
  return state.state === "waiting" || state.state === "connecting" || state.state === "online";
}
