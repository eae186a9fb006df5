//! The notification service of XFCE, in the place of dunst.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use super::part::DesktopPart;
use super::{Desktop, NOTIFICATIONS};
use crate::{Error, Result, run};

/// What is started, in this order: name on the bus, name of the package's service file.
const PARTS: [(&str, &str); 2] =
    [("org.xfce.Xfconf", "org.xfce.Xfconf"), (NOTIFICATIONS, "org.xfce.xfce4-notifyd.Notifications")];

impl Desktop {
    /// Whether XFCE's service is on this machine, and what presses its buttons.
    pub fn xfce_is_possible() -> bool {
        run::exists("xdotool") && PARTS.iter().all(|(_, file)| program(file).is_some())
    }

    /// Ends dunst and starts XFCE's service, with settings of its own.
    ///
    /// # Errors
    /// It is missing or does not come up.
    pub fn change_to_xfce(&mut self) -> Result<()> {
        self.parts.retain_mut(|part| part.name != "dunst" || !part.end());
        for (name, file) in PARTS {
            let program = program(file).ok_or_else(|| Error::new(format!("{file} is not installed")))?;
            let child = self
                .command(&program)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .map_err(|error| Error::new(format!("{}: {error}", program.display())))?;
            self.parts.push(DesktopPart { name: file, child });
            self.wait_for_name(name)?;
        }
        Ok(())
    }
}

/// The program that the bus would start; it lies where only the service file says.
fn program(file: &str) -> Option<PathBuf> {
    let text = fs::read_to_string(format!("/usr/share/dbus-1/services/{file}.service")).ok()?;
    let program = text.lines().find_map(|line| line.strip_prefix("Exec="))?;
    Some(program.split_whitespace().next()?.into())
}
