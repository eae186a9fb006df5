// What went wrong, as the page shows it.
import type { ErrorBody } from "../bindings/ErrorBody";
import { voice } from "./words/voice.svelte";

/** Whatever a call rejected with, as an `ErrorBody`. */
export function failure(thrown: unknown): ErrorBody {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return thrown as ErrorBody;
  }
  // The shell itself refused the call, for example because the page and it do not match.
  return { code: "store", message: typeof thrown === "string" ? thrown : voice.words.common.unexpected };
}
