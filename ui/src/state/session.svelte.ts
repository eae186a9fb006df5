// Who is signed in, the first time and again, and what the resident is asked to do with the connection.
import type { Backend } from "../backend";
import type { Request } from "../bindings/Request";
import type { SignIn } from "../bindings/SignIn";
import { ADMIN_ROOM } from "../lib/desk";
import { failure } from "../lib/failure";
import type { Feedback } from "./feedback.svelte";
import type { Settings } from "./settings.svelte";
import { AddressCheck } from "./serverCheck.svelte";

/** The parts of the page that it works on. */
export interface SessionContext {
  readonly feedback: Feedback;
  readonly settings: Settings;
  /** Which screen is due. */
  readonly screen: string;
  /** Loads the snapshot and the list again. */
  refresh(): Promise<void>;
}

export class Session {
  /** Of the address that is typed to sign in. */
  readonly check: AddressCheck;
  #context: SessionContext;
  #backend: Backend;
  #left = $state<string | null>(null);
  /** Whether somebody who has just signed in for the first time is still to see that toasts come through. */
  #greeting = $state<"none" | "due" | "done">("none");

  constructor(context: SessionContext, backend: Backend) {
    this.#context = context;
    this.#backend = backend;
    this.check = new AddressCheck(backend, (sentence) => context.feedback.say(sentence));
  }

  /** What is left of a sign-in that has ended, and what to do about it. */
  get left(): string | null {
    return this.#left;
  }

  forgetLeft(): void {
    this.#left = null;
  }

  get greets(): boolean {
    return this.#greeting === "due";
  }

  /** Signs in. Rejects with an `ErrorBody`, which the form shows beside its field. */
  async signIn(form: SignIn): Promise<void> {
    const first = this.#context.screen === "signIn" && this.#greeting === "none";
    // The account may be pushed before the answer is here.
    if (first) this.#greeting = "due";
    try {
      await this.#backend.call<null>({ type: "signIn", ...form });
    } catch (thrown) {
      if (first) this.#greeting = "none";
      throw failure(thrown);
    }
    this.check.reset();
    await this.#context.refresh();
  }

  /** Goes on to the inbox. */
  greeted(): void {
    this.#greeting = "done";
    this.#context.settings.test.reset();
  }

  async signOut(wipe: boolean): Promise<void> {
    this.#left = null;
    await this.#context.feedback.attempt(async () => {
      try {
        await this.#backend.call<null>({ type: "signOut", wipe });
      } catch (thrown) {
        const error = failure(thrown);
        if (error.code === "keychain") this.#left = error.message;
        // Who stopped the deletion of the history knows.
        else if (error.code !== "cancelled") throw error;
      }
    });
  }

  pause(): Promise<void> {
    return this.#ask({ type: "pause" });
  }

  resume(): Promise<void> {
    return this.#ask({ type: "resume" });
  }

  reconnect(): Promise<void> {
    return this.#ask({ type: "reconnect" });
  }

  /** Asks for the room in which every booking is told, or leaves it. Answers whether that could be asked. */
  watchDesk(on: boolean): Promise<boolean> {
    return this.#context.feedback.attempt(() =>
      this.#backend.call<null>({ type: on ? "subscribe" : "unsubscribe", room: ADMIN_ROOM }),
    );
  }

  async #ask(request: Request): Promise<void> {
    await this.#context.feedback.attempt(() => this.#backend.call<null>(request));
  }
}
