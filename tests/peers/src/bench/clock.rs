//! A fake wall clock per peer, by libfaketime; timers are not affected.

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// The library's paths on Debian, by architecture.
const LIBRARIES: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"];

/// The library's path, if installed.
pub fn library() -> Option<&'static str> {
    LIBRARIES.into_iter().find(|path| Path::new(path).is_file())
}

fn file(folder: &Path) -> PathBuf {
    folder.join("clock")
}

/// Prepares `command` for [`set`]; the clock is right until then.
pub fn let_set(command: &mut Command, folder: &Path) {
    set(folder, 0);
    command.env("LD_PRELOAD", library().expect("libfaketime"));
    command.env("FAKETIME_TIMESTAMP_FILE", file(folder)).env("FAKETIME_NO_CACHE", "1");
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("FAKETIME_DISABLE_SHM", "1");
}

/// Sets the offset of the clock in seconds.
pub fn set(folder: &Path, by_secs: i64) {
    // Renamed into place: the library may read at any moment.
    let beside = folder.join("clock.new");
    std::fs::write(&beside, format!("{by_secs:+}\n")).unwrap();
    std::fs::rename(&beside, file(folder)).unwrap();
}
