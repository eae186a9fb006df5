//! Value of the user's `Run` registry key.

use std::io;

use windows_registry::{CURRENT_USER, Key};

const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
/// Key where the Task Manager and the settings disable entries: a binary value whose first byte is odd.
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

/// Name of the registry value.
#[derive(Debug, Clone)]
pub struct AutostartEntry(&'static str);

impl AutostartEntry {
    pub fn of_this_user() -> Option<Self> {
        Some(Self(domain::APP_ID))
    }

    pub fn is_on(&self) -> io::Result<bool> {
        let is_off = CURRENT_USER.open(APPROVED).and_then(|key| key.get_value(self.0));
        let is_off = is_off.is_ok_and(|value| value.first().is_some_and(|first| first & 1 == 1));
        Ok(!is_off && self.command().is_some())
    }

    pub fn create(&self, program: &str) -> io::Result<()> {
        let key = CURRENT_USER.create(RUN).map_err(failed)?;
        key.set_string(self.0, command(program)).map_err(failed)?;
        // Enables the entry again if the Task Manager has disabled it. Usually there is no value to remove.
        let _ = CURRENT_USER.create(APPROVED).and_then(|key| key.remove_value(self.0));
        Ok(())
    }

    pub fn remove(&self) -> io::Result<()> {
        if self.command().is_none() {
            return Ok(());
        }
        let key: Key = CURRENT_USER.create(RUN).map_err(failed)?;
        key.remove_value(self.0).map_err(failed)
    }

    pub fn refresh(&self, program: &str) -> io::Result<()> {
        match self.command() {
            Some(found) if found != command(program) => {
                let key = CURRENT_USER.create(RUN).map_err(failed)?;
                key.set_string(self.0, command(program)).map_err(failed)
            }
            _ => Ok(()),
        }
    }

    fn command(&self) -> Option<String> {
        CURRENT_USER.open(RUN).and_then(|key| key.get_string(self.0)).ok()
    }
}

/// Command line; Windows paths contain no quotes.
fn command(program: &str) -> String {
    format!("\"{program}\" --hidden")
}

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}
