// What keeps rows out of the list, each part of it with its name, its look, and the list without it.
import type { Criteria } from "../bindings/Criteria";
import type { Rule } from "../bindings/Rule";
import { EVERYTHING, isFiltered, OWN } from "./criteria";
import { KIND_STYLES, type Look } from "./rowStyle";
import { toneOf } from "./rule";
import { i18n } from "./i18n/i18n.svelte";

export interface Filter extends Look {
  label: string;
  without: Criteria;
}

/** What is filtered by, in the order of the panel; nothing where a switch beside the list says it already. */
export function filtersOf(criteria: Criteria, rules: Rule[]): Filter[] {
  if (!isFiltered(criteria)) return [];
  const { place, unread, kinds, flight, rule, room } = criteria;
  const words = i18n.messages;
  const found: Filter[] = [];
  if (place === "done")
    found.push({ label: words.done.name, icon: "box", tone: "calm", without: { ...criteria, place: "inbox" } });
  if (unread)
    found.push({ label: words.inbox.unread, icon: "mail", tone: "calm", without: { ...criteria, unread: false } });
  for (const kind of kinds) {
    found.push({
      label: words.kinds[kind],
      ...KIND_STYLES[kind],
      without: { ...criteria, kinds: kinds.filter((each) => each !== kind) },
    });
  }
  if (flight !== null)
    found.push({
      label: words.thread.flight(flight),
      icon: "plane",
      tone: "info",
      without: { ...criteria, flight: null },
    });
  if (rule !== null) {
    const known = rules.find(({ name }) => name === rule);
    found.push({
      label: words.row.rule(rule),
      icon: "flag",
      tone: known ? toneOf(known) : "calm",
      without: { ...criteria, rule: null },
    });
  }
  if (room !== null) {
    const label = room === OWN ? words.filters.own : words.filters.room(room);
    found.push({ label, icon: "door", tone: "calm", without: { ...criteria, room: null } });
  }
  return found;
}

/** The list without any of them; what is searched for stays. */
export function unfiltered({ text }: Criteria): Criteria {
  return { ...EVERYTHING, text };
}

/** A flight number as it is filtered by; none when nothing is given. */
export function flightOf(text: string): string | null {
  return text.replace(/\s+/g, "").toUpperCase() || null;
}
