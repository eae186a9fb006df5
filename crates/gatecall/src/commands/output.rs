//! Output of the commands on standard output.

use std::io::{self, Write};

use domain::view::Notification;
use jiff::tz::TimeZone;

use crate::exit::CliError;

/// Prints one line on standard output.
pub fn print_line(line: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(CliError::ReaderGone.into()),
        result => Ok(result?),
    }
}

/// Text form of a row; `*` marks unread rows.
pub fn format_row(row: &Notification) -> String {
    let mark = if row.read { ' ' } else { '*' };
    let time = row.received_at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let body = if row.body.is_empty() { String::new() } else { format!(" · {}", row.body) };
    format!("{mark} {id:>6}  {time}  {title}{body}", id = row.id, title = row.title)
}
