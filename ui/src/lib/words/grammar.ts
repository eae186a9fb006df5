// What a language does with numbers. Pure; everything comes from Intl.
import type { Language } from "../../bindings/Language";

/** The person's own variant of a language decides between 24 h and am/pm. */
const HOME: Record<Language, string> = { en: "en-GB", de: "de-DE" };

/** The locale of a language: the one that the system asks for, where it is of that language. */
export function localeOf(language: Language, wanted: readonly string[] = preferred()): string {
  return wanted.find((locale) => locale === language || locale.startsWith(`${language}-`)) ?? HOME[language];
}

/** The languages that the system asks for, the best first. */
export function preferred(): readonly string[] {
  return typeof navigator === "undefined" ? [] : navigator.languages;
}

/** The forms of a message; `#` stands for the number. */
export type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

export interface Grammar {
  /** `1,234`. */
  number: (value: number) => string;
  /** The form that goes with the number. */
  plural: (value: number, forms: Forms) => string;
}

export function grammar(language: Language): Grammar {
  const locale = localeOf(language);
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return {
    number: (value) => numbers.format(value),
    plural: (value, forms) => (forms[rules.select(value)] ?? forms.other).replace("#", numbers.format(value)),
  };
}
