// The situations that the in-memory backend can play: `?scenario=NAME`.
import type { Autostart } from "../bindings/Autostart";
import type { ConnectionState } from "../bindings/ConnectionState";
import type { Language } from "../bindings/Language";
import type { Notification } from "../bindings/Notification";
import type { Preferences } from "../bindings/Preferences";
import type { Rule } from "../bindings/Rule";
import type { SavedView } from "../bindings/SavedView";
import type { Snapshot } from "../bindings/Snapshot";
import type { TestToastResult } from "../bindings/TestToastResult";
import { EVERYTHING } from "../lib/criteria";
import { busy, type DeskScenario } from "./desk";
import { desk, DEUTSCH, JOURNEY, LONG, row, RULED, type FixtureEvent, TRAVELER } from "./fixtures";

export interface Scenario {
  snapshot: Omit<Snapshot, "unread" | "total">;
  /** Newest first. */
  items: Notification[];
  /** How many rows of a desk lie below them, with the ids from 1 up. */
  below: number;
  /** The resident is not there. */
  lineDown: boolean;
  /** The store gives no rows. */
  listFails: boolean;
  /** New rows a second. */
  perSecond: number;
  preferences: Preferences;
  autostart: Autostart;
  /** The disk takes no settings. */
  preferFails: boolean;
  /** The system's language. */
  system: Language;
  /** What becomes of a test toast: the desktop refuses it, or says nothing more of it. */
  toast: TestToastResult | "refused" | "silent";
  desk: DeskScenario;
  /** The row that comes as the nth. */
  make: (n: number, ago: number) => FixtureEvent;
  /** An export never ends by itself. */
  exportSticks: boolean;
}

export const SCENARIOS = [
  "traveler",
  "agent",
  "empty",
  "signin",
  "again",
  "offline",
  "waiting",
  "connecting",
  "paused",
  "error",
  "degraded",
  "away",
  "storm",
  "long",
  "rules",
  "deutsch",
  "refused",
  "expired",
  "silent",
  "readonly",
  "journey",
  "fixed",
  "waitingEmpty",
  "againEmpty",
  "demoFails",
  "views",
  "deskBusy",
  "deskQuiet",
  "deskRefused",
  "deskOffline",
  "catchingUp",
  "reindexing",
  "wiping",
  "exporting",
] as const;

type Name = (typeof SCENARIOS)[number];

/** The scenario of that name; an unknown name is the first one. */
export function scenario(name: string | null, now: number): Scenario {
  const known = SCENARIOS.find((each) => each === name) ?? "traveler";
  const base = traveler(now);
  return { ...base, ...changes(known, base, now) };
}

function changes(name: Name, base: Scenario, now: number): Partial<Scenario> {
  const connection = (state: ConnectionState) => ({ snapshot: { ...base.snapshot, connection: state } });
  switch (name) {
    case "traveler":
      return {};
    case "agent":
      return agent(base, now);
    case "empty":
      return { items: [] };
    case "signin":
      return {
        snapshot: {
          ...base.snapshot,
          account: null,
          connection: {
            state: "signInNeeded",
            reason: { code: "notSignedIn", message: "Sign in to hear about your flights and bookings." },
          },
        },
        items: [],
      };
    case "again":
      return connection({
        state: "signInNeeded",
        reason: { code: "tokenRefused", message: "The server no longer accepts the sign-in of this machine." },
      });
    case "offline":
      return { lineDown: true };
    case "waiting":
      return connection({
        state: "waiting",
        retryAt: new Date(now + 42_000).toISOString(),
        reason: { code: "unreachable", message: "fly.example does not answer. Is this machine online?" },
      });
    case "connecting":
      return connection({ state: "connecting", attempt: 3 });
    case "paused":
      return connection({ state: "paused" });
    case "error":
      return { listFails: true };
    case "degraded":
      return {
        snapshot: {
          ...base.snapshot,
          degraded: ["The keychain is locked: the sign-in is kept for this session only."],
        },
      };
    case "away":
      return {
        snapshot: {
          ...base.snapshot,
          digest: {
            gap: 1,
            title: "3 of your bookings changed",
            body: `Offline 22:14–06:47. ${base.items[2]?.title}; ${base.items[4]?.title}; 1 more. What changed and changed back is not known. Verified at 06:47.`,
            items: [base.items[2], base.items[4], base.items[1]].filter((item) => item !== undefined),
          },
        },
      };
    case "storm":
      return { ...agent(base, now), perSecond: 5 };
    case "long":
      return { items: rows(LONG, now), snapshot: { ...base.snapshot, demo: true } };
    case "rules":
      return { items: rows(RULED, now), preferences: PREFERRED };
    case "deutsch":
      return {
        items: rows(DEUTSCH, now),
        preferences: PREFERRED,
        snapshot: { ...base.snapshot, language: "de" },
        system: "de",
      };
    case "refused":
      return { toast: "refused" };
    case "expired":
      return { toast: "expired" };
    case "silent":
      return { toast: "silent" };
    case "journey":
      return { items: rows(JOURNEY, now) };
    case "views":
      return { items: rows(RULED, now), preferences: { ...PREFERRED, views: VIEWS } };
    case "deskBusy":
      return watching(base, now, 2_000, 0.045);
    case "deskQuiet":
      return { ...watching(base, now, 90, 16), desk: { usualAnHour: 4 } };
    case "deskRefused":
      return {
        ...watching(base, now, 12, 7, { rooms: [{ room: "admin", state: "refused" }] }),
        desk: { usualAnHour: null },
      };
    case "deskOffline": {
      const rooms: Snapshot["rooms"] = [{ room: "admin", state: "requested" }];
      const { snapshot } = changes("waiting", base, now);
      return watching(base, now, 2_000, 0.045, { rooms, ...(snapshot ? { connection: snapshot.connection } : {}) });
    }
    case "catchingUp":
      return { snapshot: { ...base.snapshot, jobs: [{ kind: "catchUp", done: 1_240, total: null }] } };
    case "reindexing":
      return watching(base, now, 2_000, 0.045, { jobs: [{ kind: "reindex", done: 61_000, total: 184_000 }] });
    case "wiping":
      return {
        items: [],
        ...also(changes("signin", base, now), { jobs: [{ kind: "wipe", done: 12_000, total: 40_000 }] }),
      };
    case "exporting":
      return { ...watching(base, now, 2_000, 0.045), exportSticks: true };
    case "readonly":
      return { preferFails: true, preferences: PREFERRED };
    case "fixed":
      return { autostart: "unsupported", snapshot: { ...base.snapshot, trayHost: false, canDemo: false } };
    case "waitingEmpty":
      return { ...changes("waiting", base, now), items: [] };
    case "againEmpty":
      return { ...changes("again", base, now), items: [] };
    case "demoFails":
      return { ...changes("signin", base, now), preferFails: true };
  }
}

