//! Rows into a file for a person, as something that takes long.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use client::{AccountKey, Engine, Store, StoreError, Working};
use ipc::{ErrorBody, ErrorCode, ExportFormat, Exported};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::downloads::Draft;
use crate::exit;
use crate::formats::{self, Format, Head};

/// Writes what came in this time into a new file of the folder.
pub async fn export(
    engine: &Engine,
    folder: PathBuf,
    format: ExportFormat,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<Exported, ErrorBody> {
    let server = engine.snapshot().borrow().account.as_ref().map(|account| account.server.clone());
    let head = Head { from, to, server, zone: TimeZone::system() };
    let written = engine.export(move |inbox, working| write(inbox, &folder, format, &head, working)).await;
    match written.map_err(exit::command_body)? {
        Ok(Some(exported)) => Ok(exported),
        Ok(None) => Err(exit::command_body(client::CommandError::Cancelled)),
        Err(error) => {
            let code = if error.is::<StoreError>() { ErrorCode::Store } else { ErrorCode::File };
            Err(ErrorBody { code, message: format!("The file could not be written: {}.", exit::sentence(&error)) })
        }
    }
}

fn write(
    inbox: Option<(&Store, AccountKey)>,
    folder: &Path,
    format: ExportFormat,
    head: &Head,
    working: Working,
) -> anyhow::Result<Option<Exported>> {
    let (format, extension) = match format {
        ExportFormat::Json => (Format::Json, "json"),
        ExportFormat::Csv => (Format::Csv, "csv"),
        ExportFormat::Markdown => (Format::Markdown, "md"),
    };
    let now = Timestamp::now().to_zoned_datetime(head.zone.clone());
    let mut draft = Draft::new(folder, &now.strftime("gatecall-%Y-%m-%d-%H%M").to_string(), extension)?;
    let Some(rows) = formats::write(inbox, format, head, BufWriter::new(draft.file()?), Some(working))? else {
        return Ok(None);
    };
    Ok(Some(Exported { path: draft.finish()?.display().to_string(), rows }))
}
