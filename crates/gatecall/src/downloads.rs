//! Files in the downloads folder: private to the user, written atomically, never overwriting another file.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Limit of numbered file names to try; the stem holds the minute, so a user needs only a few.
const MAX_NAMES: u32 = 1_000;

/// File being written under a temporary name; deleted when dropped before it is finished.
#[derive(Debug)]
pub struct PartialFile {
    folder: PathBuf,
    stem: String,
    extension: &'static str,
    temporary: PathBuf,
    file: Option<File>,
}

impl PartialFile {
    /// Creates a file to be named `stem.extension`.
    ///
    /// # Errors
    /// The folder cannot be created or written to.
    pub fn new(folder: &Path, stem: &str, extension: &'static str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let temporary = folder.join(format!(".{stem}.{extension}.part"));
        // A killed process may have left its temporary file.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = Some(create_private(&temporary)?);
        Ok(Self { folder: folder.to_owned(), stem: stem.to_owned(), extension, temporary, file })
    }

    /// File to write to.
    pub fn file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the file is finished"))
    }

    /// Renames the file to `stem.extension`, or `stem-2.extension` and so on where that exists.
    ///
    /// # Errors
    /// The file cannot be written or renamed.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.file()?.sync_all()?;
        // Windows renames no open file.
        self.file = None;
        for number in 1..=MAX_NAMES {
            let name = match number {
                1 => format!("{}.{}", self.stem, self.extension),
                number => format!("{}-{number}.{}", self.stem, self.extension),
            };
            let path = self.folder.join(name);
            // Reserved first: a rename would silently replace an existing file.
            match create_private(&path) {
                Ok(_) => {
                    // The empty reservation is removed when the rename fails.
                    fs::rename(&self.temporary, &path).inspect_err(|_| drop(fs::remove_file(&path)))?;
                    return Ok(path);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        self.file = None;
        // Fails when the file is finished and therefore renamed.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn nothing_is_overwritten_and_a_dropped_file_is_deleted() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("downloads");
        let write = |text: &str| {
            let mut file = PartialFile::new(&folder, "gatecall", "csv").unwrap();
            file.file().unwrap().write_all(text.as_bytes()).unwrap();
            file
        };
        let paths = ["a", "b", "c"].map(|text| write(text).finish().unwrap());
        let names = paths.each_ref().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
        assert_eq!(names, ["gatecall.csv", "gatecall-2.csv", "gatecall-3.csv"]);
        assert_eq!(paths.map(|path| fs::read_to_string(path).unwrap()), ["a", "b", "c"]);
        drop(write("stopped"));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
        #[cfg(unix)]
        for file in fs::read_dir(&folder).unwrap() {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
