//! A session bus of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::part::{DesktopPart, first_line};
use crate::{Error, Result, run};

/// A private `dbus-daemon`; ends with the value.
#[derive(Debug)]
pub struct Bus {
    part: Option<DesktopPart>,
    address: String,
}

impl Bus {
    /// Whether this machine has what it takes.
    pub fn is_possible() -> bool {
        run::exists("dbus-daemon")
    }

    /// Starts one with its socket in this folder, and its service files in `services` there.
    ///
    /// # Errors
    /// It is missing or does not come up.
    pub fn start(folder: &Path) -> Result<Self> {
        let config = folder.join("bus.conf");
        let socket = folder.join("bus");
        // No service files but ours: nothing of this machine's own desktop is started by a message.
        fs::write(
            &config,
            format!(
                "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN\" \
                 \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig><type>session</type>\
                 <listen>unix:path={}</listen><auth>EXTERNAL</auth><servicedir>{}</servicedir>\
                 <policy context=\"default\">\
                 <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
                 </policy></busconfig>",
                socket.display(),
                folder.join("services").display()
            ),
        )?;
        let mut child = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Error::new(format!("dbus-daemon: {error}")))?;
        let address = first_line(&mut child);
        let part = Some(DesktopPart { name: "dbus-daemon", child });
        let mut bus = Self { part, address: String::new() };
        // Without the number of this very daemon: one that comes up at the same place later is as good.
        bus.address = address?.split(",guid=").next().unwrap_or_default().to_owned();
        Ok(bus)
    }

    /// The D-Bus address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it, and every connection to it.
    pub fn end(&mut self) {
        if let Some(mut part) = self.part.take() {
            part.end();
        }
    }

    /// The process, to end with a desktop's others.
    pub(super) fn into_part(mut self) -> Option<DesktopPart> {
        self.part.take()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.end();
    }
}
