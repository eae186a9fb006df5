// Made-up rows for the in-memory backend.
import type { EventKind } from "../bindings/EventKind";
import type { Notification } from "../bindings/Notification";
import type { OutcomeCode } from "../bindings/OutcomeCode";
import type { Setting } from "../bindings/Setting";
import type { Urgency } from "../bindings/Urgency";
import { OWN } from "../lib/criteria";

/** What a row says; the rest follows from it. */
export interface FixtureEvent {
  kind: EventKind;
  /** Minutes before now. */
  ago: number;
  title: string;
  body?: string;
  status?: string;
  pnr?: string;
  flight?: [number: string, origin: string, destination: string];
  amount?: [value: string, currency: string];
  urgency?: Urgency;
  outcome?: [code: OutcomeCode, text: string];
  /** What would make it different; nothing with null. */
  setting?: Setting | null;
  rule?: string;
  /** How many rows below is the one whose toast took it in. */
  into?: number;
  repeats?: number;
  read?: boolean;
  /** The gap in which it was missed. */
  away?: number;
  /** Found by comparing states. */
  reconstructed?: boolean;
  /** By which it came; not known without. */
  rooms?: string[];
}

const CHANNELS: Record<EventKind, string> = {
  bookingCreated: "booking:created",
  bookingConfirmed: "booking:confirmed",
  bookingUpdated: "booking:updated",
  bookingCancelled: "booking:cancelled",
  flightStatus: "flight:status-changed",
  paymentCompleted: "payment:completed",
  unknown: "loyalty:points-expiring",
};

/** The row of `told`, with the given id. */
export function row(id: number, told: FixtureEvent, now: number): Notification {
  const received = new Date(now - told.ago * 60_000);
  const [flightNumber, origin, destination] = told.flight ?? [null, null, null];
  const bookingId = told.pnr ? `7f3c1b52-94aa-4c07-b1d9-${told.pnr.toLowerCase()}e0042d` : null;
  const flightId =
    told.kind === "flightStatus" ? `5b0e9d1c-2f6a-4d5e-8a11-${(flightNumber ?? "").toLowerCase()}7e31` : null;
  const thread = flightId ? `flight:${flightId}` : bookingId ? `booking:${bookingId}` : null;
  const setting = told.setting === undefined ? "rules" : told.setting;
  return {
    id,
    channel: CHANNELS[told.kind],
    kind: told.kind,
    receivedAt: received.toISOString(),
    timestamp: new Date(received.getTime() - 240).toISOString(),
    read: told.read ?? false,
    bookingId,
    pnr: told.pnr ?? null,
    flightId,
    flightNumber,
    origin,
    destination,
    status: told.status ?? null,
    amount: told.amount ? { value: told.amount[0], currency: told.amount[1] } : null,
    urgency: told.urgency ?? "normal",
    title: told.title,
    body: told.body ?? "",
    outcome: {
      code: told.outcome?.[0] ?? "popped",
      text: told.outcome?.[1] ?? "The status of your flight changed.",
      ...(setting ? { setting } : {}),
      ...(told.rule === undefined ? {} : { rule: told.rule }),
      ...(told.into === undefined ? {} : { into: id - told.into }),
    },
    ...(told.repeats === undefined ? {} : { repeats: told.repeats }),
    ...(thread ? { thread } : {}),
    ...(told.away === undefined ? {} : { away: told.away }),
    ...(told.reconstructed ? { reconstructed: true } : {}),
    ...(told.rooms ? { rooms: told.rooms } : {}),
  };
}

const LAX: [string, string, string] = ["AA123", "JFK", "LAX"];
const MUC: [string, string, string] = ["LH411", "JFK", "MUC"];
const LHR: [string, string, string] = ["BA178", "JFK", "LHR"];
const DAY = 24 * 60;

