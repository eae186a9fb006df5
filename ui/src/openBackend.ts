// The connection to the shell, and the only file that knows Tauri; or the fake backend in a build for plain browsers.
import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend, IpcState } from "./backend";
import type { ErrorBody } from "./bindings/ErrorBody";
import type { Push } from "./bindings/Push";
import { i18n } from "./lib/i18n/i18n.svelte";

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
  onPush: async (handler) => {
    await listen<Push>("push", (event) => handler(event.payload));
  },
  onIpcState: async (handler) => {
    await listen<IpcState>("line", (event) => handler(event.payload));
  },
};

/** The shell's page opened outside the shell. */
const nowhere: Backend = {
  call: () => {
    const error: ErrorBody = { code: "shuttingDown", message: "" };
    return Promise.reject(error);
  },
  onPush: () => Promise.resolve(),
  onIpcState: async (handler) => {
    await i18n.begin();
    handler("outside");
  },
};
