//! Where one user's Gatecall keeps its things, and the lock that makes it the only one there.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use ipc::Endpoint;

/// The folders of a profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Inbox, lock and log.
    pub data_dir: PathBuf,
    /// `settings.json`.
    pub config_dir: PathBuf,
    /// Whether somebody chose the folder: then nothing is written or started beside it.
    pub is_chosen: bool,
}

/// Held for as long as this process owns the profile.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Profile {
    /// The user's own folders, or `chosen` for everything.
    pub fn resolve(chosen: Option<&Path>) -> anyhow::Result<Self> {
        let profile = match chosen {
            Some(dir) => {
                let dir = std::path::absolute(dir).with_context(|| format!("{} is no folder", dir.display()))?;
                Self { data_dir: dir.clone(), config_dir: dir, is_chosen: true }
            }
            None => {
                let folders = directories::ProjectDirs::from("app", "Gatecall", "Gatecall")
                    .context("this user has no home folder; use --profile DIR")?;
                Self {
                    data_dir: folders.data_dir().to_owned(),
                    config_dir: folders.config_dir().to_owned(),
                    is_chosen: false,
                }
            }
        };
        for dir in [&profile.data_dir, &profile.config_dir] {
            private_dir(dir).with_context(|| format!("the folder {} cannot be made", dir.display()))?;
        }
        Ok(profile)
    }

    /// Where the resident of this profile listens.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::of_profile(&self.data_dir)
    }

    /// The folder for files that the person asks for: that for downloads, or the home folder where the system names none.
    ///
    /// # Errors
    /// This user has no home folder.
    pub fn downloads(&self) -> io::Result<PathBuf> {
        if self.is_chosen {
            return Ok(self.data_dir.join("downloads"));
        }
        let folders = directories::UserDirs::new().ok_or(io::ErrorKind::NotFound)?;
        Ok(folders.download_dir().unwrap_or(folders.home_dir()).to_owned())
    }

    /// Takes the profile; `None` when another process has it.
    pub fn lock(&self) -> anyhow::Result<Option<Lock>> {
        let path = self.lock_path();
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => {
                // For people and scripts that want to end the one that has it.
                file.set_len(0)?;
                (&file).write_all(std::process::id().to_string().as_bytes())?;
                Ok(Some(Lock { _file: file }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }

    /// The beginning of a sentence: who has the profile.
    ///
    /// # Platform-specific
    /// Windows lets nobody read a locked file, so the process has no number there.
    pub fn holder(&self) -> String {
        match fs::read_to_string(self.lock_path()).ok().and_then(|text| text.trim().parse::<u32>().ok()) {
            Some(pid) => format!("another gatecall (process {pid}) is using this profile"),
            None => "another gatecall is using this profile".to_owned(),
        }
    }

    fn lock_path(&self) -> PathBuf {
        self.data_dir.join("lock")
    }
}

/// Makes a folder that only its owner may enter; one that is there already stays as it is.
fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn one_owner_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let profile = Profile::resolve(Some(&dir.path().join("new"))).unwrap();
        let lock = profile.lock().unwrap().unwrap();
        assert!(profile.lock().unwrap().is_none());
        drop(lock);
        assert!(profile.lock().unwrap().is_some());
    }
}
