//! Schema and migrations. Migrations are only ever appended.

use rusqlite::{Connection, Transaction};

use super::StoreError;

/// Step `n` brings a file from version `n` to `n + 1`.
const MIGRATIONS: &[&str] = &[
    include_str!("v1.sql"),
    include_str!("v2.sql"),
    include_str!("v3.sql"),
    include_str!("v4.sql"),
    include_str!("v5.sql"),
    include_str!("v6.sql"),
];

/// The version that this program writes.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings the file up to [`VERSION`], in one transaction. A newer file is refused and left as it is.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found > VERSION {
        return Err(StoreError::Newer { found });
    }
    if found == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        transaction.execute_batch(step)?;
    }
    set_version(&transaction)?;
    transaction.commit()?;
    Ok(())
}

/// The version of the file; 0 for a new one.
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn set_version(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    Ok(transaction.pragma_update(None, "user_version", VERSION)?)
}
