//! Autostart with the desktop session. Nothing is cached: the operating system is asked each time.
//!
//! The entry starts the program with `--hidden`, which shows the window anyway where the desktop has no tray.
//!
//! # Platform-specific
//! Linux: a desktop entry in `$XDG_CONFIG_HOME/autostart`, by the Desktop Application Autostart Specification. Windows: a
//! value of the user's `Run` key, and the switch that the Task Manager keeps beside it. macOS: a launch agent.

#[cfg(unix)]
mod files;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(all(test, target_os = "linux"))]
mod linux_tests;
#[cfg(target_os = "macos")]
mod macos;
mod registration;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(target_os = "macos")]
use macos as platform;
#[cfg(windows)]
use windows as platform;

pub use registration::AutostartRegistration;
