//! Markdown, for a hand-over between agents: what it is, what it comes to, and a table a day.

use std::io::Write;

use domain::desk::KindCount;
use domain::view::{Kind, Notification};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Head;

/// The text on its way out.
pub(super) struct Markdown<W: Write> {
    out: W,
    zone: TimeZone,
    day: Option<Date>,
}

impl<W: Write> Markdown<W> {
    pub fn begin(mut out: W, head: &Head, counts: &[KindCount]) -> anyhow::Result<Self> {
        let minute = |at: Timestamp| at.to_zoned_datetime(head.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        let span = match (head.from.map(minute), head.to.map(minute)) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("since {from}"),
            (None, Some(to)) => format!("until {to}"),
            (None, None) => "everything".to_owned(),
        };
        writeln!(out, "# Gatecall inbox: {span}\n")?;
        if let Some(server) = &head.server {
            writeln!(out, "Server: {}\n", plain(server))?;
        }
        let total: u32 = counts.iter().map(|kind| kind.count).sum();
        let kinds: Vec<_> = counts.iter().map(|kind| format!("{} {}", kind.count, word(kind.kind))).collect();
        let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
        writeln!(out, "{total} {}{kinds}.", if total == 1 { "notification" } else { "notifications" })?;
        Ok(Self { out, zone: head.zone.clone(), day: None })
    }

    pub fn row(&mut self, row: &Notification) -> anyhow::Result<()> {
        let at = row.received_at.to_zoned_datetime(self.zone.clone());
        if self.day != Some(at.date()) {
            self.day = Some(at.date());
            writeln!(self.out, "\n## {}\n", at.date())?;
            writeln!(self.out, "| Time | Flight | Booking | What | Status |\n| --- | --- | --- | --- | --- |")?;
        }
        let flight = row.flight_number.as_deref().unwrap_or_default();
        let booking = row.pnr.as_deref().or(row.booking_id.as_deref()).unwrap_or_default();
        let what = if row.body.is_empty() { row.title.clone() } else { format!("{}: {}", row.title, row.body) };
        let status = row.status.as_deref().unwrap_or_default();
        let cells = [&at.strftime("%H:%M:%S").to_string(), flight, booking, &what, status].map(plain);
        Ok(writeln!(self.out, "| {} |", cells.join(" | "))?)
    }

    pub fn finish(mut self) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }
}

/// Text in a line of a table that means nothing but itself.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' => plain.extend(['\\', c]),
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::BookingCreated => "booked",
        Kind::BookingConfirmed => "confirmed",
        Kind::BookingUpdated => "changed",
        Kind::BookingCancelled => "cancelled",
        Kind::FlightStatus => "flight changes",
        Kind::PaymentCompleted => "payments",
        Kind::Unknown => "other",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use domain::view::Notification;
    use serde_json::json;

    use super::*;

    fn row(at: &str, title: &str) -> Notification {
        serde_json::from_value(
            json!({ "id": 1, "channel": "booking:created", "kind": "bookingCreated", "receivedAt": at,
            "timestamp": null, "read": false, "bookingId": "b-1", "pnr": "ABC123", "flightId": null,
            "flightNumber": "AA123", "origin": "JFK", "destination": "LAX", "status": "PENDING", "amount": null,
            "urgency": "normal", "title": title, "body": "JFK → LAX",
            "outcome": { "code": "popped", "reason": null, "text": "", "setting": null, "rule": null, "into": null } }),
        )
        .unwrap()
    }

    #[test]
    fn each_day_has_a_table_and_no_text_breaks_it() {
        let head = Head {
            from: Some("2026-03-01T06:00:00Z".parse().unwrap()),
            to: None,
            server: Some("https://fly.example/".to_owned()),
            zone: TimeZone::UTC,
        };
        let counts = [KindCount { kind: Kind::BookingCreated, count: 2 }, KindCount { kind: Kind::Unknown, count: 1 }];
        let mut out = Vec::new();
        let mut text = Markdown::begin(&mut out, &head, &counts).unwrap();
        text.row(&row("2026-03-01T23:59:59Z", "Booking ABC123 created")).unwrap();
        text.row(&row("2026-03-02T00:00:00Z", "a|b\n*c*")).unwrap();
        text.finish().unwrap();
        let expected = "\
# Gatecall inbox: since 2026-03-01 06:00

Server: https://fly.example/

3 notifications (2 booked, 1 other).

## 2026-03-01

| Time | Flight | Booking | What | Status |
| --- | --- | --- | --- | --- |
| 23:59:59 | AA123 | ABC123 | Booking ABC123 created: JFK → LAX | PENDING |

## 2026-03-02

| Time | Flight | Booking | What | Status |
| --- | --- | --- | --- | --- |
| 00:00:00 | AA123 | ABC123 | a\\|b \\*c\\*: JFK → LAX | PENDING |
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
