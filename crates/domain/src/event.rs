//! The events of the contract: the table of their kinds, their statuses, and the typed values.
//!
//! Statuses are open sets (W6, W7): an unknown one is kept as it came.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::money::Money;

/// Statuses that a decision depends on. Servers may send others.
pub mod status {
    /// Of a booking.
    pub const PENDING: &str = "PENDING";
    /// Of a booking.
    pub const CONFIRMED: &str = "CONFIRMED";
    /// Of a booking or a flight.
    pub const CANCELLED: &str = "CANCELLED";
    /// Of a flight.
    pub const SCHEDULED: &str = "SCHEDULED";
    /// Of a flight.
    pub const DELAYED: &str = "DELAYED";
    /// Of a flight.
    pub const DEPARTED: &str = "DEPARTED";
    /// Of a flight.
    pub const IN_FLIGHT: &str = "IN_FLIGHT";
    /// Of a flight.
    pub const LANDED: &str = "LANDED";
    /// Of a payment.
    pub const SUCCEEDED: &str = "SUCCEEDED";
    /// Of a payment or a booking.
    pub const FAILED: &str = "FAILED";
    /// Of a payment.
    pub const REFUNDED: &str = "REFUNDED";
    /// Of a payment.
    pub const PARTIALLY_REFUNDED: &str = "PARTIALLY_REFUNDED";
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSubject {
    /// A booking.
    Booking,
    /// A flight.
    Flight,
    /// A payment for a booking.
    Payment,
}

/// Declares [`EventKind`] from a table: variant, Socket.IO event name, subject, severity in a digest, and the suffix of its
/// messages (`report-kind-…`).
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident: $channel:ident = $name:literal, $subject:ident, $severity:literal, $label:literal;)+) => {
        /// The Socket.IO names of the known events.
        pub mod channel {
            $($(#[doc = $doc])+ pub const $channel: &str = $name;)+
        }

        /// The kinds of rows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export)]
        pub enum EventKind {
            $($(#[doc = $doc])+ $kind,)+
            /// An event that this version does not know, or could not read.
            Unknown,
        }

        impl EventKind {
            /// The kinds that a rule or a filter can name: all that are known.
            pub const KNOWN: &[Self] = &[$(Self::$kind),+];

            /// The kind of a Socket.IO event.
            pub fn of_channel(name: &str) -> Self {
                match name {
                    $($name => Self::$kind,)+
                    _ => Self::Unknown,
                }
            }

            /// The name on the wire; `None` for what is not known.
            pub fn channel(self) -> Option<&'static str> {
                match self {
                    $(Self::$kind => Some($name),)+
                    Self::Unknown => None,
                }
            }

            /// What it is about; `None` for what is not known.
            pub fn subject(self) -> Option<EventSubject> {
                match self {
                    $(Self::$kind => Some(EventSubject::$subject),)+
                    Self::Unknown => None,
                }
            }

            /// How bad it is by itself, before its status is looked at: the worst stands first in a digest.
            pub fn severity(self) -> u8 {
                match self {
                    $(Self::$kind => $severity,)+
                    Self::Unknown => 0,
                }
            }

            /// The key of its label in the catalogues.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$kind => $label,)+
                    Self::Unknown => "others",
                }
            }
        }
    };
}

kinds! {
    /// `booking:created`
    BookingCreated: BOOKING_CREATED = "booking:created", Booking, 2, "booked";
    /// `booking:confirmed`
    BookingConfirmed: BOOKING_CONFIRMED = "booking:confirmed", Booking, 3, "confirmed";
    /// `booking:updated`
    BookingUpdated: BOOKING_UPDATED = "booking:updated", Booking, 4, "changed";
    /// `booking:cancelled`
    BookingCancelled: BOOKING_CANCELLED = "booking:cancelled", Booking, 8, "cancelled";
    /// `flight:status-changed`
    FlightStatus: FLIGHT_STATUS_CHANGED = "flight:status-changed", Flight, 1, "flights";
    /// `payment:completed`
    PaymentCompleted: PAYMENT_COMPLETED = "payment:completed", Payment, 2, "payments";
}

/// What happened to a booking, a flight or a payment. Fields that a server may leave out are optional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `booking:created`, `booking:confirmed`, `booking:updated`, `booking:cancelled`.
    Booking(BookingEvent),
    /// `flight:status-changed`.
    Flight(FlightEvent),
    /// `payment:completed`.
    Payment(PaymentEvent),
}

