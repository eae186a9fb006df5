//! The operating system's side: toasts, tray and keychain, made real behind the ports of `client`; and what the system
//! says about network, sleep and lock, about itself, and about the start with the session.
//!
//! Every call that can hang has a deadline and a thread of its own. A part that is missing today is tried again at the
//! next call: desktops start their services in any order.

pub mod autostart;
pub mod keychain;
pub mod lock;
pub mod network;
pub mod power;
pub mod system;
pub mod toasts;
pub mod tray;
