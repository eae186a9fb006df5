//! The desk in the real window: offered to an admin, joined once the server confirms, exported, left again.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use support::eventually;
use support::signed_in_app::SignedInApp;

fn status(flight: &str, number: &str, bookings: usize) -> Value {
    let affected: Vec<String> = (0..bookings).map(|booking| format!("{flight}-{booking}")).collect();
    json!({ "timestamp": "2025-11-10T12:00:00.000Z", "data": { "flightId": flight, "flightNumber": number,
        "oldStatus": "SCHEDULED", "newStatus": "CANCELLED", "affectedBookings": affected } })
}

#[tokio::test]
async fn an_admin_joins_watches_exports_and_leaves_the_desk() {
    let Some(desktop) = support::desktop() else { return };
    let Some(app) = SignedInApp::start(&desktop, "ADMIN").await else { return };
    let SignedInApp { server, window, resident, .. } = &app;

    window.find("[popovertarget=account-menu]").await.click().await.unwrap();
    window.find("[data-testid=desk][aria-checked=false]").await.click().await.unwrap();
    window.find("[data-testid=desk][aria-checked=true] [data-tone=good]").await;
    assert_eq!(server.seen().await["subscribes"], json!([["admin"]]));
    desktop.keep_picture("desk.png").unwrap();
    window.escape().await;
    window.find("[data-testid=open-desk]").await.click().await.unwrap();
    window.find("[data-testid=desk-pulse]").await;
    server.event("flight:status-changed", status("f-1", "BA9", 2)).await;
    server.event("flight:status-changed", status("f-2", "AA123", 9)).await;
    eventually("both flights are there", async || (window.count("[data-testid=desk-flight]").await == 2).then_some(()))
        .await;
    eventually("the one that is hit most is first", async || {
        let first = window.text("[data-testid=desk-flight]").await;
        (first.contains("AA123") && first.contains('9')).then_some(())
    })
    .await;
    desktop.keep_picture("desk-page.png").unwrap();

    // The shift's events are exported to a file.
    window.find("[data-testid=desk-export]").await.click().await.unwrap();
    window.find("[data-testid=export-run]").await.click().await.unwrap();
    let written = eventually("the file is there", async || {
        let files = std::fs::read_dir(resident.profile().join("downloads")).ok()?;
        files.map(|file| file.unwrap().path()).find(|path| path.extension().is_some_and(|extension| extension == "md"))
    })
    .await;
    window.find(".selectable").await;
    let text = std::fs::read_to_string(written).unwrap();
    assert!(text.contains("AA123") && text.contains("BA9") && !text.contains("test@example.com"), "{text}");
    window.escape().await;
    window.find("[data-testid=desk-back]").await.click().await.unwrap();
    eventually("the list has caught up", async || (window.count("[data-testid=row]").await == 2).then_some(())).await;

    // A row is archived, and restored by undo.
    window.find("[data-testid=done]").await.click().await.unwrap();
    eventually("the row is gone", async || (window.count("[data-testid=row]").await == 1).then_some(())).await;
    eventually("so it is for scripts", async || (resident.list().await.len() == 1).then_some(())).await;
    window.find("[data-testid=undo]").await.click().await.unwrap();
    eventually("the row is back", async || (window.count("[data-testid=row]").await == 2).then_some(())).await;

    window.find("[popovertarget=account-menu]").await.click().await.unwrap();
    window.find("[data-testid=desk]").await.click().await.unwrap();
    window.find("[data-testid=desk][aria-checked=false]").await;
    app.end().await;
}
