// How the page does what a person asked for: whether it worked, what to say of it, and whether anybody is there to ask.
import type { IpcState } from "../backend";
import type { ErrorBody } from "../bindings/ErrorBody";
import { failure } from "../lib/failure";
import { i18n } from "../lib/i18n/i18n.svelte";

/** What comes by itself is announced to screen readers at most once in this time, in milliseconds. */
export const SAY_MS = 1_000;

export class Feedback {
  #ipcState = $state.raw<IpcState>("up");
  #problem = $state.raw<ErrorBody | null>(null);
  #said = $state("");

  /** The line to the resident. */
  get ipcState(): IpcState {
    return this.#ipcState;
  }
  get isUp(): boolean {
    return this.#ipcState === "up";
  }
  /** Why there is none, as a sentence. */
  get whyDown(): string {
    return this.#ipcState === "up" ? "" : i18n.messages.lost.why(this.#ipcState);
  }
  /** The last thing a person asked for that did not work. */
  get problem(): ErrorBody | null {
    return this.#problem;
  }
  /** The latest sentence for screen readers. */
  get said(): string {
    return this.#said;
  }

  /** Says something to screen readers. */
  say(sentence: string): void {
    this.#said = sentence;
  }

  /** The connection to the resident is lost, or back. */
  onIpcState(state: IpcState): void {
    this.#ipcState = state;
  }

  complain(problem: ErrorBody): void {
    this.#problem = problem;
  }

  dismiss(): void {
    this.#problem = null;
  }

  /** Does what a person asked for, and tells when it does not work. Answers whether it did. */
  async attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
    } catch (thrown) {
      this.#problem = this.#beside(thrown) ?? this.#problem;
      return false;
    }
    this.#problem = null;
    return true;
  }

  /** Loads what keeps its errors for its own place on the page. */
  async quietly(load: () => Promise<unknown>): Promise<void> {
    try {
      await load();
    } catch (thrown) {
      this.#beside(thrown);
    }
  }

  /** What went wrong; nothing where the line is lost, which has its own place on the page. */
  #beside(thrown: unknown): ErrorBody | null {
    const error = failure(thrown);
    if (error.code !== "shuttingDown") return error;
    if (this.isUp) this.#ipcState = "notRunning";
    return null;
  }
}
