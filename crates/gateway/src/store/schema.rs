//! Opening the database: pragmas, schema version and tables.

use std::path::Path;

use rusqlite::Connection;

use super::error::OpenError;

/// The newest schema, kept in `PRAGMA user_version`.
const VERSION: i64 = MIGRATIONS.len() as i64;

/// The way to each version from the one before. Only ever appended to: files of every version are out there.
const MIGRATIONS: [&str; 2] = [USERS_FLIGHTS_BOOKINGS, EVENT_LOG];

const USERS_FLIGHTS_BOOKINGS: &str = "
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

/// `audience` lies in the order of the log, for the emitter and for pruning; readers of one room go by the first
/// index, and readers of every staff room by the second, whose condition the query has to repeat word for word.
const EVENT_LOG: &str = "
CREATE TABLE event_log (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL,
    floor INTEGER NOT NULL
) STRICT;
INSERT INTO event_log (id, epoch, floor) VALUES (1, lower(hex(randomblob(8))), 0);

CREATE TABLE event (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    channel    TEXT NOT NULL,
    envelope   TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audience (
    seq  INTEGER NOT NULL REFERENCES event (seq),
    room TEXT NOT NULL,
    data TEXT,
    PRIMARY KEY (seq, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX audience_by_room ON audience (room, seq);
CREATE INDEX audience_of_staff ON audience (seq) WHERE room <> 'admin' AND room NOT GLOB 'user:*';

CREATE TABLE idempotency_keys (
    key       TEXT PRIMARY KEY,
    body_hash BLOB NOT NULL,
    seq       INTEGER NOT NULL REFERENCES event (seq)
) STRICT;
CREATE INDEX idempotency_keys_by_seq ON idempotency_keys (seq);
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
    let known = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found..));
    let Some(missing) = known else {
        return Err(OpenError::Newer { found, known: VERSION });
    };
    let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(OpenError::Damaged(check));
    }
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // NORMAL would let a power cut take back the last commits, though no kill could. That is one seq too many: an
    // event that a client has seen would be gone here, and its id given to another, which that client then drops as
    // known. So a commit is on the disk before anyone is answered or told.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let fresh = found == 0;
    if !missing.is_empty() {
        let tx = connection.transaction()?;
        for migration in missing {
            tx.execute_batch(migration)?;
        }
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
    fn a_file_of_the_first_version_keeps_what_it_holds_and_gets_a_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gateway.sqlite3");
        let first = Connection::open(&path).unwrap();
        first.execute_batch(MIGRATIONS[0]).unwrap();
        first.pragma_update(None, "user_version", 1).unwrap();
        let user = "INSERT INTO users VALUES ('7', 'a@b.c', 'hash', 'ADMIN', 'Ada', 'Admin')";
        first.execute(user, []).unwrap();
        drop(first);

        let epoch = |connection: &Connection| {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
            connection.query_row("SELECT epoch, floor FROM event_log", [], row).unwrap()
        };
        let (connection, fresh) = open(Some(&path)).unwrap();
        assert!(!fresh, "nothing is seeded into a file that was there");
        let email: String = connection.query_row("SELECT email FROM users", [], |row| row.get(0)).unwrap();
        assert_eq!(email, "a@b.c");
        let made = epoch(&connection);
        assert_eq!((made.0.len(), made.1), (16, 0));
        drop(connection);

        let (connection, _) = open(Some(&path)).unwrap();
        assert_eq!(epoch(&connection), made, "made once");
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, 2);
        let (other, _) = open(None).unwrap();
        assert_ne!(epoch(&other).0, made.0);
    }

    #[test]
    fn every_way_to_read_the_log_has_its_index() {
        let (connection, _) = open(None).unwrap();
        for (statement, index) in
            [(super::super::events::OF_ROOM, "audience_by_room"), (super::super::events::OF_STAFF, "audience_of_staff")]
        {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
            let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<Vec<_>, _>>().unwrap();
            assert!(steps.iter().any(|step| step.contains(index)), "{steps:?}");
            assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
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