/** A traveler's three days, newest first. */
export const TRAVELER: FixtureEvent[] = [
  {
    kind: "flightStatus",
    ago: 0,
    title: "AA123 to LAX delayed",
    body: "Was scheduled · JFK → LAX",
    status: "DELAYED",
    flight: LAX,
    urgency: "critical",
    outcome: ["popped", "A delay less than 3 hours before departure."],
    repeats: 2,
  },
  {
    kind: "bookingConfirmed",
    ago: 4,
    title: "Booking KX4T9Q confirmed",
    body: "AA123 JFK → LAX",
    status: "CONFIRMED",
    pnr: "KX4T9Q",
    flight: LAX,
    outcome: ["merged", "Your booking was confirmed. Told by the toast that was there already."],
    into: 2,
  },
  {
    kind: "paymentCompleted",
    ago: 5,
    title: "Payment of 450.00 USD received",
    body: "Booking KX4T9Q · AA123 JFK → LAX",
    status: "SUCCEEDED",
    pnr: "KX4T9Q",
    flight: LAX,
    amount: ["450.00", "USD"],
    outcome: ["merged", "A payment was received. Told by the toast that was there already."],
    into: 1,
  },
  {
    kind: "bookingCreated",
    ago: 6,
    title: "Booking KX4T9Q created",
    body: "AA123 JFK → LAX · 2 passengers · 450.00 USD",
    status: "PENDING",
    pnr: "KX4T9Q",
    flight: LAX,
    amount: ["450.00", "USD"],
    outcome: ["popped", "A new booking of yours."],
    read: true,
  },
  {
    kind: "bookingUpdated",
    ago: 95,
    title: "Booking M2PD7A updated",
    body: "LH411 JFK → MUC",
    pnr: "M2PD7A",
    flight: MUC,
    urgency: "low",
    outcome: ["inboxOnly", "An update without a change of status stays in the inbox."],
    read: true,
  },
  {
    kind: "flightStatus",
    ago: DAY - 30,
    title: "BA178 to LHR landed",
    body: "Was in flight · JFK → LHR",
    status: "LANDED",
    flight: LHR,
    urgency: "low",
    read: true,
  },
  {
    kind: "flightStatus",
    ago: DAY + 7 * 60,
    title: "BA178 to LHR departed",
    body: "Was scheduled · JFK → LHR",
    status: "DEPARTED",
    flight: LHR,
    urgency: "low",
    outcome: ["inboxOnly", "You are on your way: no toast, unless one about the flight is still there."],
    read: true,
  },
  {
    kind: "bookingCancelled",
    ago: DAY + 8 * 60,
    title: "Booking R8WZ3C cancelled",
    body: "UA90 EWR → SFO",
    status: "CANCELLED",
    pnr: "R8WZ3C",
    flight: ["UA90", "EWR", "SFO"],
    urgency: "critical",
    outcome: ["popped", "A cancellation always reaches you."],
  },
  {
    kind: "paymentCompleted",
    ago: DAY + 8 * 60 + 2,
    title: "Payment of 212.40 EUR refunded",
    body: "Booking R8WZ3C · UA90 EWR → SFO",
    status: "REFUNDED",
    pnr: "R8WZ3C",
    flight: ["UA90", "EWR", "SFO"],
    amount: ["212.40", "EUR"],
    read: true,
  },
  {
    kind: "unknown",
    ago: 3 * DAY,
    title: "New kind of event: loyalty:points-expiring",
    body: "This version of Gatecall does not know it. It is kept as it came.",
    urgency: "low",
    outcome: ["inboxOnly", "This version of Gatecall cannot read the event, so it stays in the inbox."],
    setting: null,
    read: true,
  },
];

