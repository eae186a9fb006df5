//! Rows into a file for a person, as something that takes long.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use client::{AccountKey, CommandError, Engine, JobHandle, Store, StoreError};
use ipc::{ExportFormat, ExportResult};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::refusal::Refusal;
use crate::downloads::Draft;
use crate::exit;
use crate::formats::{self, Format, Head};

/// Writes what came in this time into a new file of the folder. Goes on when nobody waits for it any more, as when the window
/// is closed; the end of the program ends it, too.
pub async fn export(
    engine: &Engine,
    folder: PathBuf,
    format: ExportFormat,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<ExportResult, Refusal> {
    let head = {
        let snapshot = engine.snapshot();
        let now = snapshot.borrow();
        let server = now.account.as_ref().map(|account| account.server.clone());
        Head { from, to, server, zone: TimeZone::system(), language: now.language }
    };
    let engine = engine.clone();
    let written = tokio::spawn(async move {
        engine.export(move |inbox, working| write(inbox, &folder, format, &head, working)).await
    });
    match written.await.map_err(|_| CommandError::Ending)?? {
        Ok(Some(exported)) => Ok(exported),
        Ok(None) => Err(CommandError::Cancelled.into()),
        Err(error) => Err(match error.downcast::<StoreError>() {
            Ok(error) => error.into(),
            Err(error) => Refusal::File(exit::sentence(&error)),
        }),
    }
}

fn write(
    inbox: Option<(&Store, AccountKey)>,
    folder: &Path,
    format: ExportFormat,
    head: &Head,
    working: JobHandle,
) -> anyhow::Result<Option<ExportResult>> {
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
    Ok(Some(ExportResult { path: draft.finish()?.display().to_string(), rows }))
}
