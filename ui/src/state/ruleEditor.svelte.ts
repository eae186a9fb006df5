// A rule on its way: its fields, what is wrong with them, and what it would have done with what came lately.
import type { Backend } from "../backend";
import type { BackTest } from "../bindings/BackTest";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { Preferences } from "../bindings/Preferences";
import { failure } from "../lib/failure";
import { type Draft, ruleOf, type FieldErrors, errorsOf } from "../lib/rule";

/** Over how many days rules are tried out. */
export const DAYS = 7;
/** After the last change, before it is tried out, in milliseconds. */
export const TRY_MS = 350;

export type BackTestState =
  | { state: "incomplete" | "running" }
  /** `before` is the number of toasts without the change, where it is known. */
  | { state: "done"; test: BackTest; before: number | null }
  | { state: "failed"; error: ErrorBody };

export class RuleEditor {
  /** Its place among the rules; none for a new one, which becomes the first. */
  readonly place: number | null;
  readonly draft: Draft;
  readonly errors: FieldErrors = $derived.by(() => errorsOf(this.draft, this.#others));
  readonly valid: boolean = $derived(Object.keys(this.errors).length === 0);

  #tried = $state.raw<BackTestState>({ state: "incomplete" });
  /** Whether everything that is wrong is shown, and not only what was touched. */
  #shown = $state(false);
  #touched = $state<Record<string, boolean>>({});

  #backend: Backend;
  #saved: Preferences;
  #others: string[];
  #first: string;
  #before: number | null = null;
  #generation = 0;

  constructor(backend: Backend, saved: Preferences, place: number | null, draft: Draft) {
    this.#backend = backend;
    this.#saved = saved;
    this.place = place;
    this.#first = JSON.stringify(draft);
    this.draft = $state(draft);
    this.#others = saved.rules.filter((_, index) => index !== place).map((rule) => rule.name);
  }

  /** Whether something would be lost without it. */
  get changed(): boolean {
    return JSON.stringify(this.draft) !== this.#first;
  }

  get tried(): BackTestState {
    return this.#tried;
  }

  /** The sentence for a field, once it is time to say it. */
  error(field: keyof FieldErrors): string | undefined {
    return this.#shown || this.#touched[field] ? this.errors[field] : undefined;
  }

  touch(field: keyof FieldErrors): void {
    this.#touched[field] = true;
  }

  /** Shows everything that is wrong; answers the first field that is. */
  complain(): keyof FieldErrors | undefined {
    this.#shown = true;
    return (Object.keys(this.errors) as (keyof FieldErrors)[])[0];
  }

  /** The preferences with the rule as it is in the fields. */
  edited(from: Preferences = this.#saved): Preferences {
    const rule = ruleOf(this.draft);
    const rules =
      this.place === null
        ? [rule, ...from.rules]
        : from.rules.map((each, index) => (index === this.place ? rule : each));
    return { ...from, rules };
  }

  /** Tries the rule out, some time after its last change. To be called with each. */
  async tryOut(waitMs: number = TRY_MS): Promise<void> {
    const generation = ++this.#generation;
    if (!this.valid) {
      this.#tried = { state: "incomplete" };
      return;
    }
    const preferences = this.edited();
    if (this.#tried.state !== "done") this.#tried = { state: "running" };
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (generation !== this.#generation) return;
    try {
      const test = await this.#run(preferences);
      if (generation !== this.#generation) return;
      this.#tried = { state: "done", test, before: this.#before };
      if (this.#before !== null) return;
      this.#before = (await this.#run(this.#saved)).popped;
      if (generation === this.#generation) this.#tried = { state: "done", test, before: this.#before };
    } catch (thrown) {
      if (generation === this.#generation) this.#tried = { state: "failed", error: failure(thrown) };
    }
  }

  #run(preferences: Preferences): Promise<BackTest> {
    return this.#backend.call<BackTest>({ type: "backTest", preferences, days: DAYS });
  }
}
