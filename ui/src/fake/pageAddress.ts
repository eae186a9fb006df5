// What the page's address says beside the scenario, and the languages that only tests and pictures speak.
import type { Language } from "../bindings/Language";
import type { Theme } from "../bindings/Theme";
import { LANGUAGES, type LanguageInfo } from "../lib/i18n/languages";
import { type Scenario, scenario } from "./scenarios";

/** Polish has more plural forms than the window's languages; the others are English with accents, and that mirrored. */
export const TEST_LANGUAGES: Record<string, LanguageInfo> = {
  pl: { home: "pl-PL", direction: "ltr" },
  "en-XA": { home: "en-GB", direction: "ltr" },
  "ar-XB": { home: "en-GB", direction: "rtl" },
};
export const THEMES: Theme[] = ["system", "light", "dark"];

/**
 * The scenario of an address: `scenario`, `rows` (how many a desk has instead), `perSecond` (how many come), `language`,
 * `direction`, `theme`.
 */
export function scenarioOf(asked: URLSearchParams, now: number): Scenario {
  const found = scenario(asked.get("scenario"), now);
  const language = known(asked.get("language"));
  const direction = asked.get("direction");
  if (direction === "ltr" || direction === "rtl")
    LANGUAGES[language ?? found.system] = { ...LANGUAGES[language ?? found.system], direction };
  const theme = THEMES.find((each) => each === asked.get("theme")) ?? found.snapshot.look.theme;
  const look = { ...found.snapshot.look, theme };
  const rows = asked.get("rows");
  return {
    ...found,
    ...(rows === null ? {} : { items: [], below: Number(rows) }),
    ...(language ? { system: language } : {}),
    snapshot: { ...found.snapshot, ...(language ? { language } : {}), look },
    preferences: { ...found.preferences, look },
    perSecond: Number(asked.get("perSecond") ?? found.perSecond),
  };
}

/** A language that the page speaks; one for tests is taught to it first. */
function known(name: string | null): Language | null {
  const testLanguage = name === null ? undefined : TEST_LANGUAGES[name];
  if (testLanguage) Object.assign(LANGUAGES, { [name ?? ""]: { ...testLanguage } });
  return name !== null && Object.hasOwn(LANGUAGES, name) ? (name as Language) : null;
}
