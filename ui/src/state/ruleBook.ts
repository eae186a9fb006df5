// What is done with rules: saved, deleted, moved, tried out; each is said, and a deleted one can come back.
import { i18n } from "../lib/i18n/i18n.svelte";
import type { Feedback } from "./feedback.svelte";
import type { Settings } from "./settings.svelte";
import type { UndoStack } from "./undo.svelte";

export class RuleBook {
  #settings: Settings;
  #undoStack: UndoStack;
  #feedback: Feedback;

  constructor(settings: Settings, undoStack: UndoStack, feedback: Feedback) {
    this.#settings = settings;
    this.#undoStack = undoStack;
    this.#feedback = feedback;
  }

  /** Saves the rule that is being edited; answers the first field that is wrong instead. */
  async save(): Promise<string | undefined> {
    const { editor } = this.#settings;
    if (!editor) return undefined;
    if (!editor.valid) return editor.complain();
    const name = editor.draft.name.trim();
    if (await this.#feedback.attempt(() => this.#settings.change((before) => editor.edited(before)))) {
      this.#settings.stopEditing();
      this.#feedback.say(i18n.messages.rules.saved(name));
    }
    return undefined;
  }

  /** Leaves the rule as it was; what was typed can be brought back. */
  cancel(): void {
    const { editor } = this.#settings;
    this.#settings.stopEditing();
    if (!editor?.changed) return;
    const label = i18n.messages.rules.discarded;
    this.#undoStack.offer(label, async () => this.#settings.resume(editor));
    this.#feedback.say(label);
  }

  /** Tries the rule out that is being edited, and says what came of it. */
  async tryOut(): Promise<void> {
    const { editor } = this.#settings;
    await editor?.tryOut();
    if (!editor || editor !== this.#settings.editor || editor.tried.state !== "done") return;
    const { popped, days } = editor.tried.test;
    this.#feedback.say(i18n.messages.backTest.toasts(popped, days));
  }

  async delete(place: number): Promise<void> {
    const rule = this.#settings.preferences?.rules[place];
    if (!rule) return;
    const without = () => this.#settings.changeRules((rules) => rules.filter((_, index) => index !== place));
    if (!(await this.#feedback.attempt(without))) return;
    const label = i18n.messages.rules.removed(rule.name);
    this.#undoStack.offer(label, () => this.#settings.changeRules((rules) => rules.toSpliced(place, 0, rule)));
    this.#feedback.say(label);
  }

  /** Moves a rule one place up (-1) or down (1). Answers whether it moved. */
  async move(place: number, by: -1 | 1): Promise<boolean> {
    const rules = this.#settings.preferences?.rules ?? [];
    const rule = rules[place];
    const to = place + by;
    if (!rule || to < 0 || to >= rules.length) return false;
    const done = await this.#feedback.attempt(() =>
      this.#settings.changeRules((before) => before.toSpliced(place, 1).toSpliced(to, 0, rule)),
    );
    if (done) this.#feedback.say(i18n.messages.rules.moved(rule.name, to + 1));
    return done;
  }
}
