//! SQL values: enums as their serialized names, timestamps as milliseconds since 1970.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Error, Row};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The name under which a plain enum is stored.
pub(super) fn name<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        _ => unreachable!("only enums without fields are stored by name"),
    }
}

/// The enum with the name in `column`.
pub(super) fn named<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T, Error> {
    let text: String = row.get(column)?;
    serde_json::from_value(Value::String(text)).map_err(|error| unreadable(row, column, error))
}

/// The moment in `column`.
pub(super) fn moment(row: &Row<'_>, column: &str) -> Result<Timestamp, Error> {
    let ms: i64 = row.get(column)?;
    Timestamp::from_millisecond(ms).map_err(|error| unreadable(row, column, error))
}

/// The moment in `column`, if any.
pub(super) fn maybe_moment(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, Error> {
    let ms: Option<i64> = row.get(column)?;
    ms.map(Timestamp::from_millisecond).transpose().map_err(|error| unreadable(row, column, error))
}

fn unreadable(row: &Row<'_>, column: &str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
}
