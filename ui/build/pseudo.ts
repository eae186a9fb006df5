// A language that nobody speaks, for tests: English with accents, in brackets, and as long as the longest of languages.
import type { Catalogue, Pattern } from "../src/lib/i18n/catalogue.ts";

const ACCENTS: Record<string, string> = Object.fromEntries(
  [..."ACDEINOUYaceinouy"].map((letter, index) => [letter, [..."ÅÇÐÉÎÑØÛÝåçéîñøûý"][index] ?? letter]),
);
/** How much longer a sentence may become. */
const MORE = 0.4;

export function pseudo(catalogue: Catalogue): Catalogue {
  const each = (value: Pattern | Catalogue): Pattern | Catalogue =>
    typeof value === "string" || Array.isArray(value) ? bracketed(value) : pseudo(value);
  return Object.fromEntries(Object.entries(catalogue).map(([name, value]) => [name, each(value)]));
}

function bracketed(pattern: Pattern): Pattern {
  const more = " ëxtrå".repeat(Math.ceil((lengthOf(pattern) * MORE) / 6)).slice(0, Math.ceil(lengthOf(pattern) * MORE));
  if (typeof pattern === "string") return `⟦${accented(pattern)}${more}⟧`;
  return ["⟦", ...deep(pattern), `${more}⟧`];
}

function deep(pattern: Exclude<Pattern, string>): Exclude<Pattern, string> {
  return pattern.map((part) => {
    if (typeof part === "string") return accented(part);
    if (typeof part === "number") return part;
    const [by, variants] = part;
    return [
      by,
      Object.fromEntries(
        Object.entries(variants).map(([key, value]) => [
          key,
          typeof value === "string" ? accented(value) : deep(value),
        ]),
      ),
    ];
  });
}

/** What stands between backticks is a command, the same in every language. */
function accented(text: string): string {
  return text
    .split("`")
    .map((piece, index) =>
      index % 2 === 1 ? piece : piece.replace(/[A-Za-z]/g, (letter) => ACCENTS[letter] ?? letter),
    )
    .join("`");
}

function lengthOf(pattern: Pattern): number {
  if (typeof pattern === "string") return pattern.length;
  const lengths = pattern.map((part) =>
    Array.isArray(part) ? Math.max(...Object.values(part[1]).map(lengthOf)) : String(part).length,
  );
  return lengths.reduce((sum, each) => sum + each, 0);
}