/** What rules, mutes and hours make of it: one row for each setting that can be changed. */
export const RULED: FixtureEvent[] = [
  {
    kind: "flightStatus",
    ago: 3,
    title: "AA123 to LAX delayed",
    body: "Was scheduled · JFK → LAX",
    status: "DELAYED",
    flight: LAX,
    urgency: "critical",
    outcome: ["popped", "Your rule “Trip to LA” asks for a toast."],
    rule: "Trip to LA",
  },
  {
    kind: "bookingUpdated",
    ago: 9,
    title: "Booking M2PD7A updated: confirmed",
    body: "LH411 JFK → MUC",
    status: "CONFIRMED",
    pnr: "M2PD7A",
    flight: MUC,
    outcome: ["silenced", "You muted this booking."],
    setting: "mute",
  },
  {
    kind: "flightStatus",
    ago: 21,
    title: "LH411 to MUC delayed",
    body: "JFK → MUC",
    status: "DELAYED",
    flight: MUC,
    outcome: ["silenced", "You snoozed this flight."],
    setting: "snooze",
  },
  {
    kind: "paymentCompleted",
    ago: 44,
    title: "Payment of 450.00 USD received",
    body: "Booking KX4T9Q · AA123 JFK → LAX",
    status: "SUCCEEDED",
    pnr: "KX4T9Q",
    flight: LAX,
    amount: ["450.00", "USD"],
    outcome: ["popped", "A payment was received."],
    repeats: 1,
  },
  {
    kind: "bookingConfirmed",
    ago: 61,
    title: "Booking KX4T9Q confirmed",
    body: "AA123 JFK → LAX",
    status: "CONFIRMED",
    pnr: "KX4T9Q",
    flight: LAX,
    outcome: ["inboxOnly", "The notification service of the desktop did not show the toast."],
    setting: "desktop",
    read: true,
  },
  {
    kind: "flightStatus",
    ago: 9 * 60,
    title: "BA178 to LHR departed",
    body: "Was scheduled · JFK → LHR",
    status: "DEPARTED",
    flight: LHR,
    urgency: "low",
    outcome: ["silenced", "Your rule “No departures” silences it."],
    rule: "No departures",
    read: true,
  },
  {
    kind: "bookingUpdated",
    ago: 10 * 60,
    title: "Booking R8WZ3C updated: pending",
    body: "UA90 EWR → SFO",
    status: "PENDING",
    pnr: "R8WZ3C",
    flight: ["UA90", "EWR", "SFO"],
    outcome: ["quietHours", "It came in your quiet hours."],
    setting: "quietHours",
    read: true,
  },
  ...TRAVELER.slice(5),
];

/** The same in German. */
export const DEUTSCH: FixtureEvent[] = [
  {
    kind: "flightStatus",
    ago: 3,
    title: "AA123 nach LAX verspätet",
    body: "Zuvor planmäßig · JFK → LAX",
    status: "DELAYED",
    flight: LAX,
    urgency: "critical",
    outcome: ["popped", "Ihre Regel „Trip to LA“ verlangt eine Meldung."],
    rule: "Trip to LA",
    repeats: 2,
  },
  {
    kind: "bookingConfirmed",
    ago: 6,
    title: "Buchung KX4T9Q bestätigt",
    body: "AA123 JFK → LAX",
    status: "CONFIRMED",
    pnr: "KX4T9Q",
    flight: LAX,
    outcome: ["merged", "Ihre Buchung wurde bestätigt. Gemeldet mit der Meldung, die schon da war."],
    into: 1,
  },
  {
    kind: "bookingCreated",
    ago: 7,
    title: "Buchung KX4T9Q angelegt",
    body: "AA123 JFK → LAX · 2 Fluggäste · 450,00 USD",
    status: "PENDING",
    pnr: "KX4T9Q",
    flight: LAX,
    amount: ["450.00", "USD"],
    outcome: ["popped", "Eine neue Buchung von Ihnen."],
    read: true,
  },
  {
    kind: "flightStatus",
    ago: DAY - 30,
    title: "BA178 nach LHR gelandet",
    body: "Zuvor in der Luft · JFK → LHR",
    status: "LANDED",
    flight: LHR,
    urgency: "low",
    outcome: ["silenced", "Sie haben diesen Flug stummgeschaltet."],
    setting: "mute",
    read: true,
  },
  {
    kind: "bookingCancelled",
    ago: DAY + 8 * 60,
    title: "Buchung R8WZ3C storniert",
    body: "UA90 EWR → SFO",
    status: "CANCELLED",
    pnr: "R8WZ3C",
    flight: ["UA90", "EWR", "SFO"],
    urgency: "critical",
    outcome: ["popped", "Eine Stornierung erreicht Sie immer."],
  },
];

