//! Header of an export.

use domain::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Period, source and locale of an export.
#[derive(Debug, Clone)]
pub struct ReportHeader {
    /// Only rows received at this time or later.
    pub from: Option<Timestamp>,
    /// Only rows received before this time.
    pub to: Option<Timestamp>,
    /// Address of the server.
    pub server: Option<String>,
    /// Time zone of the printed times.
    pub zone: TimeZone,
    /// Language of headings.
    pub language: Language,
}
