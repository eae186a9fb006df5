//! Building for other systems than this one.
//!
//! With rustup's targets where they are installed. Else with Debian's Rust, which comes with the sources of its standard
//! library: it is built along, and no toolchain has to be fetched from anywhere. Each system has a target folder of its
//! own, so that its builds are incremental and leave those of this system alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{cargo, exists, output};
use crate::{Error, Result, packages, target_dir};

/// Debian's, by path: rustup's proxies come first by name.
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Another system.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    triple: &'static str,
    /// What of the standard library is built along, with Debian's Rust.
    library: &'static str,
    /// Under the target folder.
    folder: &'static str,
}

/// Linked by mingw.
pub const WINDOWS: Target = Target { triple: "x86_64-pc-windows-gnu", library: "std,panic_unwind", folder: "windows" };
/// Checked, never linked.
pub const MACOS: Target = Target { triple: "aarch64-apple-darwin", library: "std", folder: "macos" };

impl Target {
    /// A cargo that does `verb` for this system. Warnings in our crates are errors there as here.
    ///
    /// # Errors
    /// There is no Rust that could.
    pub fn cargo(&self, verb: &str) -> Result<Command> {
        let mut command = if self.is_rustups() { cargo() } else { self.debians()? };
        command.args([verb, "--locked", "--target", self.triple, "--target-dir"]).arg(self.folder());
        command.env("RUSTFLAGS", "-D warnings");
        Ok(command)
    }

    /// Where debug programs for this system are.
    pub fn programs_dir(&self) -> PathBuf {
        self.folder().join(self.triple).join("debug")
    }

    /// Where everything of this system is built.
    pub fn folder(&self) -> PathBuf {
        target_dir().join(self.folder)
    }

    fn is_rustups(&self) -> bool {
        let installed = || output(Command::new("rustup").args(["target", "list", "--installed"]));
        exists("rustup") && installed().is_ok_and(|targets| targets.lines().any(|target| target == self.triple))
    }

    fn debians(&self) -> Result<Command> {
        packages::ensure(&[packages::RUST_WITH_SOURCES])?;
        if !Path::new(DEBIAN_CARGO).is_file() {
            return Err(Error::new(format!("no Rust here builds for it; try: rustup target add {}", self.triple)));
        }
        let mut command = Command::new(DEBIAN_CARGO);
        command.current_dir(crate::root()).arg(format!("-Zbuild-std={}", self.library));
        // Building the library along is not stable, and the only way without fetching it. What `cargo xtask` sets for
        // its own toolchain is not for this one.
        command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
        command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTUP_TOOLCHAIN");
        Ok(command)
    }
}
