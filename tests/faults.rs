//! Failures of server, keychain, notification service and disk: each is reported, and no stored row is lost.
#![allow(clippy::unwrap_used, reason = "tests")]

use client::ports::{KeychainError, ToastError};
use client::{RestError, SignInError};
use domain::Language;
use domain::connection::LinkReasonCode;
use domain::event::EventKind;
use domain::outcome::{OutcomeCode, RulingReason, Setting};
use serde_json::json;
use support::engine::{PASSWORD, TestEngine};
use support::eventually;
use support::node::PlainGateway;

const STAMP: &str = "2025-11-10T12:00:00.000Z";

#[tokio::test]
async fn a_wrong_password_shows_the_servers_message_in_both_forms() {
    for status in [201, 401] {
        let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
        server.set(json!({ "wrongPassword": status })).await;
        let engine = TestEngine::start().await;
        let error = engine.sign_in(&server.url(), "wrong").await.unwrap_err();
        assert!(matches!(&error, SignInError::Refused(text) if text == "Invalid credentials"), "{error:?}");
        engine.until_down(LinkReasonCode::NotSignedIn).await;
        assert!(engine.keychain.entries().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_is_down_or_no_booking_service_is_reported() {
    let engine = TestEngine::start().await;
    let error = engine.sign_in("http://127.0.0.1:1", PASSWORD).await.unwrap_err();
    let advice = "Check the address, and that this computer has a network.";
    assert_eq!(error.message(Language::En), format!("Nothing answers at 127.0.0.1. {advice}"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let portal = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = [0; 4096];
        let _ = stream.read(&mut seen).await.unwrap();
        let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<h1>Wi-Fi</h1>\r\n";
        stream.write_all(page.as_bytes()).await.unwrap();
    });
    let error = engine.sign_in(&address, PASSWORD).await.unwrap_err();
    assert!(matches!(error, SignInError::Unanswered { error: RestError::NotABookingService, .. }), "{error:?}");
    portal.await.unwrap();
}

#[tokio::test]
async fn unknown_malformed_and_huge_events_are_kept_and_break_nothing() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::online(&server.url()).await;
    server.control("raw", json!({ "channel": "booking:teleported", "args": [{ "data": { "to": "LAX" } }] })).await;
    server
        .control("raw", json!({ "channel": "booking:created", "args": [{ "data": { "bookingId": 7, "status": {} } }] }))
        .await;
    server.control("raw", json!({ "channel": "booking:cancelled", "args": ["nonsense", 17] })).await;
    server.control("raw", json!({ "channel": "payment:completed", "args": [] })).await;
    let huge = "x".repeat(1 << 20);
    let huge_name = huge.clone();
    server
        .control(
            "raw",
            json!({ "channel": "booking:updated", "args": [
                { "data": { "bookingId": "b-1", "pnr": huge, "status": "CONFIRMED" }, "timestamp": STAMP }] }),
        )
        .await;
    // An event whose name is a megabyte long.
    server.control("raw", json!({ "channel": huge_name, "args": [] })).await;
    let rows = engine.rows(6).await;
    assert!(rows[0].channel.len() < 100, "what is shown is cut");
    let rows = &rows[1..];
    let kinds: Vec<_> = rows.iter().rev().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::Unknown,
            EventKind::BookingCreated,
            EventKind::Unknown,
            EventKind::Unknown,
            EventKind::BookingUpdated
        ]
    );
    assert!(rows[0].title.chars().count() <= 80, "what is shown is cut");
    assert_eq!(engine.engine().snapshot().borrow().unread, 4, "an event of a newer server asks for nothing");
    // A new booking's toast is delayed for its payment; a restart meanwhile does not lose it.
    eventually("the booking is told", async || (!engine.toaster.titles().is_empty()).then_some(())).await;
    engine.restart().await;
    assert_eq!(&engine.rows(6).await[1..], rows, "all of it survives");
    engine.until_online().await;
}

#[tokio::test]
async fn an_oversized_message_closes_the_connection_and_the_next_one_stays() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.control("raw", json!({ "channel": "ping", "args": ["x".repeat(5 << 20)] })).await;
    let message = engine.until_down(LinkReasonCode::ConnectionLost).await;
    assert!(message.contains("MB, more than Gatecall takes"), "{message}");
    engine.until_online().await;
}

#[tokio::test]
async fn without_a_keychain_the_sign_in_lasts_for_the_session() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::start().await;
    engine.keychain.fail(Some(KeychainError::Unavailable("none here".to_owned())));
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    let now = engine.until_online().await;
    assert!(now.degraded.iter().any(|sentence| sentence.starts_with("Signed in for this session only")), "{now:?}");
    server.control("cut", json!({})).await;
    engine
        .until("it reconnects without the keychain", |now| {
            matches!(now.connection, domain::connection::ConnectionState::Connecting { .. })
        })
        .await;
    engine.until_online().await;
    engine.restart().await;
    engine.until_down(LinkReasonCode::Keychain).await;
}

#[tokio::test]
async fn a_failing_notification_service_loses_the_toast_but_keeps_the_row() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    engine.toaster.fail(Some(ToastError::Unavailable("nobody home".to_owned())));
    let event =
        |id: &str| json!({ "data": { "bookingId": id, "pnr": "ABC123", "status": "CANCELLED" }, "timestamp": STAMP });
    server.event("booking:cancelled", event("b-1")).await;
    engine.until("it says so", |now| now.degraded.iter().any(|text| text.starts_with("Toasts are not shown"))).await;
    let row = engine.rows(1).await.remove(0);
    assert_eq!(row.outcome.code, OutcomeCode::InboxOnly);
    assert_eq!((row.outcome.reason, row.outcome.setting), (Some(RulingReason::ToastFailed), Some(Setting::Desktop)));
    let said = engine.engine().snapshot().borrow().degraded.join(" ");
    assert!(said.contains("nobody home"), "{said}");
    engine.toaster.fail(None);
    server.event("booking:cancelled", event("b-2")).await;
    engine.until("it is well again", |now| now.degraded.is_empty()).await;
    // The toast that was shown ends the degraded state.
    assert_eq!(engine.toaster.titles(), ["Booking ABC123 cancelled"]);
}

#[tokio::test]
async fn a_locked_database_is_reported_and_loses_no_event() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    let event = |id: &str| json!({ "data": { "bookingId": id, "status": "CANCELLED" }, "timestamp": STAMP });
    server.event("booking:cancelled", event("b-0")).await;
    engine.rows(1).await;
    // A locked database has the same effect on the writer as a full disk.
    let blocker = support::engine::Blocker::new(engine.folder());
    server.event("booking:cancelled", event("b-1")).await;
    engine
        .until("it says so", |now| now.degraded.iter().any(|text| text.starts_with("New events cannot be kept")))
        .await;
    server.event("booking:cancelled", event("b-2")).await;
    drop(blocker);
    let rows = engine.rows(3).await;
    assert_eq!(rows.len(), 3);
    engine.until("it is well again", |now| now.degraded.is_empty()).await;
}
