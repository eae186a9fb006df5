// What the settings know of this machine: the way to the server, the start with the session, the program itself; and
// what went wrong, by the field that it is about. Knows no DOM.
//
// Nothing is shown as set before the resident says so: the system may refuse it, or understand it in another way.
import type { Backend } from "../backend";
import type { About } from "../bindings/About";
import type { Autostart } from "../bindings/Autostart";
import type { NetworkView } from "../bindings/NetworkView";
import type { Request } from "../bindings/Request";
import { failure } from "../lib/failure";
import { AddressCheck } from "./serverCheck.svelte";

/** Where something may be told to have failed. */
export type HostField =
  | keyof NetworkView
  | "sound"
  | "look"
  | "keepDays"
  | "reindex"
  | "autostart"
  | "network"
  | "about"
  | "licences"
  | "diagnostics"
  | "demo";

export class HostSettings {
  /** Of the account's server. */
  readonly check: AddressCheck;

  #network = $state.raw<NetworkView | null>(null);
  #autostart = $state.raw<Autostart | null>(null);
  #about = $state.raw<About | null>(null);
  #licences = $state.raw<string | null>(null);
  #report = $state.raw<string | null>(null);
  #errors = $state<Partial<Record<HostField, string | undefined>>>({});
  #busy = $state<Partial<Record<HostField, boolean>>>({});

  #backend: Backend;
  /** Changes of the network arrive in the order in which they were made. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(backend: Backend, say: (sentence: string) => void) {
    this.#backend = backend;
    this.check = new AddressCheck(backend, say);
  }

  /** None before it is known, as everything here. */
  get network(): NetworkView | null {
    return this.#network;
  }
  get autostart(): Autostart | null {
    return this.#autostart;
  }
  get about(): About | null {
    return this.#about;
  }
  get licences(): string | null {
    return this.#licences;
  }
  /** Where the diagnostics file is. */
  get report(): string | null {
    return this.#report;
  }

  /** What went wrong there the last time. */
  error(field: HostField): string | undefined {
    return this.#errors[field];
  }

  /** Whether something is under way there. */
  busy(field: HostField): boolean {
    return this.#busy[field] ?? false;
  }

  /** Tells what is wrong there, or that nothing is any more. */
  tell(field: HostField, sentence: string | undefined): void {
    this.#errors[field] = sentence;
  }

  /** Asks for all of it anew. */
  async load(): Promise<void> {
    await Promise.all([
      this.loadNetwork(),
      this.attempt("autostart", async () => (this.#autostart = await this.#call({ type: "autostart" }))),
      this.attempt("about", async () => (this.#about = await this.#call({ type: "about" }))),
    ]);
  }

  /** Asks for the way to the server anew. */
  async loadNetwork(): Promise<void> {
    await this.attempt("network", async () => (this.#network = await this.#call({ type: "network" })));
  }

  /** Does what a field asks for. Answers where it is told that it did not work; none when it did. */
  async attempt(field: HostField, action: () => Promise<unknown>): Promise<HostField | null> {
    this.#errors[field] = undefined;
    this.#busy[field] = true;
    try {
      await action();
      return null;
    } catch (thrown) {
      const { code, message } = failure(thrown);
      // Who has stopped it knows.
      if (code === "cancelled") return field;
      // A proxy that does not work may be found when the file is changed, and the other way round.
      const at = code === "invalidCaFile" ? "caFile" : code === "invalidProxy" && field === "caFile" ? "proxy" : field;
      this.#errors[at] = message;
      return at;
    } finally {
      this.#busy[field] = false;
    }
  }

  /** Changes one part of the way to the server; the others stay as they hold. */
  changeNetwork<Part extends keyof NetworkView>(part: Part, value: NetworkView[Part]): Promise<HostField | null> {
    return this.attempt(part, () => {
      const change = async () => {
        if (!this.#network) return;
        await this.#call({ type: "setNetwork", network: { ...this.#network, [part]: value } });
        // It comes back as it was understood, without its password.
        this.#network = await this.#call({ type: "network" });
      };
      const done = this.#last.then(change);
      this.#last = done.catch(() => {});
      return done;
    });
  }

  setAutostart(on: boolean): Promise<HostField | null> {
    return this.attempt("autostart", async () => {
      await this.#call({ type: "setAutostart", on });
      this.#autostart = await this.#call({ type: "autostart" });
    });
  }

  /** The licences, once. */
  async loadLicences(): Promise<void> {
    if (this.#licences !== null || this.busy("licences")) return;
    await this.attempt("licences", async () => (this.#licences = await this.#call({ type: "licences" })));
  }

  async diagnose(): Promise<void> {
    if (this.busy("diagnostics")) return;
    await this.attempt("diagnostics", async () => (this.#report = await this.#call({ type: "diagnostics" })));
  }

  /** Rebuilds the search index. Answers whether it is. */
  async reindex(): Promise<boolean> {
    if (this.busy("reindex")) return false;
    return (await this.attempt("reindex", () => this.#call({ type: "reindex" }))) === null;
  }

  startDemo(): Promise<HostField | null> {
    return this.attempt("demo", () => this.#call({ type: "startDemo" }));
  }

  /** Forgets what belongs to one visit. */
  reset(): void {
    this.check.reset();
    this.#errors = {};
    this.#report = null;
  }

  #call<Answer>(request: Request): Promise<Answer> {
    return this.#backend.call<Answer>(request);
  }
}
