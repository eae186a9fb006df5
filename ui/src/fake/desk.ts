// The desk of the in-memory backend, counted from its rows as the resident counts, and rows for a busy one.
import type { DeskFlight } from "../bindings/DeskFlight";
import type { DeskView } from "../bindings/DeskView";
import type { EventKind } from "../bindings/EventKind";
import type { Notification } from "../bindings/Notification";
import type { Rule } from "../bindings/Rule";
import type { WatchListCount } from "../bindings/WatchListCount";
import { whole } from "../lib/rule";
import { fits } from "./policy";
import { desk, type FixtureEvent } from "./fixtures";

const MINUTE_MS = 60_000;
const MINUTES = 60;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Flights on the desk at most. */
const FLIGHTS = 20;
/** The latest rows of which the lag is measured. */
const LATEST = 20;

/** What is not in the rows. */
export interface DeskScenario {
  usualAnHour: number | null;
}

/** How the desk looks, with rows newest first. */
export function deskView(
  rows: Iterable<Notification>,
  rules: Rule[],
  { usualAnHour }: DeskScenario,
  now: number,
): DeskView {
  const minutes = Array.from({ length: MINUTES }, () => 0);
  const kinds = new Map<EventKind, number>();
  const flights = new Map<string, DeskFlight>();
  const wholes = rules.map(whole);
  const watched: WatchListCount[] = rules.map(({ name }) => ({ rule: name, rows: 0, latestAt: null }));
  const lags: number[] = [];
  let lastEventAt: string | null = null;
  for (const item of rows) {
    const age = now - Date.parse(item.receivedAt);
    if (age > DAY_MS) break;
    lastEventAt ??= item.receivedAt;
    if (item.timestamp && lags.length < LATEST) lags.push(Date.parse(item.receivedAt) - Date.parse(item.timestamp));
    const minute = MINUTES - 1 - Math.floor(age / MINUTE_MS);
    if (minute >= 0) {
      minutes[minute] = (minutes[minute] ?? 0) + 1;
      kinds.set(item.kind, (kinds.get(item.kind) ?? 0) + 1);
    }
    if (item.kind === "flightStatus" && item.thread && !flights.has(item.thread))
      flights.set(item.thread, flight(item, item.thread));
    const rule = watched[wholes.findIndex(({ enabled, when }) => enabled !== false && fits(when, item))];
    if (rule) {
      rule.rows += 1;
      rule.latestAt ??= item.receivedAt;
    }
  }
  return {
    minutes,
    kinds: [...kinds].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
    usualAnHour,
    flights: [...flights.values()].sort((a, b) => b.bookings - a.bookings).slice(0, FLIGHTS),
    watched,
    lastEventAt,
    lagMs: lags.toSorted((a, b) => a - b)[Math.floor(lags.length / 2)] ?? null,
  };
}

function flight(
  { flightNumber, origin, destination, status, receivedAt, timestamp, body }: Notification,
  thread: string,
): DeskFlight {
  const bookings = Number(/^(\d+) bookings/.exec(body)?.[1] ?? 0);
  return { thread, flightNumber, origin, destination, status, bookings, at: timestamp ?? receivedAt };
}

/** The nth row of a busy desk: some flights are cancelled, and flights carry as many as they do. */
export function busy(n: number, ago: number): FixtureEvent {
  const told = desk(n, ago);
  const [number] = told.flight ?? [""];
  if (told.kind !== "flightStatus") return told;
  const body = `${3 + ((n * 37) % 109)} bookings on board`;
  if (n % 66 !== 2) return { ...told, body };
  const bookings = 118 + ((n * 37) % 97);
  return {
    ...told,
    title: `${number} cancelled`,
    status: "CANCELLED",
    urgency: "critical",
    body: `${bookings} bookings on board`,
  };
}
