// The interface to the resident program. Everything in the page talks to it, so that the page also runs in a plain browser.
import type { IpcState as ResidentState } from "./bindings/IpcState";
import type { Push } from "./bindings/Push";
import type { Request } from "./bindings/Request";

/** Whether the resident program can be talked to, or why not; `outside` is no window at all. */
export type IpcState = ResidentState | "outside";

/** The resident program, seen from the page. */
export interface Backend {
  /** Sends a request. Rejects with an `ErrorBody`. */
  call<T>(request: Request): Promise<T>;
  /** Subscribes to pushes of the resident. Resolves once it listens. */
  onPush(listener: (push: Push) => void): Promise<void>;
  /** Subscribes to the state of the connection to the resident. Resolves once it listens. */
  onIpcState(listener: (state: IpcState) => void): Promise<void>;
}
