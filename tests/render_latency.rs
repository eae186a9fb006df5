//! Time from a server's event to the painted row in the real window. A program of its own, since it measures time.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use support::signed_in_app::SignedInApp;

/// Events that are measured, one after the other.
const EVENTS: usize = 100;
/// The target, in milliseconds; a busy machine gets five times that.
const TARGET_MS: f64 = 100.0;

/// Records when each row was first painted, by this machine's clock. A frame that begins after the row was inserted
/// shows it; the task after that frame's callbacks runs when the frame is on its way to the screen.
const WATCH: &str = r#"
globalThis.painted = {};
new MutationObserver(() => {
    for (const row of document.querySelectorAll('[data-testid=row]')) {
        const id = row.dataset.id;
        if (id in painted) continue;
        painted[id] = null;
        requestAnimationFrame(() => setTimeout(() => (painted[id] = Date.now())));
    }
}).observe(document, { childList: true, subtree: true });
"#;

/// Waits until this many rows were painted; returns the time of the last.
const PAINTED: &str = r#"
const [many] = arguments, done = arguments[arguments.length - 1];
const look = () => {
    const times = Object.values(painted).filter((time) => time !== null);
    if (times.length >= many) done(Math.max(...times));
    else setTimeout(look, 1);
};
look();
"#;

#[tokio::test]
async fn an_event_is_a_painted_row_within_the_target() {
    let Some(desktop) = support::desktop() else { return };
    let Some(app) = SignedInApp::start(&desktop, "CUSTOMER").await else { return };
    let SignedInApp { server, window, .. } = &app;
    window.script(WATCH, vec![]).await;

    let mut took = Vec::with_capacity(EVENTS);
    for number in 1..=EVENTS {
        let sent = server.event("booking:cancelled", cancelled(number)).await;
        let painted = window.wait_for_script(PAINTED, vec![number.into()]).await;
        took.push(painted.as_f64().unwrap() - sent);
    }
    took.sort_by(f64::total_cmp);
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    support::report(&format!(
        "{EVENTS} events: emitted by the server to painted in the window p50 {:.0} ms, p95 {:.0} ms, at most {:.0} ms",
        at(50),
        at(95),
        at(100)
    ));
    assert!(at(95) <= TARGET_MS * 5.0, "p95 {} ms", at(95));
    app.end().await;
}

fn cancelled(number: usize) -> Value {
    json!({ "timestamp": format!("2025-11-10T12:{:02}:{:02}.000Z", number / 60, number % 60), "data": {
        "bookingId": format!("b-{number}"), "pnr": format!("P{number:05}"), "status": "CANCELLED",
        "flightNumber": "AA123", "origin": "JFK", "destination": "LAX" } })
}
