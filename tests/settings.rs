//! Settings and search in the real window: changes apply at once, and persist over a restart.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use support::eventually;
use support::signed_in_app::SignedInApp;
use support::window_driver::WindowDriver;

fn cancelled(id: &str) -> Value {
    json!({ "timestamp": "2025-11-10T12:00:00.000Z", "data": { "bookingId": id, "pnr": id, "status": "CANCELLED",
        "flightNumber": "AA123", "origin": "JFK", "destination": "LAX" } })
}

async fn click(window: &WindowDriver, selector: &str) {
    window.find(selector).await.click().await.unwrap();
}

#[tokio::test]
async fn test_toast_search_and_settings_work_in_the_window_and_persist() {
    let Some(desktop) = support::desktop() else { return };
    let Some(app) = SignedInApp::start(&desktop, "CUSTOMER").await else { return };
    let SignedInApp { server, window, .. } = &app;

    click(window, "[data-testid=open-settings]").await;
    click(window, "[data-testid=test-toast] button").await;
    window.find("[data-testid=test-toast][data-state=taken]").await;
    eventually("the toast is on screen", async || (desktop.toasts().unwrap() == 1).then_some(())).await;
    desktop.keep_picture("settings.png").unwrap();
    assert!(desktop.command("dunstctl").args(["action", "0"]).status().unwrap().success());
    window.find("[data-testid=test-toast][data-state=clicked]").await;

    click(window, "[data-testid=toasts-on]").await;
    click(window, "input[type=radio][value=de]").await;
    window.find("html[lang=de]").await;
    click(window, "[data-testid=settings-back]").await;
    server.event("booking:cancelled", cancelled("ABC123")).await;
    server.event("booking:cancelled", cancelled("XYZ789")).await;
    eventually("both rows are there", async || (window.count("[data-testid=row]").await == 2).then_some(())).await;
    assert_eq!(desktop.toasts().unwrap(), 0, "toasts are switched off");
    let row = window.text("[data-testid=row]").await;
    assert!(row.contains("XYZ789 storniert"), "{row}");

    window.find("[data-testid=search]").await.send_keys("abc").await.unwrap();
    eventually("only what fits is listed", async || (window.count("[data-testid=row]").await == 1).then_some(())).await;
    let found = window.text("[data-testid=row]").await;
    assert!(found.contains("ABC123"), "{found}");
    click(window, ".summary").await;
    let why = window.find("[data-testid=why]").await.text().await.unwrap();
    let expected =
        domain::outcome::Ruling::new(domain::outcome::OutcomeCode::InboxOnly, domain::outcome::RulingReason::ToastsOff);
    assert!(why.contains(&domain::text::outcome(&expected, domain::Language::De).text), "{why}");
    desktop.keep_picture("search.png").unwrap();

    // Escape clears the search.
    window.find("[data-testid=search]").await.send_keys("\u{e00c}").await.unwrap();
    click(window, "input[name=grouping]:not(:checked) + span").await;
    eventually("each booking is listed", async || (window.count(".summary").await == 2).then_some(())).await;
    click(window, ".summary").await;
    let event = window.find("[data-testid=thread-page] [data-testid=row]").await.text().await.unwrap();
    assert!(event.contains("storniert"), "{event}");
    let page = window.text("[data-testid=thread-page]").await;
    assert!(page.contains("XYZ789"), "{page}");
    desktop.keep_picture("thread.png").unwrap();
    click(window, "[data-testid=thread-back]").await;
    eventually("the list is back", async || (window.count(".summary").await == 2).then_some(())).await;

    let Some(app) = app.restarted(&desktop).await else { return };
    let window = &app.window;
    window.find("html[lang=de]").await;
    click(window, "[data-testid=open-settings]").await;
    window.find("[data-testid=toasts-on]:not(:checked)").await;
    app.end().await;
}
