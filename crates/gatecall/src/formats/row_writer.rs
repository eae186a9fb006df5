//! Writes rows in a file format, oldest first.

use std::io::Write;

use client::{AccountKey, JobHandle, Store};
use domain::desk::KindCount;
use domain::view::Notification;
use jiff::Timestamp;

use super::csv_table::CsvTable;
use super::header::ReportHeader;
use super::markdown::Markdown;
use crate::cli::Format;

/// Writes the rows of the period, including those that are done. Returns their number, or `None` when `job` was cancelled.
///
/// # Errors
/// The inbox cannot be read, or `out` cannot be written.
pub fn write_rows(
    inbox: Option<(&Store, AccountKey)>,
    format: Format,
    header: &ReportHeader,
    out: impl Write,
    mut job: Option<JobHandle>,
) -> anyhow::Result<Option<u64>> {
    let (from, to) = (header.from.unwrap_or(Timestamp::MIN), header.to.unwrap_or(Timestamp::MAX));
    let snapshot = inbox.map(|(store, _)| store.hold()).transpose()?;
    let counts = match inbox {
        Some((store, account)) => store.kinds_between(account, from, to)?,
        None => Vec::new(),
    };
    if let Some(job) = &mut job {
        job.expect(counts.iter().map(|kind| u64::from(kind.count)).sum());
    }
    let mut writer = RowWriter::begin(format, out, header, &counts)?;
    let mut rows = 0;
    if let Some((store, account)) = inbox {
        let written = store.export(account, from, to, |row| {
            if let Some(job) = &mut job {
                if job.is_cancelled() {
                    return Err(ExportStop::Cancelled);
                }
                job.advance(1);
            }
            rows += 1;
            writer.row(&row).map_err(ExportStop::Failed)
        })?;
        match written {
            Ok(()) => {}
            Err(ExportStop::Cancelled) => return Ok(None),
            Err(ExportStop::Failed(error)) => return Err(error),
        }
    }
    writer.finish()?;
    drop(snapshot);
    Ok(Some(rows))
}

/// Reason to stop before the last row.
enum ExportStop {
    Cancelled,
    Failed(anyhow::Error),
}

/// Writer for one format.
enum RowWriter<W: Write> {
    Json { out: W, separator: &'static str },
    Csv(Box<CsvTable<W>>),
    Markdown(Markdown<W>),
}

impl<W: Write> RowWriter<W> {
    fn begin(format: Format, out: W, header: &ReportHeader, counts: &[KindCount]) -> anyhow::Result<Self> {
        Ok(match format {
            Format::Json => Self::Json { out, separator: "[" },
            Format::Csv => Self::Csv(Box::new(CsvTable::begin(out)?)),
            Format::Markdown => Self::Markdown(Markdown::begin(out, header, counts)?),
        })
    }

    fn row(&mut self, row: &Notification) -> anyhow::Result<()> {
        match self {
            Self::Json { out, separator } => {
                write!(out, "{separator}\n{}", serde_json::to_string(row)?)?;
                *separator = ",";
                Ok(())
            }
            Self::Csv(table) => table.row(row),
            Self::Markdown(text) => text.row(row),
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Json { mut out, separator } => {
                writeln!(out, "{}", if separator == "[" { "[]" } else { "\n]" })?;
                Ok(out.flush()?)
            }
            Self::Csv(table) => table.finish(),
            Self::Markdown(text) => text.finish(),
        }
    }
}
