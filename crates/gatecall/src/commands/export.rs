//! `export`: the inbox on standard output, oldest first, in a file format.

use std::io::{self, BufWriter};

use client::{SettingsFile, Store};
use domain::Language;
use jiff::tz::TimeZone;

use super::inbox::open_inbox;
use crate::cli::ExportArgs;
use crate::formats::{self, ReportHeader};
use crate::profile::Profile;

/// Writes the rows.
pub fn export(profile: &Profile, args: &ExportArgs) -> anyhow::Result<()> {
    let account = SettingsFile::in_dir(&profile.config_dir).load()?.account;
    let header = ReportHeader {
        from: args.since,
        to: args.until,
        server: account.map(|account| account.server.to_string()),
        zone: TimeZone::system(),
        language: Language::En,
    };
    let inbox = open_inbox(profile, Store::open_read_only)?;
    let inbox = inbox.as_ref().map(|(store, account)| (store, *account));
    formats::write_rows(inbox, args.format, &header, BufWriter::new(io::stdout().lock()), None)?;
    Ok(())
}
