// The languages of the page. Adding one is its file in ui/words and its line here.
import type { Language } from "../../bindings/Language";

export interface LanguageInfo {
  /** How it writes numbers and times, where the system asks for no variant of it: that decides between 24 h and am/pm. */
  home: string;
  /** Which way its script runs. */
  direction: "ltr" | "rtl";
}

export const LANGUAGES: Record<Language, LanguageInfo> = {
  en: { home: "en-GB", direction: "ltr" },
  de: { home: "de-DE", direction: "ltr" },
};

export function languages(): Language[] {
  return Object.keys(LANGUAGES) as Language[];
}

/** The language as it calls itself. */
export function nameOf(language: Language): string {
  return new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
}

/** The locale of a language: the one that the system asks for, where it is of that language. */
export function localeOf(language: Language): string {
  return (
    preferred().find((locale) => locale === language || locale.startsWith(`${language}-`)) ?? LANGUAGES[language].home
  );
}

const KEY = "language";

/** The language to begin with, before the resident tells its own: the last one, else the system's. */
export function firstLanguage(): Language {
  const spoken = (wanted?: string | null) => languages().find((language) => language === wanted);
  return spoken(remembered()) ?? spoken(preferred()[0]?.split("-")[0]) ?? "en";
}

/** Keeps the language for the next start, which then loads no other first. */
export function remember(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // A page that may keep nothing guesses again.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The languages that the system asks for, the best first. */
function preferred(): readonly string[] {
  return typeof navigator === "undefined" ? [] : navigator.languages;
}
