//! CSV by RFC 4180, with a header row.

use std::io::Write;

use domain::outcome::OutcomeCode;
use domain::view::Notification;

/// Column names, in order.
const COLUMNS: [&str; 17] = [
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
    "done",
];

/// CSV writer.
pub(super) struct CsvTable<W: Write>(csv::Writer<W>);

impl<W: Write> CsvTable<W> {
    pub fn begin(out: W) -> anyhow::Result<Self> {
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_record(COLUMNS)?;
        Ok(Self(csv))
    }

    pub fn row(&mut self, row: &Notification) -> anyhow::Result<()> {
        Ok(self.0.write_record(cells(row))?)
    }

    pub fn finish(mut self) -> anyhow::Result<()> {
        Ok(self.0.flush()?)
    }
}

fn cells(row: &Notification) -> [String; COLUMNS.len()] {
    let text = |value: &Option<String>| escape_formula(value.as_deref().unwrap_or_default());
    [
        row.id.to_string(),
        escape_formula(&row.channel),
        enum_name(&row.kind),
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
        escape_formula(&row.title),
        enum_name::<OutcomeCode>(&row.outcome.code),
        row.done.to_string(),
    ]
}

/// Serialized name of an enum value.
fn enum_name<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Prefixes text that a spreadsheet would evaluate as a formula with an apostrophe, since it comes from a server.
fn escape_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_server_is_no_formula() {
        for (text, cell) in
            [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("AA123", "AA123"), ("", "")]
        {
            assert_eq!(escape_formula(text), cell);
        }
    }
}
