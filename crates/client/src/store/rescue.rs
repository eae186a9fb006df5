//! Rescue of a damaged file: kept aside, replaced by the last good backup or an empty file, and reported.
//!
//! An I/O error is not damage, and a failed query does not justify a new file: only SQLite's own verdict counts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Store, StoreError};

/// Pages copied between two looks at whether to go on.
const BACKUP_PAGES: i32 = 256;
/// What the file is called with its companions.
const COMPANIONS: [&str; 3] = ["", "-wal", "-shm"];

/// What had to be done to open the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescue {
    /// Where the damaged file is now.
    pub damaged: PathBuf,
    /// Whether the last good copy took its place; else an empty inbox did.
    pub restored: bool,
}

impl Store {
    /// Opens the inbox; a damaged file is put aside first, and the last good copy put in its place.
    ///
    /// # Errors
    /// See [`StoreError`]. A newer file, a full disk or a folder that cannot be reached are not damage.
    pub fn open_or_rescue(path: &Path, stamp: &str) -> Result<(Self, Option<Rescue>), StoreError> {
        match Self::open_sound(path) {
            Ok(store) => Ok((store, None)),
            Err(error) if is_damage(&error) => {
                tracing::error!(%error, "the inbox is damaged");
                let damaged = put_aside(path, stamp)?;
                let restored = restore(path)?;
                Ok((Self::open(path)?, Some(Rescue { damaged, restored })))
            }
            Err(error) => Err(error),
        }
    }

    /// Opens the file if SQLite finds it sound.
    fn open_sound(path: &Path) -> Result<Self, StoreError> {
        let mut store = Self::open(path)?;
        if !store.is_sound()? {
            return Err(StoreError::Damaged);
        }
        match store.takes_a_page() {
            // Somebody else writes, or nobody may: both say nothing of the file.
            Ok(()) | Err(StoreError::Write(_)) => Ok(store),
            Err(error) => Err(error),
        }
    }

    /// Takes a page from the list of free ones, which belongs to no table, and gives it back.
    fn takes_a_page(&mut self) -> Result<(), StoreError> {
        // Rolled back with the end of this.
        Ok(self.begin()?.execute_batch("CREATE TABLE probe (page)")?)
    }

    /// Copies the inbox beside itself, a little at a time and without stopping the writer, and puts the copy in the
    /// place of the one before only when it is sound. Blocks; runs on a thread of its own.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn back_up(path: &Path, mut go_on: impl FnMut() -> bool) -> Result<bool, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let from = Connection::open_with_flags(path, flags)?;
        let new = with_suffix(path, ".backup-new");
        remove(&new)?;
        super::private_file(&new)?;
        {
            let mut to = Connection::open(&new)?;
            let backup = Backup::new(&from, &mut to)?;
            loop {
                match backup.step(BACKUP_PAGES)? {
                    StepResult::Done => break,
                    StepResult::More if go_on() => {}
                    StepResult::More => {
                        drop(backup);
                        drop(to);
                        remove(&new)?;
                        return Ok(false);
                    }
                    // Somebody writes; it is over in a moment.
                    _ => std::thread::park_timeout(Duration::from_millis(5)),
                }
            }
            drop(backup);
            // A copy in WAL mode would get companions by being looked at, and keep them.
            to.pragma_update(None, "journal_mode", "DELETE")?;
        }
        let verdict: String =
            Connection::open_with_flags(&new, flags)?.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            remove(&new)?;
            return Err(StoreError::Damaged);
        }
        std::fs::rename(&new, backup_path(path))?;
        Ok(true)
    }
}

/// Where the last good copy is.
pub(crate) fn backup_path(path: &Path) -> PathBuf {
    with_suffix(path, ".backup")
}

/// Whether SQLite says that the file is damaged.
pub(crate) fn is_damage(error: &StoreError) -> bool {
    match error {
        StoreError::Damaged => true,
        StoreError::Sqlite(error) | StoreError::Write(error) => {
            matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        }
        StoreError::Newer { .. } | StoreError::Io(_) => false,
    }
}

fn put_aside(path: &Path, stamp: &str) -> Result<PathBuf, StoreError> {
    let aside = with_suffix(path, &format!(".damaged-{stamp}"));
    for companion in COMPANIONS {
        let from = with_suffix(path, companion);
        if from.try_exists()? {
            std::fs::rename(&from, with_suffix(&aside, companion))?;
        }
    }
    Ok(aside)
}

/// Puts the last good copy in its place, as long as it is still good.
fn restore(path: &Path) -> Result<bool, StoreError> {
    let backup = backup_path(path);
    if !backup.try_exists()? {
        return Ok(false);
    }
    std::fs::copy(&backup, path)?;
    match Store::open_sound(path) {
        Ok(_) => Ok(true),
        Err(error) => {
            tracing::error!(%error, "the last copy of the inbox is no better");
            for companion in COMPANIONS {
                remove(&with_suffix(path, companion))?;
            }
            Ok(false)
        }
    }
}

/// Removes the last good copy and every damaged one.
pub(super) fn remove_copies(path: &Path) -> std::io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    let name = name.to_string_lossy();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let other = entry.file_name();
        let is_copy = other
            .to_string_lossy()
            .strip_prefix(name.as_ref())
            .is_some_and(|rest| rest.starts_with(".backup") || rest.starts_with(".damaged-"));
        if is_copy {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
