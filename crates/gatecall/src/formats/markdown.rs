//! Markdown for a hand-over between agents: title, totals and one table for each day.

use std::io::Write;

use domain::desk::KindCount;
use domain::text::{ReportColumn, ReportPeriod, handover_column, handover_server, handover_sum, handover_title};
use domain::view::Notification;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::header::ReportHeader;

/// Markdown writer.
pub(super) struct Markdown<W: Write> {
    out: W,
    zone: TimeZone,
    headings: [String; ReportColumn::ALL.len()],
    day: Option<Date>,
}

impl<W: Write> Markdown<W> {
    pub fn begin(mut out: W, header: &ReportHeader, counts: &[KindCount]) -> anyhow::Result<Self> {
        let minute = |at: Timestamp| at.to_zoned_datetime(header.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        let span = (header.from.map(minute), header.to.map(minute));
        let span = match &span {
            (Some(from), Some(to)) => ReportPeriod::Between(from, to),
            (Some(from), None) => ReportPeriod::Since(from),
            (None, Some(to)) => ReportPeriod::Until(to),
            (None, None) => ReportPeriod::All,
        };
        let language = header.language;
        writeln!(out, "# {}\n", handover_title(span, language))?;
        if let Some(server) = &header.server {
            writeln!(out, "{}\n", handover_server(&escape(server), language))?;
        }
        writeln!(out, "{}", handover_sum(counts, language))?;
        let headings = ReportColumn::ALL.map(|column| handover_column(column, language));
        Ok(Self { out, zone: header.zone.clone(), headings, day: None })
    }

    pub fn row(&mut self, row: &Notification) -> anyhow::Result<()> {
        let at = row.received_at.to_zoned_datetime(self.zone.clone());
        if self.day != Some(at.date()) {
            self.day = Some(at.date());
            writeln!(self.out, "\n## {}\n", at.date())?;
            writeln!(self.out, "| {} |\n|{}", self.headings.join(" | "), " --- |".repeat(self.headings.len()))?;
        }
        let flight = row.flight_number.as_deref().unwrap_or_default();
        let booking = row.pnr.as_deref().or(row.booking_id.as_deref()).unwrap_or_default();
        let what = if row.body.is_empty() { row.title.clone() } else { format!("{}: {}", row.title, row.body) };
        let status = row.status.as_deref().unwrap_or_default();
        let [.., done] = &self.headings;
        let done = if row.done { done } else { "" };
        let cells = [&at.strftime("%H:%M:%S").to_string(), flight, booking, &what, status, done].map(escape);
        Ok(writeln!(self.out, "| {} |", cells.join(" | "))?)
    }

    pub fn finish(mut self) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }
}

/// Escapes Markdown in a table cell.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use domain::Language;
    use domain::event::EventKind;
    use serde_json::json;

    use super::*;

    fn row(at: &str, title: &str) -> Notification {
        serde_json::from_value(
            json!({ "id": 1, "channel": "booking:created", "kind": "bookingCreated", "receivedAt": at,
            "timestamp": null, "read": true, "done": title.contains('|'), "bookingId": "b-1", "pnr": "ABC123", "flightId": null,
            "flightNumber": "AA123", "origin": "JFK", "destination": "LAX", "status": "PENDING", "amount": null,
            "urgency": "normal", "title": title, "body": "JFK → LAX",
            "outcome": { "code": "popped", "reason": null, "text": "", "setting": null, "rule": null, "into": null } }),
        )
        .unwrap()
    }

    #[test]
    fn each_day_has_a_table_and_no_text_breaks_it() {
        let header = ReportHeader {
            from: Some("2026-03-01T06:00:00Z".parse().unwrap()),
            to: None,
            server: Some("https://fly.example/".to_owned()),
            zone: TimeZone::UTC,
            language: Language::En,
        };
        let counts =
            [KindCount { kind: EventKind::BookingCreated, count: 2 }, KindCount { kind: EventKind::Unknown, count: 1 }];
        let mut out = Vec::new();
        let mut text = Markdown::begin(&mut out, &header, &counts).unwrap();
        text.row(&row("2026-03-01T23:59:59Z", "Booking ABC123 created")).unwrap();
        text.row(&row("2026-03-02T00:00:00Z", "a|b\n*c*")).unwrap();
        text.finish().unwrap();
        let expected = "\
# Gatecall inbox: since 2026-03-01 06:00

Server: https://fly.example/

3 notifications (2 booked, 1 other).

## 2026-03-01

| Time | Flight | Booking | What | Status | Done |
| --- | --- | --- | --- | --- | --- |
| 23:59:59 | AA123 | ABC123 | Booking ABC123 created: JFK → LAX | PENDING |  |

## 2026-03-02

| Time | Flight | Booking | What | Status | Done |
| --- | --- | --- | --- | --- | --- |
| 00:00:00 | AA123 | ABC123 | a\\|b \\*c\\*: JFK → LAX | PENDING | Done |
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
