//! Toasts of the desktop.

#[cfg(not(target_os = "linux"))]
mod identity;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;
mod service;

#[cfg(target_os = "linux")]
pub use linux::Toasts;
#[cfg(not(target_os = "linux"))]
pub use native::Toasts;
pub use service::NotificationService;
