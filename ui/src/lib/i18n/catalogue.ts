// The words of a language, from the catalogue that the build has made of its Fluent file.
import type { Messages } from "./messages";

/** Text, the place of an argument, or a choice by an argument; the variant for all else has no name. */
type Part = string | number | [by: number, variants: Record<string, Pattern>];
/** A message: text alone, or parts that make a function of it. */
export type Pattern = string | Part[];
export interface Catalogue {
  [name: string]: Pattern | Catalogue;
}

type Argument = string | number | boolean;

/** Messages as the page asks for them, with the numbers and plurals of the locale. */
export function messagesOf(catalogue: Catalogue, locale: string): Messages {
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const say = (pattern: Pattern, given: Argument[]): string =>
    typeof pattern === "string" ? pattern : pattern.map((part) => piece(part, given)).join("");
  const piece = (part: Part, given: Argument[]) => {
    if (typeof part === "string") return part;
    const value = given[typeof part === "number" ? part : part[0]] ?? "";
    const isNumber = typeof value === "number";
    if (typeof part === "number") return isNumber ? numbers.format(value) : value;
    const [, variants] = part;
    return say(variants[String(value)] ?? variants[isNumber ? plurals.select(value) : ""] ?? variants[""] ?? "", given);
  };
  const made = (from: Catalogue): object =>
    Object.fromEntries(
      Object.entries(from).map(([name, each]) => {
        if (typeof each === "string") return [name, each];
        return [name, Array.isArray(each) ? (...given: Argument[]) => say(each, given) : made(each)];
      }),
    );
  return made(catalogue) as Messages;
}
