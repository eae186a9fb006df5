// The connection in words: what the pill says, what its detail says, what can be done about it. Pure.
import type { ConnectionState } from "../bindings/ConnectionState";
import type { Reason } from "../bindings/Reason";
import type { Tone } from "./look";
import { clockTime, secondsUntil, span } from "./time";

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
  switch (state.state) {
    case "starting":
      return { tone: "calm", label: "Starting…", detail: "Gatecall has just started.", busy: true };
    case "connecting":
      return {
        tone: "info",
        label: "Connecting…",
        detail: state.attempt > 1 ? `This is attempt ${state.attempt}. Gatecall never gives up.` : "One moment, please.",
        busy: true,
      };
    case "online":
      return {
        tone: "good",
        label: "Online",
        detail: `The server has confirmed the connection at ${clockTime(new Date(state.since))}.`,
        busy: false,
      };
    case "waiting": {
      const left = secondsUntil(new Date(state.retryAt), now);
      return {
        tone: "warn",
        label: left > 0 ? `Waiting · next try in ${span(left)}` : "Waiting · trying now",
        detail: state.reason.message,
        busy: false,
      };
    }
    case "signInNeeded":
      return state.reason.code === "notSignedIn"
        ? { tone: "calm", label: "Not signed in", detail: state.reason.message, busy: false }
        : { tone: "bad", label: "Sign in again", detail: state.reason.message, busy: false };
    case "paused":
      return { tone: "calm", label: "Paused", detail: "Gatecall is not listening until you resume it.", busy: false };
  }
}

/** The trouble to tell after `state`: it stays while attempts go on, and ends when the server confirms. */
export function troubleAfter(before: Reason | null, state: ConnectionState): Reason | null {
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
