//! Files for people, in their folder for downloads: private, written beside their place, and never over another one.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Names that are tried: more exports in a minute are no person's.
const NAMES: u32 = 1_000;

/// A file that is being written; gone when dropped before it is finished.
#[derive(Debug)]
pub struct Draft {
    folder: PathBuf,
    stem: String,
    extension: &'static str,
    beside: PathBuf,
    file: Option<File>,
}

impl Draft {
    /// Begins a file that is to be called `stem.extension`.
    ///
    /// # Errors
    /// The folder cannot be made, or not be written to.
    pub fn new(folder: &Path, stem: &str, extension: &'static str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let beside = folder.join(format!(".{stem}.{extension}.part"));
        // What a killed program left behind.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = Some(private(&beside)?);
        Ok(Self { folder: folder.to_owned(), stem: stem.to_owned(), extension, beside, file })
    }

    /// Where to write.
    pub fn file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the file is finished"))
    }

    /// Puts the file in its place: `stem.extension`, or `stem-2.extension` and so on where that is taken.
    ///
    /// # Errors
    /// The disk takes no more.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.file()?.sync_all()?;
        // Windows renames no open file.
        self.file = None;
        for number in 1..=NAMES {
            let name = match number {
                1 => format!("{}.{}", self.stem, self.extension),
                number => format!("{}-{number}.{}", self.stem, self.extension),
            };
            let path = self.folder.join(name);
            // Taken first: a rename would silently replace what is there.
            match private(&path) {
                Ok(_) => {
                    // What only holds the place must not stay alone.
                    fs::rename(&self.beside, &path).inspect_err(|_| drop(fs::remove_file(&path)))?;
                    return Ok(path);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.file = None;
        // It is not there any more when it was finished.
        let _ = fs::remove_file(&self.beside);
    }
}

fn private(path: &Path) -> io::Result<File> {
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
    fn nothing_is_overwritten_and_a_draft_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("downloads");
        let write = |text: &str| {
            let mut draft = Draft::new(&folder, "gatecall", "csv").unwrap();
            draft.file().unwrap().write_all(text.as_bytes()).unwrap();
            draft
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
