//! Export of rows to a file in the downloads folder, as a long-running job.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use client::{AccountKey, CommandError, Engine, JobHandle, Store, StoreError};
use ipc::{ExportFormat, ExportResult};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::request_error::RequestError;
use crate::downloads::PartialFile;
use crate::exit;
use crate::formats::{self, Format, ReportHeader};

/// Exports the rows of a period to a new file in the folder. Continues when the caller stops waiting, for example because the
/// window is closed; shutdown cancels it.
pub async fn export(
    engine: &Engine,
    folder: PathBuf,
    format: ExportFormat,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<ExportResult, RequestError> {
    let header = {
        let snapshot = engine.snapshot();
        let now = snapshot.borrow();
        let server = now.account.as_ref().map(|account| account.server.clone());
        ReportHeader { from, to, server, zone: TimeZone::system(), language: now.language }
    };
    let engine = engine.clone();
    let task =
        tokio::spawn(async move { engine.export(move |inbox, job| write(inbox, &folder, format, &header, job)).await });
    match task.await.map_err(|_| CommandError::Ending)?? {
        Ok(Some(exported)) => Ok(exported),
        Ok(None) => Err(CommandError::Cancelled.into()),
        Err(error) => Err(match error.downcast::<StoreError>() {
            Ok(error) => error.into(),
            Err(error) => RequestError::File(exit::error_chain(&error)),
        }),
    }
}

fn write(
    inbox: Option<(&Store, AccountKey)>,
    folder: &Path,
    format: ExportFormat,
    header: &ReportHeader,
    job: JobHandle,
) -> anyhow::Result<Option<ExportResult>> {
    let (format, extension) = match format {
        ExportFormat::Json => (Format::Json, "json"),
        ExportFormat::Csv => (Format::Csv, "csv"),
        ExportFormat::Markdown => (Format::Markdown, "md"),
    };
    let now = Timestamp::now().to_zoned_datetime(header.zone.clone());
    let mut file = PartialFile::new(folder, &now.strftime("gatecall-%Y-%m-%d-%H%M").to_string(), extension)?;
    let Some(rows) = formats::write_rows(inbox, format, header, BufWriter::new(file.file()?), Some(job))? else {
        return Ok(None);
    };
    Ok(Some(ExportResult { path: file.finish()?.display().to_string(), rows }))
}
