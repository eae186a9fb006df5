//! Profile: the folders of one user's Gatecall, and the lock that admits one process at a time.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use ipc::Endpoint;

/// Folders of a profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Folder of inbox, lock and log.
    pub data_dir: PathBuf,
    /// Folder of `settings.json`.
    pub config_dir: PathBuf,
    /// Whether `--profile` names the folder: then nothing outside it is written or registered.
    pub is_chosen: bool,
}

/// Lock on a profile, held until it is dropped.
#[derive(Debug)]
pub struct ProfileLock {
    _file: File,
}

impl Profile {
    /// Resolves and creates the folders: the user's own, or `chosen` for everything.
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

    /// IPC endpoint of the resident of this profile.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::of_profile(&self.data_dir)
    }

    /// Folder for exports: the downloads folder, or the home folder where the system defines none.
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

    /// Locks the profile; `None` when another process holds the lock.
    pub fn lock(&self) -> anyhow::Result<Option<ProfileLock>> {
        let path = self.lock_path();
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => {
                // The process id, for users and scripts that want to end this process.
                file.set_len(0)?;
                (&file).write_all(std::process::id().to_string().as_bytes())?;
                Ok(Some(ProfileLock { _file: file }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }

    /// Start of an error message that names the process holding the lock.
    ///
    /// # Platform-specific
    /// Windows: a locked file cannot be read, so the message has no process id.
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

/// Creates a folder accessible to its owner only; an existing folder keeps its permissions.
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
