//! File formats of an export: JSON, CSV and Markdown.

mod csv_table;
mod header;
mod markdown;
mod row_writer;

pub use header::ReportHeader;
pub use row_writer::write_rows;

pub use crate::cli::Format;
