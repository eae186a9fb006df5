// A rule while it is edited: the fields, what is wrong with them, and the rule that they make.
import { EVENT_KINDS } from "../bindings/eventKinds";
import type { EventKind } from "../bindings/EventKind";
import type { RuleCondition } from "../bindings/RuleCondition";
import type { Notification } from "../bindings/Notification";
import type { Route } from "../bindings/Route";
import type { Rule } from "../bindings/Rule";
import type { RuleAction } from "../bindings/RuleAction";
import { statusLabel, TONES, type Tone } from "./rowStyle";
import { i18n } from "./i18n/i18n.svelte";

/** The states that a rule is offered; it may hold others. */
export const STATUSES = [
  "SCHEDULED",
  "DELAYED",
  "DEPARTED",
  "IN_FLIGHT",
  "LANDED",
  "CANCELLED",
  "PENDING",
  "CONFIRMED",
  "COMPLETED",
  "PROCESSING",
  "SUCCEEDED",
  "FAILED",
  "REFUNDED",
  "PARTIALLY_REFUNDED",
];

/** Stands for any airport. */
const ANY = "*";

export interface Ends {
  origin: string;
  destination: string;
}

/** What stands in the fields. */
export interface Draft {
  name: string;
  enabled: boolean;
  colour: Tone;
  kinds: EventKind[];
  pnrs: string;
  flights: string;
  routes: Ends[];
  statuses: string[];
  amount: string;
  then: RuleAction;
}

/** The fields that something can be wrong with; a route by its place. */
export type Field = "name" | "when" | "pnrs" | "flights" | "amount" | `route${number}`;
export type FieldErrors = Partial<Record<Field, string>>;

/** A rule as it comes over the line, where lists that are empty are left out. */
export function whole(rule: Rule): Rule {
  const {
    kinds = [],
    pnrs = [],
    flights = [],
    routes = [],
    statuses = [],
    ...rest
  }: Partial<RuleCondition> = rule.when;
  return { ...rule, when: { kinds, pnrs, flights, routes, statuses, ...rest } };
}

/** The colour of a rule's rows. */
export function toneOf(rule: Rule): Tone {
  return TONES.find((tone) => tone === rule.colour) ?? "accent";
}

export function emptyDraft(): Draft {
  return {
    name: "",
    enabled: true,
    colour: "accent",
    kinds: [],
    pnrs: "",
    flights: "",
    routes: [],
    statuses: [],
    amount: "",
    then: "toast",
  };
}

/** The fields of a rule. */
export function draftOf(rule: Rule): Draft {
  return {
    name: rule.name,
    enabled: rule.enabled ?? true,
    colour: toneOf(rule),
    kinds: [...rule.when.kinds],
    pnrs: rule.when.pnrs.join(", "),
    flights: rule.when.flights.join(", "),
    routes: rule.when.routes.map((route) => ({ origin: route.origin ?? ANY, destination: route.destination ?? ANY })),
    statuses: [...rule.when.statuses],
    amount: rule.when.amountAtLeast ?? "",
    then: rule.then,
  };
}

/** A rule for rows like this one. */
export function draftFor(item: Notification, then: RuleAction): Draft {
  const kind = EVENT_KINDS.find((each) => each === item.kind);
  // A booking is what its events are about; of a flight's events it is the flight.
  const pnr = item.kind === "flightStatus" ? null : item.pnr;
  const flight = pnr ? null : item.flightNumber;
  const about = pnr ?? flight;
  const what = i18n.messages.kinds[item.kind];
  return {
    ...emptyDraft(),
    name: about ? `${about}: ${what}` : what,
    colour: then === "silence" ? "calm" : "accent",
    kinds: kind ? [kind] : [],
    pnrs: pnr ?? "",
    flights: flight ?? "",
    then,
  };
}

/** The rule of the fields; to be asked for only while nothing is wrong with them. */
export function ruleOf(draft: Draft): Rule {
  const amount = amountOf(draft.amount);
  return {
    name: draft.name.trim(),
    ...(draft.enabled ? {} : { enabled: false }),
    colour: draft.colour,
    when: {
      kinds: EVENT_KINDS.filter((kind) => draft.kinds.includes(kind)),
      pnrs: codes(draft.pnrs),
      flights: codes(draft.flights),
      routes: routesOf(draft.routes),
      statuses: [...draft.statuses],
      ...(amount ? { amountAtLeast: amount } : {}),
    },
    then: draft.then,
  };
}

