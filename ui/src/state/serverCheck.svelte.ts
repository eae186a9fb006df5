// Whether a booking service is at an address, asked while the address is typed. Knows no DOM.
//
// One question at a time is under way. What was typed meanwhile is asked next, and an answer to something else than what
// stands in the field is dropped.
import type { Backend } from "../backend";
import type { Request } from "../bindings/Request";
import type { ServerCheck } from "../bindings/ServerCheck";
import { failure } from "../lib/failure";
import { i18n } from "../lib/i18n/i18n.svelte";

/** How long after the last key an address is looked at, in milliseconds. */
export const TYPED_MS = 400;

type Question = Extract<Request, { type: "checkServer" }>;

export class AddressCheck {
  #state = $state<"idle" | "running" | "done">("idle");
  #found = $state.raw<ServerCheck | null>(null);

  #backend: Backend;
  #say: (sentence: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was asked last of what stands in the field. */
  #last: Question | null = null;
  /** What is to be asked as soon as nothing is under way. */
  #next: Question | null = null;
  #asking = false;
  /** Raised with every key, so that an answer to what stood there before is known as one. */
  #generation = 0;

  constructor(backend: Backend, say: (sentence: string) => void) {
    this.#backend = backend;
    this.#say = say;
  }

  get state(): "idle" | "running" | "done" {
    return this.#state;
  }
  /** What is known of the address; none before the answer. */
  get found(): ServerCheck | null {
    return this.#found;
  }

  /** Asks some time after the last key. */
  typed(server: string, bookingUrl: string | null): void {
    const question = this.#begin(server, bookingUrl);
    if (question) this.#timer = setTimeout(() => void this.#ask(question), TYPED_MS);
  }

  /** Asks at once. */
  async now(server: string, bookingUrl: string | null): Promise<void> {
    const question = this.#begin(server, bookingUrl);
    if (question) await this.#ask(question);
  }

  /** Asks the same again: the way there is another one. */
  async again(): Promise<void> {
    if (this.#last) await this.now(this.#last.server, this.#last.bookingUrl);
  }

  reset(): void {
    this.#begin("", null);
  }

  #begin(server: string, bookingUrl: string | null): Question | null {
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.#next = null;
    this.#found = null;
    const address = server.trim();
    this.#state = address ? "running" : "idle";
    this.#last = address ? { type: "checkServer", server: address, bookingUrl: bookingUrl?.trim() || null } : null;
    return this.#last;
  }

  async #ask(question: Question): Promise<void> {
    this.#next = question;
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#next) {
        const generation = this.#generation;
        const asked: Question = this.#next;
        this.#next = null;
        const found = await this.#answer(asked);
        if (generation !== this.#generation) continue;
        this.#found = found;
        this.#state = "done";
        this.#say(found.problem ?? i18n.messages.check.fine(found.address));
      }
    } finally {
      this.#asking = false;
    }
  }

  async #answer(asked: Question): Promise<ServerCheck> {
    try {
      return await this.#backend.call<ServerCheck>(asked);
    } catch (thrown) {
      // The address is none, or nobody could look.
      const { message } = failure(thrown);
      return { address: asked.server, reachable: "unknown", encrypted: "unknown", speaks: "unknown", problem: message };
    }
  }
}
