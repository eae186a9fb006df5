//! From sources to programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::run::{cargo, npm, run};
use crate::{Result, root, target_dir};

/// Debug or release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildProfile {
    /// Quick to build.
    Debug,
    /// What people install.
    Release,
}

/// Where the programs of a profile are.
pub fn programs_dir(profile: BuildProfile) -> PathBuf {
    target_dir().join(match profile {
        BuildProfile::Debug => "debug",
        BuildProfile::Release => "release",
    })
}

/// Builds the page, then the three programs.
pub fn programs(profile: BuildProfile) -> Result<()> {
    page()?;
    let mut build = cargo();
    build.args(["build", "--locked", "-p", "gatecall", "-p", "gateway", "-p", "gatecall-window"]);
    if profile == BuildProfile::Release {
        build.arg("--release");
    }
    run(&mut build)
}

/// Builds the page into `ui/dist`.
pub fn page() -> Result<()> {
    let ui = root().join("ui");
    node_modules(&ui)?;
    run(npm(&ui).args(["run", "--silent", "build"]))
}

/// Installs a folder's npm packages, when its lock file is newer than they are.
pub fn node_modules(folder: &Path) -> Result<()> {
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    run(npm(folder).args(["ci", "--no-fund", "--no-audit"]))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}
