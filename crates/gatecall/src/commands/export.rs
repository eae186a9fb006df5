//! `export`: the inbox for other programs, oldest first, on standard output.

use std::io::{self, BufWriter, Write};

use client::Store;
use domain::outcome::OutcomeCode;
use domain::view::Notification;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::inbox::open;
use crate::cli::{Export, Format};
use crate::profile::Profile;

/// The columns of CSV, in this order.
const COLUMNS: [&str; 16] = [
    "id",
    "channel",
    "kind",
    "received_at",
    "timestamp",
    "read",
    "pnr",
    "booking_id",
    "flight_number",
    "flight_id",
    "origin",
    "destination",
    "status",
    "amount",
    "title",
    "outcome",
];

/// Writes the rows.
pub fn export(profile: &Profile, export: &Export) -> anyhow::Result<()> {
    let from = export.since.unwrap_or(Timestamp::MIN);
    let to = export.until.unwrap_or(Timestamp::MAX);
    let Some((store, account)) = open(profile, Store::open_read_only)? else { return write_none(export.format) };
    let out = BufWriter::new(io::stdout().lock());
    match export.format {
        Format::Json => {
            let mut out = out;
            let mut separator = "[";
            store.export(account, from, to, |row| -> anyhow::Result<()> {
                write!(out, "{separator}\n{}", serde_json::to_string(&row)?)?;
                separator = ",";
                Ok(())
            })??;
            writeln!(out, "{}", if separator == "[" { "[]" } else { "\n]" })?;
            out.flush()?;
        }
        Format::Csv => {
            let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
            csv.write_record(COLUMNS)?;
            store.export(account, from, to, |row| csv.write_record(cells(&row)))??;
            csv.flush()?;
        }
    }
    Ok(())
}

fn write_none(format: Format) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "[]")?,
        Format::Csv => write!(out, "{}\r\n", COLUMNS.join(","))?,
    }
    Ok(())
}

fn cells(row: &Notification) -> [String; COLUMNS.len()] {
    let text = |value: &Option<String>| harmless(value.as_deref().unwrap_or_default());
    [
        row.id.to_string(),
        harmless(&row.channel),
        word(&row.kind),
        row.received_at.to_string(),
        row.timestamp.map(|at| at.to_string()).unwrap_or_default(),
        row.read.to_string(),
        text(&row.pnr),
        text(&row.booking_id),
        text(&row.flight_number),
        text(&row.flight_id),
        text(&row.origin),
        text(&row.destination),
        text(&row.status),
        row.amount.as_ref().map(ToString::to_string).unwrap_or_default(),
        harmless(&row.title),
        word::<OutcomeCode>(&row.outcome.code),
    ]
}

/// An enum's name, as it is everywhere outside.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Text that no spreadsheet takes for a formula: what a server sent must not run on an agent's desk.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// A moment as people type it: RFC 3339, or a day or a time of the own zone.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)));
    let local = local.map_err(|_| "try 2026-03-01, 2026-03-01T14:00 or 2026-03-01T13:00:00Z".to_owned())?;
    TimeZone::system().to_timestamp(local).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_sends_is_no_formula() {
        for (text, cell) in
            [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("AA123", "AA123"), ("", "")]
        {
            assert_eq!(harmless(text), cell);
        }
    }

    #[test]
    fn a_moment_may_be_a_day() {
        assert_eq!(moment("2026-03-01T13:00:00Z").map(|at| at.to_string()), Ok("2026-03-01T13:00:00Z".to_owned()));
        let day = moment("2026-03-01").expect("a day").to_zoned_datetime(TimeZone::system());
        assert_eq!((day.date().to_string().as_str(), day.hour()), ("2026-03-01", 0));
        assert!(moment("yesterday").is_err());
    }
}
