//! Application identity, registered with the system before it shows any toast.

/// Registers the application. Cheap and idempotent.
///
/// # Errors
/// The reason why registration failed. The system would silently drop our toasts, so none are sent.
///
/// # Platform-specific
/// Windows: registers the AppUserModelID under `HKCU\Software\Classes\AppUserModelId`, as required for a program without a
/// Start menu shortcut; the icon is `gatecall.png` next to the executable, if it exists. macOS: toasts require an installed
/// application bundle.
pub(super) fn register() -> Result<(), String> {
    platform::register()
}

#[cfg(windows)]
mod platform {
    use std::path::PathBuf;

    use windows_registry::{CURRENT_USER, Result};

    /// File name of the icon, next to the executable.
    const ICON: &str = "gatecall.png";

    pub fn register() -> std::result::Result<(), String> {
        write().map_err(|error| format!("Windows does not take our registration ({})", error.message()))
    }

    fn write() -> Result<()> {
        let key = CURRENT_USER.create(format!(r"Software\Classes\AppUserModelId\{}", domain::APP_ID))?;
        key.set_string("DisplayName", "Gatecall")?;
        match icon() {
            Some(path) => key.set_string("IconUri", path.to_string_lossy()),
            None => Ok(()),
        }
    }

    fn icon() -> Option<PathBuf> {
        let beside = std::env::current_exe().ok()?.with_file_name(ICON);
        beside.is_file().then_some(beside)
    }
}

#[cfg(target_os = "macos")]
mod platform {
    use std::sync::OnceLock;

    /// Result of the registration: the library accepts one, and uses another program's identity without it.
    static REGISTERED: OnceLock<Result<(), String>> = OnceLock::new();

    pub fn register() -> Result<(), String> {
        let register = || {
            notify_rust::set_application(domain::APP_ID)
                .map_err(|_| "macOS shows toasts of an installed application only".to_owned())
        };
        REGISTERED.get_or_init(register).clone()
    }
}
