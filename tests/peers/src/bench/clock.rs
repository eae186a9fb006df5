//! A wall clock of a peer's own, by libfaketime; timers go on as they are. All clients are told the same lie.

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// Where Debian has it, by architecture.
const LIBRARIES: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"];

/// The library, where it is installed.
pub fn library() -> Option<&'static str> {
    LIBRARIES.into_iter().find(|path| Path::new(path).is_file())
}

fn file(folder: &Path) -> PathBuf {
    folder.join("clock")
}

/// Starts `command` so that [`set`] works; the clock is right until then.
pub fn let_set(command: &mut Command, folder: &Path) {
    set(folder, 0);
    command.env("LD_PRELOAD", library().expect("libfaketime"));
    command.env("FAKETIME_TIMESTAMP_FILE", file(folder)).env("FAKETIME_NO_CACHE", "1");
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("FAKETIME_DISABLE_SHM", "1");
}

/// Sets the clock off by so many seconds.
pub fn set(folder: &Path, by_secs: i64) {
    // In one step: the library may read at any moment.
    let beside = folder.join("clock.new");
    std::fs::write(&beside, format!("{by_secs:+}\n")).unwrap();
    std::fs::rename(&beside, file(folder)).unwrap();
}
