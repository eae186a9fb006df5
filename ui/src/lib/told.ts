// What the resident tells of the link, with a reason of its own.
//
// The bindings export two Rust types of the name `Reason` into one file: why the link is down, and why an event came to
// its outcome. The one that is written last is in the file. Until they have names of their own, the first is spelled out
// here; it fits what crosses the line either way.
import type { ConnectionState as BoundState } from "../bindings/ConnectionState";
import type { ReasonCode } from "../bindings/ReasonCode";
import type { Snapshot as BoundSnapshot } from "../bindings/Snapshot";
import type { Push as BoundPush } from "../bindings/Push";

/** Why the link is down: a code for programs and a sentence for people. */
export interface Trouble {
  code: ReasonCode;
  message: string;
}

type WithTrouble<State> = State extends { reason: unknown } ? Omit<State, "reason"> & { reason: Trouble } : State;

export type ConnectionState = WithTrouble<BoundState>;
export type Snapshot = Omit<BoundSnapshot, "connection"> & { connection: ConnectionState };
export type Push = Exclude<BoundPush, { type: "snapshot" }> | { type: "snapshot"; snapshot: Snapshot };
