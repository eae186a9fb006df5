//! Toasts, as the desktop shows them.

#[cfg(not(target_os = "linux"))]
mod identity;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;

#[cfg(target_os = "linux")]
pub use linux::Toasts;
#[cfg(not(target_os = "linux"))]
pub use native::Toasts;

/// The notification service, as it describes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it can do, in the words of the Desktop Notifications Specification.
    pub capabilities: Vec<String>,
}
