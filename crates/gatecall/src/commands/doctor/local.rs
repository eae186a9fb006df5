//! Checks of what is on this machine: settings, resident, tray, inbox and window program.

use std::time::Duration;

use client::{SettingsFile, Store, database_path};
use domain::settings::Settings;
use ipc::{Client, IpcConnectError, PeerKind};

use super::check::{CheckResult, failed, ok, warning};
use super::hints::HINTS;
use crate::profile::Profile;

/// Deadline of the query whether the desktop has a tray.
const TRAY_DEADLINE: Duration = Duration::from_secs(1);

/// Checks the settings file. Also returns the settings, or the defaults if they cannot be read.
pub fn settings(profile: &Profile) -> (CheckResult, Settings) {
    let folder = profile.config_dir.display();
    match SettingsFile::in_dir(&profile.config_dir).load() {
        Ok(settings) => (ok("settings", format!("{folder}")), settings),
        Err(error) => {
            let step = "Correct the file, or move it away to start afresh.";
            (failed("settings", error.to_string(), step), Settings::default())
        }
    }
}

/// Checks whether the resident is running.
pub async fn resident(profile: &Profile) -> CheckResult {
    match Client::connect(&profile.endpoint(), PeerKind::Caller).await {
        Ok(_) => ok("resident", "running"),
        Err(IpcConnectError::NotRunning(_)) => {
            warning("resident", "not running: no toasts come", "Start `gatecall`; `--hidden` starts it in the tray.")
        }
        Err(error) => failed("resident", error.to_string(), "Quit Gatecall and start it again."),
    }
}

/// Checks whether the desktop has a tray.
pub async fn tray() -> CheckResult {
    if os::tray::host_present(TRAY_DEADLINE).await {
        ok("tray", "the desktop has one")
    } else {
        warning("tray", HINTS.no_tray, HINTS.tray)
    }
}

/// Checks the integrity of the inbox.
pub fn database(profile: &Profile) -> CheckResult {
    let path = database_path(&profile.data_dir);
    let is_sound = Store::open_read_only(&path).and_then(|store| store.map(|store| store.is_sound()).transpose());
    match is_sound {
        Ok(None) => ok("inbox", "not there yet; it comes with the first start"),
        Ok(Some(true)) => ok("inbox", format!("{} is sound", path.display())),
        Ok(Some(false)) => {
            failed("inbox", format!("{} is damaged", path.display()), "Keep a copy of it, then move it away.")
        }
        Err(error) => failed("inbox", error.to_string(), "Check the folder's permissions and the space on the disk."),
    }
}

/// Checks that the window program is installed.
pub fn window() -> CheckResult {
    match crate::resident::window_program() {
        Ok(path) if path.is_file() => ok("window", format!("{}", path.display())),
        Ok(path) => warning(
            "window",
            format!("{} is missing", path.display()),
            "Install the whole package, or build it: `cargo build -p gatecall-window`.",
        ),
        Err(error) => failed("window", error.to_string(), "Reinstall Gatecall."),
    }
}
