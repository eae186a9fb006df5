//! Paths of the workspace's programs, as `cargo build` puts them.

use std::path::PathBuf;

/// The path of a built program; `None` (with a SKIPPED line) when it is not built.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = xtask::build::programs_dir(xtask::build::BuildProfile::Debug).join(name);
    if path.is_file() {
        return Some(path);
    }
    crate::missing(&format!("{} (cargo build -p {name})", path.display()));
    None
}
