// This file is made from `domain::event`. Do not edit it.
import type { EventKind } from "./EventKind";

/** The kinds that a rule or a filter can name. */
export const EVENT_KINDS = ["bookingCreated", "bookingConfirmed", "bookingUpdated", "bookingCancelled", "flightStatus", "paymentCompleted"] as const satisfies EventKind[];
