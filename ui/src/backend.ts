// The only door to the shell. Everything else talks to the interface, so that the page also runs in a plain browser.
import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { ErrorBody } from "./bindings/ErrorBody";
import type { IpcState as ResidentLine } from "./bindings/IpcState";
import type { Push } from "./bindings/Push";
import type { Request } from "./bindings/Request";
import { i18n } from "./lib/i18n/i18n.svelte";

/** Whether the resident program can be talked to, or why not; `outside` is no window at all. */
export type IpcState = ResidentLine | "outside";

/** The resident program, seen from the page. */
export interface Backend {
  /** Makes a call. Rejects with an `ErrorBody`. */
  call<T>(request: Request): Promise<T>;
  /** Hears what the resident tells by itself. Resolves when listening. */
  onPush(hear: (push: Push) => void): Promise<void>;
  /** Hears when the line to the resident is lost and when it is back. Resolves when listening. */
  onIpcState(hear: (line: IpcState) => void): Promise<void>;
}

/** The shell's line, or the in-memory backend in a build for plain browsers. */
export async function openBackend(): Promise<Backend> {
  if (isTauri()) return shell;
  // The mode is known when the page is built: the shell's page does not carry the other backend at all.
  if (import.meta.env.MODE === "browser") {
    const { FakeBackend } = await import("./fake/backend");
    return FakeBackend.fromAddress(new URL(location.href));
  }
  return nowhere;
}

const shell: Backend = {
  call: (request) => invoke("call", { request }),
  onPush: async (hear) => {
    await listen<Push>("push", (event) => hear(event.payload));
  },
  onIpcState: async (hear) => {
    await listen<IpcState>("line", (event) => hear(event.payload));
  },
};

/** The shell's page opened outside the shell. */
const nowhere: Backend = {
  call: () => {
    const error: ErrorBody = { code: "shuttingDown", message: "" };
    return Promise.reject(error);
  },
  onPush: () => Promise.resolve(),
  onIpcState: async (hear) => {
    await i18n.begin();
    hear("outside");
  },
};
