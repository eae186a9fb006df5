//! What the end-to-end tests stand on: real servers and desktops, and fakes of the client's ports.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot go on panics")]

pub mod certs;
pub mod disk;
pub mod engine;
pub mod fakes;
pub mod fault_proxy;
pub mod forward_proxy;
pub mod gateway_process;
pub mod ipc_client;
pub mod namespaces;
pub mod node;
pub mod notification_service;
pub mod programs;
pub mod random;
pub mod resident_process;
pub mod scripted_server;
pub mod signed_in_app;
pub mod toast_harness;
pub mod tray_host;
pub mod virtual_display;
pub mod window_process;
pub mod wine;

use std::io::Write;
use std::time::Duration;

use xtask::desktop::Desktop;

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What an engine speaks in tests, wherever they run.
pub fn english() -> domain::Locale {
    domain::Locale { language: domain::Language::En, zone: jiff::tz::TimeZone::UTC }
}

/// Whether a part that is not on this machine fails the test, as under `cargo xtask test`, or skips it.
pub fn missing(what: &str) {
    assert!(std::env::var_os("GATECALL_REAL_PARTS").is_none_or(|value| value != "1"), "{what} is missing");
    skipped(what);
}

/// A desktop of the test's own; `None` (after saying so) where its parts are missing.
pub fn desktop() -> Option<Desktop> {
    if Desktop::is_possible() {
        return Some(Desktop::start().unwrap());
    }
    missing("a desktop (Xvfb, dbus-daemon, gnome-keyring-daemon, dunst)");
    None
}

/// Says what a test measured, on a line of its own.
pub fn report(figures: &str) {
    // Straight to the handle: the harness would keep a printed line to itself.
    std::io::stdout().write_all(format!("{}\n", figures.trim_end()).as_bytes()).unwrap();
}

/// Says that a test had nothing to run on.
pub fn skipped(what: &str) {
    let line = format!("SKIPPED {}: {what} is missing\n", std::thread::current().name().unwrap_or_default());
    // Straight to the handle: the harness would keep a printed line to itself.
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

/// Asks again until there is an answer. For what can only be seen from outside; everything else is awaited.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
