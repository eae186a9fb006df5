//! Operating system adapters: toasts, tray and keychain behind the ports of `client`; network, sleep and screen-lock
//! notifications; system information; autostart.
//!
//! Every call that can block has a deadline and its own thread. A missing service is tried again at the next call, since
//! desktops start their services in any order.

pub mod autostart;
pub mod keychain;
pub mod lock;
pub mod network;
pub mod power;
pub mod system;
pub mod toasts;
pub mod tray;
