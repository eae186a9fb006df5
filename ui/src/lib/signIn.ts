// The sign-in form without its picture: what stands in it, what is missing, which field an error is about.
import type { AccountView } from "../bindings/AccountView";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { SignIn } from "../bindings/SignIn";
import { i18n } from "./i18n/i18n.svelte";

export type Field = "server" | "authUrl" | "bookingUrl" | "email" | "password";

/** What stands in the fields. */
export type Fields = Record<Field, string>;

/** A sentence, and the field that it is about; none for what no field can mend. */
export interface SignInError {
  field: Field | null;
  message: string;
}

/** The form as it opens: filled in when somebody signs in again, with everything that the account has. */
export function fieldsOf(account: AccountView | null): Fields {
  return {
    server: account?.server ?? "",
    authUrl: account?.authUrl ?? "",
    bookingUrl: account?.bookingUrl ?? "",
    email: account?.email ?? "",
    password: "",
  };
}

/** Whether a field is behind "Separate servers". */
export function isSeparate(field: Field | null | undefined): boolean {
  return field === "authUrl" || field === "bookingUrl";
}

/** What is missing, found before anything is sent. */
export function missing(fields: Fields): SignInError | null {
  const words = i18n.messages.signIn;
  if (!fields.server.trim()) return { field: "server", message: words.noServer };
  if (!fields.email.trim()) return { field: "email", message: words.noEmail };
  if (!fields.password) return { field: "password", message: words.noPassword };
  return null;
}

/** What is sent. */
export function signInOf(fields: Fields): SignIn {
  return {
    server: fields.server.trim(),
    authUrl: fields.authUrl.trim() || null,
    bookingUrl: fields.bookingUrl.trim() || null,
    email: fields.email.trim(),
    password: fields.password,
  };
}

/** What came back instead of a session. */
export function signInError(error: ErrorBody, fields: Fields): SignInError {
  return { field: fieldOf(error, fields), message: error.message };
}

function fieldOf(error: ErrorBody, fields: Fields): Field | null {
  switch (error.code) {
    case "invalidServer":
      return "server";
    case "invalidAuthUrl":
      return "authUrl";
    case "invalidBookingUrl":
      return "bookingUrl";
    case "invalidEmail":
      return "email";
    case "unreachable":
      // Signing in asks the sign-in server, where there is one of its own.
      return fields.authUrl.trim() ? "authUrl" : "server";
    case "signInRefused":
      return "password";
    default:
      return null;
  }
}