/** What is wrong with the fields, each sentence for its field. `others` are the names of the other rules. */
export function errorsOf(draft: Draft, others: string[]): FieldErrors {
  const words = i18n.messages.rule;
  const errors: FieldErrors = {};
  const name = draft.name.trim();
  if (!name) errors.name = words.noName;
  else if (others.some((other) => other.trim() === name)) errors.name = words.sameName;

  const badPnr = codes(draft.pnrs).find((code) => !/^[A-Z0-9]{3,12}$/.test(code));
  if (badPnr !== undefined) errors.pnrs = words.badPnr(badPnr);
  const badFlight = codes(draft.flights).find((code) => !/^[A-Z0-9]{2,3}\d{1,4}[A-Z]?$/.test(code));
  if (badFlight !== undefined) errors.flights = words.badFlight(badFlight);
  if (draft.amount.trim() && amountOf(draft.amount) === null) errors.amount = words.badAmount;
  draft.routes.forEach((ends, index) => {
    const sentence = routeError(ends);
    if (sentence) errors[`route${index}`] = sentence;
  });

  const empty =
    draft.kinds.length + draft.statuses.length === 0 &&
    ![draft.pnrs, draft.flights, draft.amount, ...draft.routes.flatMap((ends) => [ends.origin, ends.destination])].some(
      (text) => text.trim(),
    );
  if (empty) errors.when = words.noTrait;
  return errors;
}

function routeError(ends: Ends): string | null {
  const words = i18n.messages.rule;
  const [origin, destination] = [normalizeCode(ends.origin), normalizeCode(ends.destination)];
  if (!origin && !destination) return null;
  if (!origin || !destination) return words.halfRoute;
  const bad = [origin, destination].find((code) => code !== ANY && !/^[A-Z]{3}$/.test(code));
  if (bad !== undefined) return words.badAirport(bad);
  return origin === ANY && destination === ANY ? words.anyRoute : null;
}

/** `AA 123, lh411` → `AA123`, `LH411`. */
function codes(text: string): string[] {
  const all = text.split(/[,;\n]/).map(normalizeCode);
  return [...new Set(all.filter((code) => code !== ""))];
}

function normalizeCode(text: string): string {
  return text.replace(/\s+/g, "").toUpperCase();
}

function routesOf(routes: Ends[]): Route[] {
  return routes
    .filter((ends) => normalizeCode(ends.origin) !== "" && normalizeCode(ends.destination) !== "")
    .map((ends) => {
      const [origin, destination] = [normalizeCode(ends.origin), normalizeCode(ends.destination)];
      return { ...(origin === ANY ? {} : { origin }), ...(destination === ANY ? {} : { destination }) };
    });
}

/**
 * The amount as the resident reads it. A mark before two digits at most is taken for a decimal one; anything else might
 * stand between thousands, and is not guessed at.
 */
function amountOf(text: string): string | null {
  const digits = text.trim();
  return /^\d{1,12}([.,]\d{1,2})?$/.test(digits) ? digits.replace(",", ".") : null;
}

/** What a rule fits, in a line. */
export function ruleWords(rule: Rule): string {
  const words = i18n.messages.rules;
  const { when } = rule;
  const routes = when.routes.map(({ origin, destination }) => {
    if (origin && destination) return words.route(origin, destination);
    return origin ? words.from(origin) : words.toward(destination ?? "");
  });
  const groups = [
    when.kinds.map((kind) => i18n.messages.kinds[kind]),
    when.pnrs,
    when.flights,
    routes,
    when.statuses.map(statusLabel),
    when.amountAtLeast === undefined ? [] : [words.least(when.amountAtLeast)],
  ];
  const parts = groups
    .filter((group) => group.length > 0)
    .map((group) => group.reduce((one, other) => words.or(one, other)));
  return parts.length > 0 ? parts.join(" · ") : words.everything;
}
