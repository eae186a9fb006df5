// Which dialog lies over the page. Knows no DOM.
import type { Field } from "../lib/signIn";

/** A dialog that somebody has asked for. */
export type DialogRequest = { what: "shortcuts" | "export" | "signOut" } | { what: "signIn"; first: Field };

export class Dialogs {
  #asked = $state.raw<DialogRequest | null>(null);

  get asked(): DialogRequest | null {
    return this.#asked;
  }

  open(what: "shortcuts" | "export" | "signOut"): void {
    this.#asked = { what };
  }

  /** Asks to sign in again, beginning with a field. */
  signIn(first: Field = "password"): void {
    this.#asked = { what: "signIn", first };
  }

  close(): void {
    this.#asked = null;
  }
}
