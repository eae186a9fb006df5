//! Rendered text: titles and bodies of rows and toasts. The sentences themselves are in the catalogues of each
//! language.
//!
//! Separators that are added here (` · `, ` → `, commas, slashes) are punctuation, not words.

mod bursts;
mod departures;
mod failures;
mod link;
mod network;
mod offline;
mod problem;
mod report;
mod rows;
mod rulings;
mod toasts;

use crate::catalogue::messages as say;
use crate::locale::Language;
use crate::sanitize::{BODY_GRAPHEMES, TITLE_GRAPHEMES, line};
use crate::toast::ToastAction;

pub use bursts::burst;
pub use failures::{ActionFailure, InboxFault, ToastFault, failure, inbox_fault, start_failed, toast_fault};
pub use link::{MenuEntry, link, menu, tray_title};
pub use network::{NetworkProblem, ServerAdvice, server_problem, way_problem};
pub use offline::offline;
pub use problem::{CertificateFault, KeychainFault, Problem, Stage, problem};
pub use report::{ReportColumn, ReportPeriod, handover_column, handover_server, handover_sum, handover_title};
pub use rows::{render, unreadable};
pub use rulings::{outcome, ruling};
pub use toasts::{ToastContent, toast};

/// Title and body, sanitised and capped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub title: String,
    /// A second line; may be empty.
    pub body: String,
}

impl Text {
    pub(crate) fn new(title: &str, body: &str) -> Self {
        Self { title: line(title, TITLE_GRAPHEMES), body: line(body, BODY_GRAPHEMES) }
    }
}

/// What a toast says that is asked for in the settings, to see whether toasts come through.
pub fn test_toast(language: Language) -> Text {
    Text::new(&say::test_title(language), &say::test_body(language))
}

/// What a button on the toast of `thread` says.
pub fn button(action: ToastAction, thread: &str, language: Language) -> String {
    match action {
        ToastAction::Open => say::button_open(language),
        ToastAction::Snooze => say::button_snooze(language),
        ToastAction::Mute => say::button_mute(language, if is_flight(thread) { "flight" } else { "booking" }),
    }
}

fn is_flight(thread: &str) -> bool {
    thread.starts_with("flight:")
}

/// `IN_FLIGHT` → `in flight`: what is said of a state that the catalogue does not know.
fn words(status: &str) -> String {
    status.replace('_', " ").to_lowercase()
}

/// A state of a flight, a booking or a payment, in the middle of a sentence.
fn state(thing: &'static str, status: &str, language: Language) -> String {
    say::state(language, thing, status, &words(status))
}

/// A state of a flight as the beginning of something; an unknown one as it stands anywhere.
fn flight_state(status: &str, language: Language) -> String {
    let known = say::state(language, "flight", status, "");
    if known.is_empty() { words(status) } else { capitalised(&known) }
}

/// With a capital first letter.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Flight and way, as far as they are known: `AA123 JFK → LAX`.
fn route_label(number: Option<&str>, origin: Option<&str>, destination: Option<&str>) -> Option<String> {
    match (number, route(origin, destination)) {
        (Some(number), Some(route)) => Some(format!("{number} {route}")),
        (Some(number), None) => Some(number.to_owned()),
        (None, route) => route,
    }
}

fn route(origin: Option<&str>, destination: Option<&str>) -> Option<String> {
    Some(format!("{} → {}", origin?, destination?))
}

/// What stands between the parts of a body.
const BETWEEN: &str = " · ";

/// Parts of a body, the most important first: the end is what a long one loses.
fn join(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(BETWEEN)
}

#[cfg(test)]
mod tests;
