// What went wrong, as the page shows it.
import type { ErrorBody } from "../bindings/ErrorBody";
import { i18n } from "./i18n/i18n.svelte";

/** Whatever a call rejected with, as an `ErrorBody`. */
export function failure(thrown: unknown): ErrorBody {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    const error = thrown as ErrorBody;
    // The shell leaves it to the page to say that nobody is there.
    return error.code === "shuttingDown" && error.message === ""
      ? { ...error, message: i18n.messages.lost.why("notRunning") }
      : error;
  }
  // The shell itself refused the call, for example because the page and it do not match.
  return { code: "store", message: typeof thrown === "string" ? thrown : i18n.messages.common.unexpected };
}