/// Which of the booking events it is: the name on the wire decides, never the envelope's `event` (W3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingChange {
    /// A new booking.
    Created,
    /// The airline has confirmed it.
    Confirmed,
    /// Something about it changed.
    Updated,
    /// It is cancelled.
    Cancelled,
}

/// A change of one booking. Only `created` carries flight, route, price and passengers (W5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingEvent {
    /// What happened.
    pub change: BookingChange,
    /// The booking's id.
    pub booking_id: String,
    /// The record locator.
    pub pnr: Option<String>,
    /// PENDING, CONFIRMED, CANCELLED, COMPLETED, FAILED or a newer one.
    pub status: Option<String>,
    /// Such as `AA123`.
    pub flight_number: Option<String>,
    /// Airport code.
    pub origin: Option<String>,
    /// Airport code.
    pub destination: Option<String>,
    /// The whole price.
    pub total: Option<Money>,
    /// Number of passengers.
    pub passengers: Option<u32>,
}

/// A change of a flight's status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlightEvent {
    /// The flight's id.
    pub flight_id: String,
    /// Such as `AA123`.
    pub flight_number: Option<String>,
    /// The status before.
    pub old_status: Option<String>,
    /// SCHEDULED, DELAYED, DEPARTED, IN_FLIGHT, LANDED, CANCELLED or a newer one.
    pub new_status: String,
    /// Bookings on this flight; may be empty or missing (W6).
    pub affected_bookings: Vec<String>,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentEvent {
    /// The booking paid for. The event says nothing else about it (W5).
    pub booking_id: String,
    /// The payment's id.
    pub payment_id: Option<String>,
    /// How much.
    pub amount: Option<Money>,
    /// PENDING, PROCESSING, SUCCEEDED, FAILED, REFUNDED, PARTIALLY_REFUNDED or a newer one.
    pub status: Option<String>,
}

impl BookingChange {
    /// The kind of its events.
    pub fn kind(self) -> EventKind {
        match self {
            Self::Created => EventKind::BookingCreated,
            Self::Confirmed => EventKind::BookingConfirmed,
            Self::Updated => EventKind::BookingUpdated,
            Self::Cancelled => EventKind::BookingCancelled,
        }
    }
}

impl Event {
    /// Its kind.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Booking(event) => event.change.kind(),
            Self::Flight(_) => EventKind::FlightStatus,
            Self::Payment(_) => EventKind::PaymentCompleted,
        }
    }

    /// The thread that the event belongs to: one booking or one flight.
    pub fn thread(&self) -> String {
        match self {
            Self::Booking(event) => booking_thread(&event.booking_id),
            Self::Payment(event) => booking_thread(&event.booking_id),
            Self::Flight(event) => format!("flight:{}", event.flight_id),
        }
    }

    /// The change of a flight that it is, if so.
    pub fn as_flight(&self) -> Option<&FlightEvent> {
        match self {
            Self::Flight(event) => Some(event),
            Self::Booking(_) | Self::Payment(_) => None,
        }
    }

    /// The booking it speaks of.
    pub fn booking_id(&self) -> Option<&str> {
        match self {
            Self::Booking(event) => Some(&event.booking_id),
            Self::Payment(event) => Some(&event.booking_id),
            Self::Flight(_) => None,
        }
    }
}

fn booking_thread(id: &str) -> String {
    format!("booking:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_channel() {
        for kind in EventKind::KNOWN {
            assert_eq!(EventKind::of_channel(kind.channel().expect("known")), *kind);
            assert!(kind.subject().is_some());
        }
        assert_eq!(EventKind::of_channel("seat:taken"), EventKind::Unknown);
    }

    /// As the tests that `ts-rs` makes for types: the list stands beside its type.
    #[test]
    fn export_bindings_event_kinds() {
        let kinds = serde_json::to_string(EventKind::KNOWN).expect("JSON").replace(',', ", ");
        let source = format!(
            "// This file is made from `domain::event`. Do not edit it.\nimport type {{ EventKind }} from \"./EventKind\";\n\n\
             /** The kinds that a rule or a filter can name. */\nexport const EVENT_KINDS = {kinds} as const satisfies \
             EventKind[];\n"
        );
        let folder = std::env::var("TS_RS_EXPORT_DIR").expect("set by .cargo/config.toml");
        std::fs::write(std::path::Path::new(&folder).join("eventKinds.ts"), source).expect("bindings");
    }
}
