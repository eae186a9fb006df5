// The settings page: what the person prefers, the rule that is being edited, the test toast, this machine. Knows no DOM.
//
// The resident keeps the preferences; here is the latest of them that is known. A change shows at once and is sent at
// once, always as a whole; while one is on its way the newest waits, so that they arrive in the order they were made.
import type { Backend } from "../backend";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { Preferences } from "../bindings/Preferences";
import type { Rule } from "../bindings/Rule";
import { failure } from "../lib/failure";
import { type Draft, draftOf, emptyDraft, whole } from "../lib/rule";
import { HostSettings, type HostField } from "./host.svelte";
import { RuleEditor } from "./ruleEditor.svelte";
import { TestToast } from "./testToast.svelte";

/** The sections of the page, in their order. */
export const SECTIONS = [
  "account",
  "toasts",
  "sound",
  "quietHours",
  "rules",
  "appearance",
  "language",
  "history",
  "start",
  "network",
  "about",
] as const;
/** What others lead to: a section, or a part of the toasts. */
export type Section = (typeof SECTIONS)[number] | "say" | "test";

/** Changes preferences, at once and for good. Answers whether it worked. */
export type ChangePreferences = (change: (before: Preferences) => Preferences) => Promise<boolean>;

export class Settings {
  readonly test: TestToast;
  readonly host: HostSettings;

  #preferences = $state.raw<Preferences | null>(null);
  #error = $state.raw<ErrorBody | null>(null);
  #isOpen = $state(false);
  #editor = $state.raw<RuleEditor | null>(null);
  /** A fresh object for each wish, so that the same part can be wished for twice. */
  #scrollTarget = $state.raw<{ section: Section } | null>(null);

  #backend: Backend;
  /** What waits to be sent. */
  #next: Preferences | null = null;
  #sending: Promise<void> | null = null;

  constructor(backend: Backend, say: (sentence: string) => void) {
    this.#backend = backend;
    this.test = new TestToast(backend);
    this.host = new HostSettings(backend, say);
  }

  /** None before they are known. */
  get preferences(): Preferences | null {
    return this.#preferences;
  }
  /** Why they are not known. */
  get error(): ErrorBody | null {
    return this.#error;
  }
  get isOpen(): boolean {
    return this.#isOpen;
  }
  /** The rule that is being edited. */
  get editor(): RuleEditor | null {
    return this.#editor;
  }
  get scrollTarget(): { section: Section } | null {
    return this.#scrollTarget;
  }

  /** Asks what is preferred, unless a change of ours is on its way. */
  async load(): Promise<void> {
    try {
      const told = await this.#backend.call<Preferences>({ type: "preferences" });
      this.#error = null;
      if (!this.#sending) this.#preferences = { ...told, rules: told.rules.map(whole) };
    } catch (thrown) {
      this.#error = failure(thrown);
    }
  }

  /** Opens the page: at a section, or as it was left, which may be in the middle of a rule. */
  open(section: Section | null): void {
    this.#isOpen = true;
    if (section) this.#editor = null;
    this.#scrollTarget = section && { section };
    // Another window or the command line may have changed them.
    void this.load();
    void this.host.load();
  }

  /** Makes way for something else; a rule that is being edited waits. */
  hide(): void {
    this.#isOpen = false;
    this.#scrollTarget = null;
  }

  close(): void {
    this.hide();
    this.#editor = null;
    this.test.reset();
    this.host.reset();
  }

  /** Changes preferences. Rejects with an `ErrorBody`, and then shows what holds. */
  async change(change: (before: Preferences) => Preferences): Promise<void> {
    if (!this.#preferences) return;
    this.#preferences = this.#next = change(this.#preferences);
    this.#sending ??= this.#send().finally(() => (this.#sending = null));
    try {
      await this.#sending;
    } catch (thrown) {
      await this.load();
      throw failure(thrown);
    }
  }

  /** Changes preferences for a field, beside which it is told when that does not work. Answers whether it did. */
  async set(place: HostField, change: (before: Preferences) => Preferences): Promise<boolean> {
    return (await this.host.attempt(place, () => this.change(change))) === null;
  }

  /** Edits a rule: the one at this place, or a new one. */
  edit(place: number | null, draft?: Draft): void {
    const preferences = this.#preferences;
    const rule = place === null ? undefined : preferences?.rules[place];
    if (!preferences || (place !== null && !rule)) return;
    this.#isOpen = true;
    const from = draft ?? (rule ? draftOf(rule) : emptyDraft());
    this.#editor = new RuleEditor(this.#backend, preferences, place, from);
  }

  /** Goes on with a rule where it was left. */
  resume(editor: RuleEditor): void {
    this.#isOpen = true;
    this.#editor = editor;
  }

  /** Back to the page. */
  stopEditing(): void {
    this.#editor = null;
    this.#scrollTarget = { section: "rules" };
  }

  changeRules(change: (before: Rule[]) => Rule[]): Promise<void> {
    return this.change((before) => ({ ...before, rules: change(before.rules) }));
  }

  /** Forgets everything: another account, or none. */
  reset(): void {
    this.close();
    this.#preferences = null;
  }

  async #send(): Promise<void> {
    while (this.#next) {
      const preferences = this.#next;
      this.#next = null;
      await this.#backend.call<null>({ type: "setPreferences", preferences });
    }
  }
}
