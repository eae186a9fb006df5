// What the in-memory backend refuses with.
import type { ErrorBody } from "../bindings/ErrorBody";

export function problem(code: ErrorBody["code"], message: string): ErrorBody {
  return { code, message };
}

export const NO_ADDRESS = problem(
  "invalidServer",
  "This is not a web address. Enter one such as https://fly.example, or ask whoever runs the service.",
);
