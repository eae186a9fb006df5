//! Autostart registration of the running program, on top of the system's entry.

use std::io;
use std::path::PathBuf;

use super::platform;

/// Autostart registration of one program.
#[derive(Debug, Clone)]
pub struct AutostartRegistration {
    entry: platform::AutostartEntry,
    program: String,
}

impl AutostartRegistration {
    /// Registration of the running program; `None` where the system has no autostart.
    ///
    /// # Errors
    /// The path of the executable is unknown or not Unicode.
    pub fn of_this_program() -> io::Result<Option<Self>> {
        let Some(entry) = platform::AutostartEntry::of_this_user() else { return Ok(None) };
        Self::new(entry, std::env::current_exe()?).map(Some)
    }

    pub(super) fn new(entry: platform::AutostartEntry, program: PathBuf) -> io::Result<Self> {
        let not_unicode = |_| io::Error::new(io::ErrorKind::InvalidData, "the path of the executable is not Unicode");
        Ok(Self { entry, program: program.into_os_string().into_string().map_err(not_unicode)? })
    }

    /// Whether an entry exists and is enabled.
    ///
    /// # Errors
    /// The entry cannot be read.
    pub fn is_on(&self) -> io::Result<bool> {
        self.entry.is_on()
    }

    /// Creates or removes the entry.
    ///
    /// # Errors
    /// The entry cannot be written.
    pub fn set(&self, on: bool) -> io::Result<()> {
        if on { self.entry.create(&self.program) } else { self.entry.remove() }
    }

    /// Updates the path in an existing entry, enabled or not, since the program may have moved.
    ///
    /// # Errors
    /// The entry cannot be read or written.
    pub fn refresh(&self) -> io::Result<()> {
        self.entry.refresh(&self.program)
    }
}
