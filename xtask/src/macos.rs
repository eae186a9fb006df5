//! `cargo xtask check --macos`: everything under `crates/`, with its tests, type-checked for macOS.
//!
//! A type check and no more: Apple's frameworks are not here to link with, so that a compiler that makes empty objects
//! (`xtask/macos/cc`) stands in for theirs.

use crate::cross::MACOS;
use crate::run::run;
use crate::{Result, packages, root, say};

/// The crates under `crates/`.
const CRATES: [&str; 7] = ["domain", "socketio", "client", "ipc", "os", "gateway", "gatecall"];

/// Checks the types.
///
/// # Errors
/// The first crate that does not compile there.
pub fn check() -> Result<()> {
    packages::ensure(&[packages::MACOS])?;
    let mut check = MACOS.cargo("check")?;
    check.arg("--all-targets").args(CRATES.iter().flat_map(|name| ["-p", name]));
    check.env("CC_aarch64_apple_darwin", root().join("xtask/macos/cc")).env("AR_aarch64_apple_darwin", "ar");
    run(&mut check)?;
    say("Everything under crates/ type-checks for macOS.");
    Ok(())
}
