//! Errors of the store.

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite could not open, read or prepare the file.
    #[error("the database cannot be opened")]
    Sqlite(#[from] rusqlite::Error),
    /// The event log in it could not be read.
    #[error("the event log cannot be read")]
    Log(#[from] GatewayStoreError),
    /// The file was written by a newer version; it is left untouched.
    #[error("the database has schema {found}, this version knows up to {known}")]
    Newer {
        /// The file's schema version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The file fails SQLite's own check.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The file cannot be made, or the store's thread cannot be started.
    #[error("the database cannot be made")]
    Io(#[from] std::io::Error),
    /// The store's thread ended before it answered.
    #[error("the store's thread ended early")]
    Gone,
}

/// Why a job failed.
#[derive(Debug, thiserror::Error)]
pub enum GatewayStoreError {
    /// SQLite refused a statement or the commit.
    #[error("the database failed")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored JSON column cannot be read or written.
    #[error("a stored value cannot be read")]
    Json(#[from] serde_json::Error),
    /// The store has been closed.
    #[error("the store is closed")]
    Gone,
}
