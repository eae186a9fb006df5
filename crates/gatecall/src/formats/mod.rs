//! Rows for other programs and other people, oldest first.

mod markdown;
mod table;

use std::io::Write;

use client::{AccountKey, JobHandle, Store};
use domain::Language;
use domain::desk::KindCount;
use domain::view::Notification;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::markdown::Markdown;
use self::table::Table;

pub use crate::cli::Format;

/// What stands above the rows.
#[derive(Debug, Clone)]
pub struct Head {
    /// Received at this moment or later.
    pub from: Option<Timestamp>,
    /// Received before this moment.
    pub to: Option<Timestamp>,
    /// Where they come from.
    pub server: Option<String>,
    /// By whose clock.
    pub zone: TimeZone,
    /// In which words, where there are any.
    pub language: Language,
}

/// Writes the rows that came in this time, also those that are done. Answers how many, or nothing when `working` was stopped.
///
/// # Errors
/// The inbox cannot be read, or the other end takes no more.
pub fn write(
    inbox: Option<(&Store, AccountKey)>,
    format: Format,
    head: &Head,
    out: impl Write,
    mut working: Option<JobHandle>,
) -> anyhow::Result<Option<u64>> {
    let (from, to) = (head.from.unwrap_or(Timestamp::MIN), head.to.unwrap_or(Timestamp::MAX));
    let moment = inbox.map(|(store, _)| store.hold()).transpose()?;
    let counts = match inbox {
        Some((store, account)) => store.kinds_between(account, from, to)?,
        None => Vec::new(),
    };
    if let Some(working) = &mut working {
        working.expect(counts.iter().map(|kind| u64::from(kind.count)).sum());
    }
    let mut writer = Writer::begin(format, out, head, &counts)?;
    let mut rows = 0;
    if let Some((store, account)) = inbox {
        let written = store.export(account, from, to, |row| {
            if let Some(working) = &mut working {
                if working.is_cancelled() {
                    return Err(FormatError::Stopped);
                }
                working.advance(1);
            }
            rows += 1;
            writer.row(&row).map_err(FormatError::Failed)
        })?;
        match written {
            Ok(()) => {}
            Err(FormatError::Stopped) => return Ok(None),
            Err(FormatError::Failed(error)) => return Err(error),
        }
    }
    writer.finish()?;
    drop(moment);
    Ok(Some(rows))
}

/// Why no further row is wanted.
enum FormatError {
    Stopped,
    Failed(anyhow::Error),
}

enum Writer<W: Write> {
    Json { out: W, separator: &'static str },
    Csv(Box<Table<W>>),
    Markdown(Markdown<W>),
}

impl<W: Write> Writer<W> {
    fn begin(format: Format, out: W, head: &Head, counts: &[KindCount]) -> anyhow::Result<Self> {
        Ok(match format {
            Format::Json => Self::Json { out, separator: "[" },
            Format::Csv => Self::Csv(Box::new(Table::begin(out)?)),
            Format::Markdown => Self::Markdown(Markdown::begin(out, head, counts)?),
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