const ANYTHING: Rule["when"] = { kinds: [], pnrs: [], flights: [], routes: [], statuses: [] };

/** Preferences of somebody who has made up their mind. */
export const PREFERRED: Preferences = {
  toasts: true,
  privacy: "full",
  quietHours: {
    from: "22:00:00",
    to: "06:30:00",
    days: ["monday", "tuesday", "wednesday", "thursday", "sunday"],
    except: "urgent",
  },
  rules: [
    { name: "Trip to LA", colour: "accent", when: { ...ANYTHING, flights: ["AA123"] }, then: "urgent" },
    {
      name: "Anything to Munich",
      colour: "teal",
      when: { ...ANYTHING, routes: [{ destination: "MUC" }] },
      then: "toast",
    },
    {
      name: "Small payments",
      enabled: false,
      colour: "warn",
      when: { ...ANYTHING, kinds: ["paymentCompleted"], amountAtLeast: "50" },
      then: "toast",
    },
    {
      name: "No departures",
      colour: "calm",
      when: { ...ANYTHING, kinds: ["flightStatus"], statuses: ["DEPARTED", "IN_FLIGHT"] },
      then: "silence",
    },
  ],
  language: null,
  look: { theme: "system", contrast: false },
  sound: "system",
  keepDays: null,
  views: [],
};

const VIEWS: SavedView[] = [
  { name: "My trip to Los Angeles", criteria: { ...EVERYTHING, flight: "AA123" }, grouped: false },
  {
    name: "Bad news",
    criteria: { ...EVERYTHING, kinds: ["flightStatus", "bookingCancelled"], unread: true },
    grouped: true,
  },
];

function traveler(now: number): Scenario {
  return {
    snapshot: {
      connection: { state: "online", since: new Date(now - 47 * 60_000).toISOString() },
      account: {
        email: "ada@example.com",
        server: "https://fly.example",
        authUrl: null,
        bookingUrl: null,
        role: "CUSTOMER",
      },
      rooms: [],
      trayHost: true,
      demo: false,
      language: "en",
      look: { theme: "system", contrast: false },
      canDemo: true,
      jobs: [],
      degraded: [],
    },
    items: rows(TRAVELER, now),
    below: 0,
    lineDown: false,
    listFails: false,
    perSecond: 0,
    preferences: { ...PREFERRED, quietHours: null, rules: [] },
    autostart: "off",
    preferFails: false,
    system: "en",
    toast: "clicked",
    desk: { usualAnHour: 1_100 },
    make: desk,
    exportSticks: false,
  };
}

function agent(base: Scenario, now: number): Partial<Scenario> {
  const told = Array.from({ length: 2_000 }, (_, index) => desk(2_000 - index, index * 1.7));
  return {
    snapshot: {
      ...base.snapshot,
      account: {
        email: "desk@airline.example",
        server: "https://ops.airline.example",
        authUrl: "https://sign-in.airline.example",
        bookingUrl: null,
        role: "ADMIN",
      },
      rooms: [{ room: "admin", state: "joined" }],
    },
    items: rows(told, now),
  };
}

/** A desk with so many rows, so many minutes apart. */
function watching(
  base: Scenario,
  now: number,
  many: number,
  apart: number,
  more: Partial<Scenario["snapshot"]> = {},
): Partial<Scenario> {
  // Not all minutes are alike.
  const ago = (index: number) =>
    Math.max(0.2, index * apart + 2 * apart * Math.sin(index / 3) + 0.8 * Math.sin(index / 97));
  const told = Array.from({ length: many }, (_, index) => busy(many - index, ago(index))).sort((a, b) => a.ago - b.ago);
  const desk = agent(base, now);
  return { ...desk, ...also(desk, more), items: rows(told, now), preferences: PREFERRED, make: busy };
}

function also({ snapshot }: Partial<Scenario>, more: Partial<Scenario["snapshot"]>): Partial<Scenario> {
  return snapshot ? { snapshot: { ...snapshot, ...more } } : {};
}

function rows(told: FixtureEvent[], now: number): Notification[] {
  return told.map((each, index) => row(told.length - index, each, now));
}
