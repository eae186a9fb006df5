//! Address of the IPC socket or pipe: one for each profile.

use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// Address of the resident that owns a data folder.
///
/// # Platform-specific
/// Unix: `$XDG_RUNTIME_DIR/gatecall-<hash>.sock`, or `ipc.sock` in the data folder where there is no runtime folder.
/// The hash keeps the path below the 108-byte limit of a socket address. Windows: `\\.\pipe\gatecall-<hash>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    #[cfg(unix)]
    pub(crate) path: PathBuf,
    #[cfg(windows)]
    pub(crate) path: String,
}

impl Endpoint {
    /// Endpoint of the profile with this data folder.
    pub fn of_profile(data_dir: &Path) -> Self {
        let full = std::path::absolute(data_dir).unwrap_or_else(|_| data_dir.to_owned());
        let digest = Sha256::digest(full.as_os_str().as_encoded_bytes());
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        #[cfg(unix)]
        {
            let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_dir());
            let path = match runtime {
                Some(dir) => dir.join(format!("gatecall-{hash}.sock")),
                None => full.join("ipc.sock"),
            };
            Self { path }
        }
        #[cfg(windows)]
        {
            Self { path: format!(r"\\.\pipe\gatecall-{hash}") }
        }
    }

    /// Parses the text of [`Endpoint::to_text`], which the window receives from the resident.
    pub fn from_text(text: &str) -> Self {
        Self { path: text.into() }
    }

    /// Text form for [`Endpoint::from_text`].
    pub fn to_text(&self) -> String {
        #[cfg(unix)]
        {
            self.path.to_string_lossy().into_owned()
        }
        #[cfg(windows)]
        {
            self.path.clone()
        }
    }
}