const FRA: [string, string, string] = ["LH401", "JFK", "FRA"];
const missed: Partial<FixtureEvent> = {
  away: 1,
  outcome: ["digest", "It was missed while you were offline: told by one digest."],
  setting: null,
};

/** Flights and a booking with a history, with a night offline in it. */
export const JOURNEY: FixtureEvent[] = [
  {
    kind: "flightStatus",
    ago: 2,
    title: "LH401 to FRA departed",
    body: "Was delayed · JFK → FRA",
    status: "DEPARTED",
    flight: FRA,
    urgency: "low",
    outcome: ["merged", "Told by the toast about the flight that was there already."],
    into: 2,
  },
  {
    kind: "paymentCompleted",
    ago: 9,
    title: "Payment of 18.00 EUR received",
    body: "Booking M2PD7A · LH411 JFK → MUC",
    status: "SUCCEEDED",
    pnr: "M2PD7A",
    flight: MUC,
    amount: ["18.00", "EUR"],
    outcome: ["popped", "A payment was received."],
  },
  {
    kind: "flightStatus",
    ago: 71,
    title: "LH401 to FRA delayed",
    body: "Was scheduled · JFK → FRA",
    status: "DELAYED",
    flight: FRA,
    urgency: "critical",
    outcome: ["popped", "A delay less than 3 hours before departure."],
    repeats: 1,
  },
  {
    kind: "bookingConfirmed",
    ago: 96,
    title: "Booking M2PD7A confirmed",
    body: "LH411 JFK → MUC",
    status: "CONFIRMED",
    pnr: "M2PD7A",
    flight: MUC,
    outcome: ["merged", "Told by the toast that was there already."],
    into: 1,
    read: true,
  },
  {
    kind: "bookingCreated",
    ago: 97,
    title: "Booking M2PD7A created",
    body: "LH411 JFK → MUC · 2 passengers",
    status: "PENDING",
    pnr: "M2PD7A",
    flight: MUC,
    outcome: ["popped", "A new booking of yours."],
    read: true,
  },
  {
    kind: "flightStatus",
    ago: 190,
    title: "BA178 to LHR landed",
    body: "Was in flight · JFK → LHR",
    status: "LANDED",
    flight: LHR,
    urgency: "low",
    outcome: ["silenced", "You muted this flight."],
    setting: "mute",
    read: true,
  },
  {
    kind: "flightStatus",
    ago: 420,
    title: "LH401 to FRA back on schedule",
    body: "Was delayed · JFK → FRA",
    status: "SCHEDULED",
    flight: FRA,
    reconstructed: true,
    read: true,
    ...missed,
  },
  {
    kind: "flightStatus",
    ago: 500,
    title: "BA178 to LHR in flight",
    body: "JFK → LHR",
    status: "IN_FLIGHT",
    flight: LHR,
    urgency: "low",
    reconstructed: true,
    read: true,
    ...missed,
  },
  {
    kind: "flightStatus",
    ago: 590,
    title: "BA178 to LHR departed",
    body: "Was delayed · JFK → LHR",
    status: "DEPARTED",
    flight: LHR,
    urgency: "low",
    read: true,
    ...missed,
  },
  {
    kind: "flightStatus",
    ago: 700,
    title: "LH401 to FRA delayed",
    body: "Was scheduled · JFK → FRA",
    status: "DELAYED",
    flight: FRA,
    outcome: ["popped", "A delay on the day of departure."],
    read: true,
  },
  {
    kind: "flightStatus",
    ago: 830,
    title: "BA178 to LHR delayed",
    body: "Was scheduled · JFK → LHR",
    status: "DELAYED",
    flight: LHR,
    outcome: ["popped", "A delay on the day of departure."],
    read: true,
  },
  {
    kind: "flightStatus",
    ago: DAY + 200,
    title: "LH401 to FRA scheduled",
    body: "JFK → FRA",
    status: "SCHEDULED",
    flight: FRA,
    urgency: "low",
    outcome: ["inboxOnly", "Another state of a flight stays in the inbox."],
    read: true,
  },
  ...TRAVELER.slice(7),
];

