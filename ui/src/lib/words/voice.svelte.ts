// The language in force: what the page says, and how it writes times. Everything that reads it follows a change.
import type { Language } from "../../bindings/Language";
import { de } from "./de";
import { en, type Words } from "./en";
import { localeOf, preferred } from "./grammar";

const CATALOGUES: Record<Language, Words> = { en, de };

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

class Voice {
  /** Until the resident tells its own: the system's, as far as this page speaks it. */
  #language = $state<Language>(preferred()[0]?.startsWith("de") ? "de" : "en");
  #other = $state.raw<Words | null>(null);
  #formats = new Map<Language, Formats>();

  get language(): Language {
    return this.#language;
  }
  get words(): Words {
    return this.#other ?? CATALOGUES[this.#language];
  }
  get formats(): Formats {
    let known = this.#formats.get(this.#language);
    if (!known) this.#formats.set(this.#language, (known = formatsOf(this.#language)));
    return known;
  }
  /** Which way its script runs; both languages of today run the same way. */
  get direction(): "ltr" | "rtl" {
    return "ltr";
  }

  speak(language: Language): void {
    this.#language = language;
  }

  /** Another catalogue in place of the language's own, for tests. */
  use(words: Words | null): void {
    this.#other = words;
  }
}

export const voice = new Voice();
