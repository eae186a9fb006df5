//! `export`: the inbox for other programs and other people, oldest first, on standard output.

use std::io::{self, BufWriter};

use client::{SettingsFile, Store};
use domain::Language;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::inbox::open;
use crate::cli::Export;
use crate::formats::{self, Head};
use crate::profile::Profile;

/// Writes the rows.
pub fn export(profile: &Profile, export: &Export) -> anyhow::Result<()> {
    let account = SettingsFile::in_dir(&profile.config_dir).load()?.account;
    let head = Head {
        from: export.since,
        to: export.until,
        server: account.map(|account| account.server.to_string()),
        zone: TimeZone::system(),
        language: Language::En,
    };
    let inbox = open(profile, Store::open_read_only)?;
    let inbox = inbox.as_ref().map(|(store, account)| (store, *account));
    formats::write(inbox, export.format, &head, BufWriter::new(io::stdout().lock()), None)?;
    Ok(())
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
    fn a_moment_may_be_a_day() {
        assert_eq!(moment("2026-03-01T13:00:00Z").map(|at| at.to_string()), Ok("2026-03-01T13:00:00Z".to_owned()));
        let day = moment("2026-03-01").expect("a day").to_zoned_datetime(TimeZone::system());
        assert_eq!((day.date().to_string().as_str(), day.hour()), ("2026-03-01", 0));
        assert!(moment("yesterday").is_err());
    }
}
