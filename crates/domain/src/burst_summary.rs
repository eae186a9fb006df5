//! Summary of a burst of events.

use jiff::SignedDuration;

/// What a storm comes to so far. The numbers add up: every event is counted in exactly one of the first four fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BurstSummary {
    /// Bookings that were cancelled.
    pub bookings_cancelled: u64,
    /// Flights that were cancelled.
    pub flights_cancelled: u64,
    /// Flights that were delayed.
    pub flights_delayed: u64,
    /// Everything else that would have been told.
    pub others: u64,
    /// Bookings that are hit by any of it.
    pub bookings_hit: u64,
    /// Flights by the number of their events, most of them first: its name, and how many.
    pub flights: Vec<(String, u64)>,
    /// Flights that are not named above.
    pub more_flights: u64,
    /// From the first event to the last.
    pub lasted: SignedDuration,
    /// Nothing came for a while: this is the summary.
    pub is_over: bool,
}

impl BurstSummary {
    /// Everything that was told by it.
    pub fn events(&self) -> u64 {
        self.bookings_cancelled + self.flights_cancelled + self.flights_delayed + self.others
    }
}
