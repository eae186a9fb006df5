//! The store: the inbox in one SQLite file with one writer.
//!
//! It owns the file, its schema and every statement; the pipeline decides what to store and what to do about it. WAL
//! with full sync: whatever has been acknowledged survives a power cut.

mod batch;
mod criteria;
mod desk;
mod done;
mod export;
mod history_deletion;
mod inbox;
mod indexing;
mod ingest;
mod itinerary;
mod reconcile;
mod reconstructed;
mod replay;
mod rerender;
mod rescue;
mod retention;
mod rooms;
mod row_columns;
mod schema;
mod search;
mod size;
mod sql_values;
mod sync;
mod thread_list;
mod thread_state;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use domain::Language;
use domain::account::AccountId;
use domain::text::{InboxFault, inbox_fault};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction};

pub use batch::{Batch, Decider, NewEvent, Received, Stored, Subject};
pub use done::RowState;
pub use export::ExportSnapshot;
pub use inbox::RowPage;
pub use reconcile::States;
pub use rescue::Rescue;
pub(crate) use rescue::{backup_path, is_damage};
pub use retention::Retention;
pub use size::{InboxSize, sqlite_version};
pub use sync::{Gap, GapSummary, SyncState};
pub use thread_list::ThreadListPage;

/// A page holds at most this many rows.
pub const MAX_PAGE: u32 = 200;

/// Statements that are kept ready: some fifty are used all day.
const STATEMENTS: usize = 64;

/// The inbox of one profile.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// In which outcomes and new rows speak.
    language: Language,
}

/// The number of an account in this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountKey(i64);

/// Why the inbox cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer version of the program; it was not touched.
    #[error("the inbox was written by a newer Gatecall (format {found}); update this one")]
    Newer {
        /// Its version.
        found: i64,
    },
    /// SQLite's own check finds the file damaged.
    #[error("the inbox is damaged")]
    Damaged,
    /// The disk is full, or the file cannot be written.
    #[error("the inbox cannot be written: {0}")]
    Write(#[source] rusqlite::Error),
    /// Anything else that SQLite says.
    #[error("the inbox cannot be read: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// The file or its folder cannot be reached.
    #[error("the inbox cannot be opened: {0}")]
    Io(#[from] std::io::Error),
}

impl StoreError {
    /// What a person is told, without a full stop.
    pub fn message(&self, language: Language) -> String {
        let why = self.source().map(ToString::to_string).unwrap_or_default();
        let fault = match self {
            Self::Newer { .. } => InboxFault::Newer,
            Self::Damaged => InboxFault::Damaged,
            Self::Write(_) => InboxFault::Unwritten(&why),
            Self::Sqlite(_) => InboxFault::Unread(&why),
            Self::Io(_) => InboxFault::Unopened(&why),
        };
        inbox_fault(fault, language)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure,
        };
        match error.sqlite_error_code() {
            Some(DiskFull | ReadOnly | PermissionDenied | SystemIoFailure | DatabaseBusy | DatabaseLocked) => {
                Self::Write(error)
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl Store {
    /// Opens or creates the file, private to this user, and brings its schema up to date.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        private_file(path)?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        // Before anything is written: a newer file stays as it is.
        let found = schema::version(&connection)?;
        if found > schema::VERSION {
            return Err(StoreError::Newer { found });
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        schema::migrate(&mut connection)?;
        // Lists by criteria are statements of their own: they must not push out those that store each event.
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self { connection, language: Language::default() })
    }

    /// Opens an existing file to look at, for programs that are not its writer. `None` when there is none. One of an
    /// earlier version is brought up to date first: nothing else could be read from it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open_read_only(path: &Path) -> Result<Option<Self>, StoreError> {
        if !path.try_exists()? {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        match schema::version(&connection)? {
            0 => Ok(None),
            found if found > schema::VERSION => Err(StoreError::Newer { found }),
            found if found < schema::VERSION => Self::open(path).map(Some),
            _ => Ok(Some(Self { connection, language: Language::default() })),
        }
    }

    /// Writes new rows, and the outcome of every row, in this language from now on.
    pub fn set_language(&mut self, language: Language) {
        self.language = language;
    }

    /// The language of new rows and outcomes.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The account's number; a new one is written down.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn account(&mut self, account: &AccountId) -> Result<AccountKey, StoreError> {
        if let Some(key) = self.known_account(account)? {
            return Ok(key);
        }
        self.connection.execute("INSERT INTO account (name) VALUES (?1)", [account.as_str()])?;
        Ok(AccountKey(self.connection.last_insert_rowid()))
    }

    /// The account's number, if it ever was used here.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn known_account(&self, account: &AccountId) -> Result<Option<AccountKey>, StoreError> {
        let id = self
            .connection
            .query_row("SELECT id FROM account WHERE name = ?1", [account.as_str()], |row| row.get(0))
            .optional()?;
        Ok(id.map(AccountKey))
    }

    /// Asks SQLite whether the file is sound: every table of it but the full-text index as a whole, whose check would
    /// take a minute in a million rows, and which can be rebuilt from the rows.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn is_sound(&self) -> Result<bool, StoreError> {
        let mut select =
            self.connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")?;
        let tables = select.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        for table in tables {
            let verdict: String =
                self.connection.query_row(&format!("PRAGMA quick_check('{table}')"), [], |row| row.get(0))?;
            if verdict != "ok" {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?)
    }
}

/// Creates the file readable by its owner only; SQLite gives its companions the same mode.
fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

#[cfg(test)]
mod tests;
