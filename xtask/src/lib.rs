//! The chores behind `cargo xtask`, on the standard library and `syn` alone, so that the first command of a newcomer starts in
//! seconds.
//!
//! [`desktop`] is also what the end-to-end tests stand on.

pub mod build;
pub mod bundle;
pub mod check;
mod cross;
pub mod demo;
pub mod desktop;
pub mod licences;
pub mod macos;
mod packages;
mod rings;
mod run;
pub mod test;
mod timing;
mod tools;
pub mod windows;

use std::fmt;
use std::path::PathBuf;

/// Why a chore did not get done: one sentence, what to do about it included.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What every chore gives.
pub type Result<T> = std::result::Result<T, Error>;

/// The workspace's root.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// One line for the person at the terminal.
#[expect(clippy::print_stdout, reason = "this is what a chore is watched by")]
pub fn say(line: &str) {
    println!("{line}");
}
