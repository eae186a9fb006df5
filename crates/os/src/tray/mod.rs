//! Tray icon with state, unread count and a short menu.

#[cfg(target_os = "linux")]
mod icon;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;
mod view;

#[cfg(target_os = "linux")]
pub use linux::{Tray, host_present};
#[cfg(not(target_os = "linux"))]
pub use native::{Tray, host_present};
pub use view::{TrayAction, TrayView};
