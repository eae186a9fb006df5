// The language in force: what the page says, and how it writes times. Everything that reads it follows a change. Words
// are loaded for the one language that is spoken.
import type { Language } from "../../bindings/Language";
import { firstLanguage, LANGUAGES, languages, localeOf, remember } from "./languages";
import { type Catalogue, messagesOf } from "./catalogue";
import type { Messages } from "./messages";

/** Ready-made formats of one language. */
export interface Formats {
  clock: Intl.DateTimeFormat;
  full: Intl.DateTimeFormat;
  exact: Intl.DateTimeFormat;
  weekday: Intl.DateTimeFormat;
  dated: Intl.DateTimeFormat;
  number: Intl.NumberFormat;
}

function formatsOf(language: Language): Formats {
  const locale = localeOf(language);
  return {
    clock: new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" }),
    exact: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }),
    dated: new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }),
    number: new Intl.NumberFormat(locale),
  };
}

class I18n {
  #language = $state<Language>("en");
  /** None before `begin` is done, which is waited for before anything is shown. */
  #messages = $state.raw<Messages | null>(null);
  #override = $state.raw<Messages | null>(null);
  /** Asked for last; one that arrives after it is not taken. */
  #wanted: Language = "en";
  #formats = new Map<Language, Formats>();
  #known = new Map<Language, Messages>();
  #begun: Promise<void> | null = null;

  get language(): Language {
    return this.#language;
  }
  get messages(): Messages {
    return (this.#override ?? this.#messages) as Messages;
  }
  get formats(): Formats {
    let known = this.#formats.get(this.#language);
    if (!known) this.#formats.set(this.#language, (known = formatsOf(this.#language)));
    return known;
  }
  /** Which way its script runs. */
  get direction(): "ltr" | "rtl" {
    return LANGUAGES[this.#language].direction;
  }

  /** Loads what is most likely spoken, or another language where that fails. Rejects where there is none at all. */
  begin(): Promise<void> {
    return (this.#begun ??= this.#first());
  }

  /** Speaks the language, at once where its words are known; where they cannot be loaded, all stays as it is. */
  async setLanguage(language: Language): Promise<void> {
    this.#wanted = language;
    // Nothing waits here that need not: what follows in the same breath is said in the new language.
    if (!this.#known.has(language)) await this.#load(language).catch(() => {});
    if (this.#wanted === language) this.#take(language);
  }

  /** Takes the words of a language from who has them. */
  learn(language: Language, catalogue: Catalogue): void {
    this.#known.set(language, messagesOf(catalogue, localeOf(language)));
    if (!this.#messages) this.#take(language);
  }

  /** Another catalogue in place of the language's own, for tests. */
  use(words: Messages | null): void {
    this.#override = words;
  }

  async #first(): Promise<void> {
    const first = firstLanguage();
    this.#wanted = first;
    const others = languages().filter((each) => each !== first);
    await others.reduce((loaded, other) => loaded.catch(() => this.#load(other)), this.#load(first));
  }

  async #load(language: Language): Promise<void> {
    const answer = await fetch(`/words/${language}.json`);
    this.learn(language, (await answer.json()) as Catalogue);
  }

  #take(language: Language): void {
    const words = this.#known.get(language);
    // Each snapshot names the language, and hardly any another one.
    if (!words || words === this.#messages) return;
    this.#messages = words;
    this.#language = language;
    remember(language);
  }
}

export const i18n = new I18n();
