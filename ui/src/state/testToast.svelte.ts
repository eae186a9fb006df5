// The toast that shows whether toasts come through, and what is known of it.
import type { Backend } from "../backend";
import type { TestToastResult } from "../bindings/TestToastResult";
import { failure } from "../lib/failure";

/** `taken`: the desktop has it, and nothing more is known. */
export type TestState = "idle" | "sending" | "taken" | TestToastResult | "refused";

export class TestToast {
  #state = $state<TestState>("idle");
  #message = $state("");
  #backend: Backend;
  /** Raised with every toast, so that an answer that comes late is not taken for a newer one's. */
  #generation = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get state(): TestState {
    return this.#state;
  }
  /** Why it was refused. */
  get message(): string {
    return this.#message;
  }

  /** Shows one. Rejects with an `ErrorBody` where the desktop had no part in it. */
  async send(): Promise<void> {
    if (this.#state === "sending") return;
    const generation = ++this.#generation;
    this.#state = "sending";
    try {
      await this.#backend.call<null>({ type: "testToast" });
      // What became of it may have overtaken the answer.
      if (generation === this.#generation && this.#state === "sending") this.#state = "taken";
    } catch (thrown) {
      const error = failure(thrown);
      if (generation === this.#generation) {
        this.#state = error.code === "toasts" ? "refused" : "idle";
        this.#message = error.message;
      }
      if (error.code !== "toasts") throw error;
    }
  }

  /** What became of the latest. One that nobody waits for any more is of no interest. */
  onResult(result: TestToastResult): void {
    if (this.#state === "sending" || this.#state === "taken") this.#state = result;
  }

  reset(): void {
    this.#generation += 1;
    this.#state = "idle";
  }
}
