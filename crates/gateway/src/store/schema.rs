//! Opening the database: pragmas, schema version and tables.

use std::path::Path;

use rusqlite::Connection;

use super::OpenError;

/// The newest schema, kept in `PRAGMA user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password_hash TEXT NOT NULL,
    role          TEXT NOT NULL,
    first_name    TEXT NOT NULL,
    last_name     TEXT NOT NULL
) STRICT;

CREATE TABLE refresh_tokens (
    hash       TEXT PRIMARY KEY,
    family     TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);

CREATE TABLE flights (
    id            TEXT PRIMARY KEY,
    flight_number TEXT NOT NULL,
    origin        TEXT NOT NULL,
    destination   TEXT NOT NULL,
    departure_at  INTEGER NOT NULL,
    arrival_at    INTEGER NOT NULL,
    status        TEXT NOT NULL,
    price_cents   INTEGER NOT NULL
) STRICT;

CREATE TABLE bookings (
    id           TEXT PRIMARY KEY,
    pnr          TEXT NOT NULL UNIQUE,
    user_id      TEXT NOT NULL REFERENCES users (id),
    flight_id    TEXT NOT NULL REFERENCES flights (id),
    cabin_class  TEXT NOT NULL,
    passengers   TEXT NOT NULL,
    contact_info TEXT NOT NULL,
    status       TEXT NOT NULL,
    total_cents  INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    cancelled_at INTEGER
) STRICT;
CREATE INDEX bookings_by_user ON bookings (user_id, created_at);
CREATE INDEX bookings_by_flight ON bookings (flight_id);

CREATE TABLE payments (
    id           TEXT PRIMARY KEY,
    booking_id   TEXT NOT NULL REFERENCES bookings (id),
    amount_cents INTEGER NOT NULL,
    status       TEXT NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;
";

/// Opens the file or a database in memory; the flag says whether it has just been made.
pub fn open(database: Option<&Path>) -> Result<(Connection, bool), OpenError> {
    let mut connection = match database {
        Some(path) => {
            make_private(path)?;
            Connection::open(path)?
        }
        None => Connection::open_in_memory()?,
    };
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > VERSION {
        return Err(OpenError::Newer { found, known: VERSION });
    }
    let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(OpenError::Damaged(check));
    }
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let fresh = found == 0;
    if fresh {
        let tx = connection.transaction()?;
        tx.execute_batch(TABLES)?;
        tx.pragma_update(None, "user_version", VERSION)?;
        tx.commit()?;
    }
    Ok((connection, fresh))
}

/// Makes a missing file readable by its owner alone: it holds password hashes. SQLite gives its side files the same mode.
#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Elsewhere the folder's rights hold.
#[cfg(not(unix))]
fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_file_is_new_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gateway.sqlite3");
        assert!(open(Some(&path)).unwrap().1);
        assert!(!open(Some(&path)).unwrap().1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_belongs_to_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gateway.sqlite3");
        let _open = open(Some(&path)).unwrap();
        for name in ["gateway.sqlite3", "gateway.sqlite3-wal"] {
            let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_newer_schema_is_refused_and_left_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gateway.sqlite3");
        open(Some(&path)).unwrap().0.pragma_update(None, "user_version", 9).unwrap();
        assert!(matches!(open(Some(&path)), Err(OpenError::Newer { found: 9, known: VERSION })));
    }
}
