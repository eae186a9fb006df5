//! Support of the end-to-end tests: real servers and desktops, and fakes of the client's ports.
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
pub mod window_driver;
pub mod wine;

use std::io::Write;
use std::time::Duration;

use xtask::desktop::Desktop;

/// The deadline of every wait, generous enough for a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The locale of engines under test, independent of the machine's.
pub fn english() -> domain::Locale {
    domain::Locale { language: domain::Language::En, zone: jiff::tz::TimeZone::UTC }
}

/// Fails the test under `cargo xtask test`, and skips it elsewhere, because `what` is not installed.
pub fn missing(what: &str) {
    assert!(std::env::var_os("GATECALL_REAL_PARTS").is_none_or(|value| value != "1"), "{what} is missing");
    skipped(what);
}

/// A private desktop; `None` (with a SKIPPED line) where its programs are missing.
pub fn desktop() -> Option<Desktop> {
    if Desktop::is_possible() {
        return Some(Desktop::start().unwrap());
    }
    missing("a desktop (Xvfb, dbus-daemon, gnome-keyring-daemon, dunst)");
    None
}

/// Prints a test's measurements on a line of their own.
pub fn report(figures: &str) {
    // Written to the handle itself: the test harness captures `println!`.
    std::io::stdout().write_all(format!("{}\n", figures.trim_end()).as_bytes()).unwrap();
}

/// Prints that a test is skipped.
pub fn skipped(what: &str) {
    let line = format!("SKIPPED {}: {what} is missing\n", std::thread::current().name().unwrap_or_default());
    // Written to the handle itself: the test harness captures `println!`.
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

/// Polls until there is a result. For states that can only be observed from outside; everything else is awaited.
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
