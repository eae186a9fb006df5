//! Input and effects of the scheduler.

use std::time::Duration;

use crate::burst_summary::BurstSummary;
use crate::outcome::Ruling;
use crate::toast::{ToastStep, Urgency};
use crate::view::Notification;

/// A row that was decided about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToastEvent {
    /// The row.
    pub row: i64,
    /// Its booking or flight.
    pub thread: String,
    /// What happened.
    pub step: ToastStep,
    /// The name of its flight, such as `AA123`, or whatever else tells it from others.
    pub flight: Option<String>,
    /// The bookings that it hits.
    pub bookings: Vec<String>,
}

impl ToastEvent {
    /// What a row of the inbox says of itself.
    pub fn of(row: &Notification, thread: String) -> Self {
        Self {
            row: row.id,
            thread,
            step: ToastStep {
                kind: row.kind,
                from: None,
                status: row.status.clone(),
                amount: row.amount.clone(),
                at: row.timestamp.unwrap_or(row.received_at),
            },
            flight: row.flight_number.clone().or_else(|| row.flight_id.clone()),
            bookings: row.booking_id.iter().cloned().collect(),
        }
    }
}

/// What is to be done after a decision, or after some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToastEffect {
    /// Show this toast, or bring it up to date.
    Show(ThreadToast),
    /// Show the toast that tells of many, or bring it up to date.
    ShowBurst(Box<BurstToast>),
    /// Take the toast with this key off the screen.
    Withdraw(String),
    /// The ruling of this row has become another.
    Rule(i64, Ruling),
    /// The snooze of this thread is over: tell its latest state.
    Remind(String),
}

/// A toast to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadToast {
    /// Its thread.
    pub key: String,
    /// The latest row that it tells: the one that a click opens.
    pub row: i64,
    /// The rows that it tells and that were not told before.
    pub rows: Vec<i64>,
    /// Everything that it tells, the latest last.
    pub steps: Vec<ToastStep>,
    /// How loudly.
    pub urgency: Urgency,
    /// Whether it may ask for attention.
    pub alerts: bool,
    /// Bookings that the latest row hits.
    pub bookings: u64,
    /// Updates of the thread since its last toast that were not told.
    pub quiet_updates: u32,
}

/// The toast that tells of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurstToast {
    /// The toast whose place it takes.
    pub takes_over: Option<String>,
    /// The row that a click opens: the latest of the worst.
    pub row: i64,
    /// Rows that it tells and that were not told before.
    pub rows: Vec<i64>,
    /// What it comes to.
    pub sums: BurstSummary,
    /// How loudly.
    pub urgency: Urgency,
    /// Whether it may ask for attention.
    pub alerts: bool,
    /// How long it stays; `None` while it goes on.
    pub expires: Option<Duration>,
}
