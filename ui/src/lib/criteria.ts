// Which rows are wanted, and whether a row is one of them.
import type { Criteria } from "../bindings/Criteria";
import type { Notification } from "../bindings/Notification";

/** The inbox, all of it. */
export const EVERYTHING: Criteria = {
  place: "inbox",
  unread: false,
  kinds: [],
  flight: null,
  rule: null,
  room: null,
  text: "",
};

/** The room of the person's own events, as rows and criteria name it. */
export const OWN = "user:";

export function same(a: Criteria, b: Criteria): boolean {
  return (
    a.place === b.place &&
    a.unread === b.unread &&
    a.flight === b.flight &&
    a.rule === b.rule &&
    a.room === b.room &&
    a.text === b.text &&
    [...a.kinds].sort().join() === [...b.kinds].sort().join()
  );
}

/** Whether something is listed that neither All nor Unread would show. */
export function isFiltered({ place, kinds, flight, rule, room }: Criteria): boolean {
  return place === "done" || kinds.length > 0 || flight !== null || rule !== null || room !== null;
}

/** Whether a row is wanted, as far as it can be told without the store: what is searched for is left aside. */
export function fits({ place, unread, kinds, flight, rule, room }: Criteria, item: Notification): boolean {
  return (
    (item.done ?? false) === (place === "done") &&
    !(unread && item.read) &&
    (kinds.length === 0 || kinds.includes(item.kind)) &&
    (flight === null || flight.toUpperCase() === item.flightNumber?.toUpperCase()) &&
    (rule === null || rule === item.outcome.rule) &&
    (room === null || (item.rooms?.includes(room) ?? true))
  );
}
