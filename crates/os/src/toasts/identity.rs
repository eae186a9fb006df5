//! Who the toasts come from: what a system wants to know before it shows any.

/// Tells the system who we are. Cheap and repeatable.
///
/// # Errors
/// Why the system does not know us: it would drop our toasts without a word, so that none are sent.
///
/// # Platform-specific
/// Windows: the AppUserModelID of a program without a shortcut in the Start menu is registered under
/// `HKCU\Software\Classes\AppUserModelId`; the icon is `gatecall.png` beside the program, where there is one. macOS: toasts
/// belong to an application bundle, which has to be installed.
pub(super) fn register() -> Result<(), String> {
    platform::register()
}

#[cfg(windows)]
mod platform {
    use std::path::PathBuf;

    use windows_registry::{CURRENT_USER, Result};

    /// Beside the program.
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

    /// The library takes it once, and takes on another program's identity when it is not told.
    static REGISTERED: OnceLock<Result<(), String>> = OnceLock::new();

    pub fn register() -> Result<(), String> {
        let register = || {
            notify_rust::set_application(domain::APP_ID)
                .map_err(|_| "macOS shows toasts of an installed application only".to_owned())
        };
        REGISTERED.get_or_init(register).clone()
    }
}
