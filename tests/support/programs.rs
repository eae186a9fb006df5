//! The programs of the workspace, as `cargo build` left them.

use std::path::PathBuf;

/// A program that was built; `None` (after saying so) when it was not.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = xtask::build::programs_dir(xtask::build::Profile::Debug).join(name);
    if path.is_file() {
        return Some(path);
    }
    crate::missing(&format!("{} (cargo build -p {name})", path.display()));
    None
}
