//! Words of the hand-over report.

use crate::catalogue::messages as say;
use crate::desk::KindCount;
use crate::event::EventKind;
use crate::locale::Language;

/// Of which time it is; moments as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportPeriod<'a> {
    /// Of all that is kept.
    All,
    /// From this moment on.
    Since(&'a str),
    /// Up to this moment.
    Until(&'a str),
    /// From the one to the other.
    Between(&'a str, &'a str),
}

/// The columns of its tables, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportColumn {
    /// When it came.
    Time,
    /// The flight's number.
    Flight,
    /// The booking's reference.
    Booking,
    /// Title and body.
    What,
    /// The state after it.
    Status,
    /// Whether somebody is done with it.
    Done,
}

impl ReportColumn {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Time, Self::Flight, Self::Booking, Self::What, Self::Status, Self::Done];
}

/// What stands above it.
pub fn handover_title(span: ReportPeriod<'_>, language: Language) -> String {
    match span {
        ReportPeriod::All => say::handover_title(language, "all", "", ""),
        ReportPeriod::Since(from) => say::handover_title(language, "since", from, ""),
        ReportPeriod::Until(to) => say::handover_title(language, "until", "", to),
        ReportPeriod::Between(from, to) => say::handover_title(language, "between", from, to),
    }
}

/// Where it comes from.
pub fn handover_server(server: &str, language: Language) -> String {
    say::handover_server(language, server)
}

/// What it comes to: `3 notifications (2 booked, 1 other).`
pub fn handover_sum(counts: &[KindCount], language: Language) -> String {
    let total = counts.iter().map(|kind| u64::from(kind.count)).sum();
    if total == 0 {
        return say::handover_nothing(language);
    }
    let kinds = counts.iter().map(|kind| say::handover_kind(language, EventKind::label(kind.kind), kind.count.into()));
    say::handover_sum(language, total, &kinds.collect::<Vec<_>>().join(", "))
}

/// The heading of a column.
pub fn handover_column(column: ReportColumn, language: Language) -> String {
    let name = match column {
        ReportColumn::Time => "time",
        ReportColumn::Flight => "flight",
        ReportColumn::Booking => "booking",
        ReportColumn::What => "what",
        ReportColumn::Status => "status",
        ReportColumn::Done => "done",
    };
    say::handover_column(language, name)
}
