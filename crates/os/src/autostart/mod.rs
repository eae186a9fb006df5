//! Whether the program starts with the desktop session. The system is the truth: it is asked each time.
//!
//! The entry starts the program with `--hidden`, which shows the window all the same where no tray comes.
//!
//! # Platform-specific
//! Linux: a desktop entry in `$XDG_CONFIG_HOME/autostart`, by the Desktop Application Autostart Specification. Windows: a
//! value of the user's `Run` key, and the switch that the Task Manager keeps beside it. macOS: a launch agent.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

use std::io;
use std::path::PathBuf;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(target_os = "macos")]
use macos as platform;
#[cfg(windows)]
use windows as platform;

/// The entry of one program.
#[derive(Debug, Clone)]
pub struct Autostart {
    place: platform::AutostartEntry,
    program: String,
}

impl Autostart {
    /// The entry of the program that runs; `None` where the system has no place for one.
    ///
    /// # Errors
    /// The program's own path is not known, or is no text.
    pub fn of_this_program() -> io::Result<Option<Self>> {
        let Some(place) = platform::AutostartEntry::of_this_user() else { return Ok(None) };
        Self::new(place, std::env::current_exe()?).map(Some)
    }

    fn new(place: platform::AutostartEntry, program: PathBuf) -> io::Result<Self> {
        let is_no_text = |_| io::Error::new(io::ErrorKind::InvalidData, "the program's path is no text");
        Ok(Self { place, program: program.into_os_string().into_string().map_err(is_no_text)? })
    }

    /// Whether there is an entry that the system follows.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn is_on(&self) -> io::Result<bool> {
        self.place.is_on()
    }

    /// Makes the entry, or removes it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn set(&self, on: bool) -> io::Result<()> {
        if on { self.place.enter(&self.program) } else { self.place.leave() }
    }

    /// Lets an entry that is there, switched on or off, start this program, which may have moved.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn refresh(&self) -> io::Result<()> {
        self.place.refresh(&self.program)
    }
}

/// Text in place of a file's, never half of it.
#[cfg(unix)]
fn replace(path: &std::path::Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

/// What stands in a file, if there is one.
#[cfg(unix)]
fn read(path: &std::path::Path) -> io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a file, if there is one.
#[cfg(unix)]
fn remove(path: &std::path::Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
