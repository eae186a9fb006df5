//! Size of the inbox: rows and bytes.

use std::ffi::OsString;
use std::path::Path;

use super::{Store, StoreError};

/// How large the inbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InboxSize {
    /// Rows of all accounts, those that are done included.
    pub rows: u64,
    /// Bytes on the disk, with what is not yet in the file itself.
    pub bytes: u64,
}

impl InboxSize {
    /// That of a file, read beside its writer.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        let rows = match Store::open_read_only(path)? {
            Some(store) => store.stored_of_all()?,
            None => 0,
        };
        let mut wal = OsString::from(path);
        wal.push("-wal");
        let bytes = |path: &Path| path.metadata().map_or(0, |file| file.len());
        Ok(Self { rows, bytes: bytes(path) + bytes(Path::new(&wal)) })
    }
}

impl Store {
    fn stored_of_all(&self) -> Result<u64, StoreError> {
        let sum = "SELECT COALESCE(SUM(stored), 0) FROM tally";
        let rows: i64 = self.connection.query_row(sum, [], |row| row.get(0))?;
        Ok(rows.unsigned_abs())
    }
}

/// The version of SQLite.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
