//! The six events of the guide, as typed values.
//!
//! States are open sets (W6, W7): an unknown one is kept as it came.

use crate::money::Money;

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

impl Event {
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