/** Texts of the length that other languages bring, and some that try to look like markup. */
export const LONG: FixtureEvent[] = [
  {
    kind: "bookingConfirmed",
    ago: 12,
    title: "Buchung KX4T9Q wurde von der Fluggesellschaft unwiderruflich bestätigt, geändert …",
    body: "AA123 JFK → LAX · Sitzplatzreservierungsbestätigung wird nachgereicht, Gepäckaufgabeschalter öffnet frühzeitig",
    status: "PARTIALLY_REFUNDED",
    pnr: "KX4T9Q",
    flight: LAX,
    amount: ["12345678.901", "KWD"],
  },
  {
    kind: "flightStatus",
    ago: 14,
    title: "<img src=x onerror=alert(1)> Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    body: "<script>alert(1)</script>",
    status: "WARTET_AUF_ENTEISUNGSFREIGABE",
    flight: ["LH4110", "MUC", "FRA"],
    urgency: "critical",
  },
  ...TRAVELER.slice(1),
];

const AIRPORTS = ["JFK", "LAX", "MUC", "LHR", "SFO", "EWR", "CDG", "AMS", "FRA", "NRT"];

/** The nth row of an agent's desk: any number of them, always the same. */
export function desk(n: number, ago: number): FixtureEvent {
  const origin = AIRPORTS[n % AIRPORTS.length] ?? "JFK";
  const destination = AIRPORTS[(n * 7 + 3) % AIRPORTS.length] ?? "LAX";
  const number = `AA${100 + ((n * 37) % 800)}`;
  const pnr = ((n + 46_656) * 1_234_577).toString(36).toUpperCase().slice(-6).padStart(6, "A");
  const flight: [string, string, string] = [number, origin, destination === origin ? "BOS" : destination];
  const read = n % 5 !== 0;
  // One booking in twelve is the agent's own, and what is told to nobody else is too.
  const rooms = [...(n % 12 === 1 || n % 6 === 5 ? [OWN] : []), ...(n % 6 === 5 ? [] : ["admin"])];
  switch (n % 6) {
    case 0:
      return {
        kind: "bookingCancelled",
        ago,
        title: `Booking ${pnr} cancelled`,
        status: "CANCELLED",
        pnr,
        flight,
        read,
        rooms,
      };
    case 1:
      return {
        kind: "bookingCreated",
        ago,
        title: `Booking ${pnr} created`,
        status: "PENDING",
        pnr,
        flight,
        read,
        rooms,
      };
    case 2:
      return {
        kind: "flightStatus",
        ago,
        title: `${number} delayed`,
        status: "DELAYED",
        flight,
        body: "31 bookings on board",
        read,
        rooms,
      };
    case 3:
      return {
        kind: "bookingConfirmed",
        ago,
        title: `Booking ${pnr} confirmed`,
        status: "CONFIRMED",
        pnr,
        flight,
        read,
        rooms,
      };
    case 4:
      return { kind: "flightStatus", ago, title: `${number} landed`, status: "LANDED", flight, read, rooms };
    default:
      return { kind: "bookingUpdated", ago, title: `Booking ${pnr} updated`, pnr, flight, read, rooms };
  }
}
