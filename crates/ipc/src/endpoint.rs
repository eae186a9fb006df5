//! Where the line is: one endpoint a profile.

use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// The address of the resident that owns a data folder.
///
/// # Platform-specific
/// Unix: `$XDG_RUNTIME_DIR/gatecall-<hash>.sock`, or `ipc.sock` in the data folder where there is no runtime folder.
/// The hash keeps the path under the 108 bytes that a socket address holds. Windows: `\\.\pipe\gatecall-<hash>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    #[cfg(unix)]
    pub(crate) path: PathBuf,
    #[cfg(windows)]
    pub(crate) path: String,
}

impl Endpoint {
    /// The endpoint of the profile that keeps its data in `data_dir`.
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

    /// An endpoint handed over as text, as the window gets it from the resident.
    pub fn from_text(text: &str) -> Self {
        Self { path: text.into() }
    }

    /// The text that [`Endpoint::from_text`] takes.
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
