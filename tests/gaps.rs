//! Catch-up with a real plain server: missed changes are found by comparing states, each once.
#![allow(clippy::unwrap_used, reason = "tests")]

use domain::connection::ConnectionState;
use domain::criteria::Criteria;
use domain::event::EventKind;
use domain::outcome::OutcomeCode;
use domain::view::RoomState;
use serde_json::{Value, json};
use support::disk::SmallDisk;
use support::engine::{PASSWORD, TestEngine};
use support::eventually;
use support::node::PlainGateway;

const BEFORE: &str = "2025-11-10T12:00:00.000Z";
const AFTER: &str = "2025-11-10T13:00:00.000Z";

fn booking(n: usize, status: &str, updated_at: &str) -> Value {
    json!({ "id": format!("b-{n}"), "pnr": format!("PNR{n:03}"), "status": status, "updatedAt": updated_at,
        "listed": true, "flight": { "id": "f-1", "flightNumber": "AA123", "origin": "JFK", "destination": "LAX",
        "status": "SCHEDULED" } })
}

async fn set(server: &PlainGateway, booking: Value) {
    server.control("booking", booking).await;
}

/// Waits until the engine is online and has caught up.
async fn complete(engine: &TestEngine, server: &PlainGateway) {
    engine.until_online().await;
    // The watermark is written after the first comparison; a later event proves the order.
    let before = engine.engine().snapshot().borrow().total;
    let marker = json!({ "data": { "bookingId": "marker", "note": before }, "timestamp": BEFORE });
    server.event("booking:updated", marker).await;
    engine.rows(before + 1).await;
}

#[tokio::test]
async fn a_change_during_a_restart_and_its_late_event_make_one_row() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    set(&server, booking(1, "CONFIRMED", BEFORE)).await;
    let mut engine = TestEngine::online(&server.url()).await;
    complete(&engine, &server).await;
    assert_eq!(engine.toaster.titles(), [""; 0], "the first comparison shows no toast");

    engine.stop().await;
    set(&server, booking(1, "CANCELLED", AFTER)).await;
    engine.restart().await;
    let rows = engine.rows(2).await;
    assert_eq!((rows[0].kind, rows[0].title.as_str()), (EventKind::BookingCancelled, "Booking PNR001 cancelled"));
    eventually("up to three missed events have toasts of their own", async || {
        let row = engine.engine().list(Criteria::default(), None, 1).await.unwrap().items.remove(0);
        (row.outcome.code == OutcomeCode::Popped).then_some(())
    })
    .await;
    eventually("and its toast is shown", async || (!engine.toaster.titles().is_empty()).then_some(())).await;
    assert!(rows[0].away.is_some());
    engine.until("no digest is left to be looked at", |now| now.digest.is_none()).await;

    // The event itself, which the server emitted during the comparison.
    let late = json!({ "event": "BOOKING_CANCELLED", "timestamp": AFTER,
        "data": { "bookingId": "b-1", "pnr": "PNR001", "status": "CANCELLED", "cancelledAt": AFTER } });
    server.event("booking:cancelled", late.clone()).await;
    server.event("booking:cancelled", late).await;
    server.event("booking:updated", json!({ "data": { "bookingId": "b-9", "status": "X" }, "timestamp": AFTER })).await;
    let rows = engine.rows(3).await;
    assert_eq!(rows.iter().filter(|row| row.kind == EventKind::BookingCancelled).count(), 1);
    assert_eq!(engine.toaster.titles().iter().filter(|title| title.contains("cancelled")).count(), 1);
    // A second restart finds no change.
    engine.restart().await;
    complete(&engine, &server).await;
    assert_eq!(engine.engine().snapshot().borrow().total, 4);
}

#[tokio::test]
async fn many_missed_changes_make_one_digest_with_the_worst_first() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    for n in 0..1_050 {
        set(&server, booking(n, "PENDING", BEFORE)).await;
    }
    let mut engine = TestEngine::online(&server.url()).await;
    complete(&engine, &server).await;
    engine.stop().await;
    for n in 0..1_000 {
        set(&server, booking(n, if n == 77 { "CANCELLED" } else { "CONFIRMED" }, AFTER)).await;
    }
    engine.restart().await;
    let now = engine.until("the digest", |now| now.digest.is_some()).await;
    let digest = now.digest.unwrap();
    assert_eq!(digest.title, "1000 of your bookings changed");
    assert!(digest.body.contains("Booking PNR077 cancelled; ") && digest.body.contains("998 more"), "{}", digest.body);
    assert!(digest.body.contains("What changed and changed back is not known. Verified at "), "{}", digest.body);
    assert_eq!(digest.items[0].kind, EventKind::BookingCancelled);
    assert_eq!(engine.toaster.titles(), ["1000 of your bookings changed"], "one toast for all of them");
    let rows = engine.rows(1_001).await;
    assert!(rows.iter().all(|row| row.away == Some(digest.gap) && row.outcome.code == OutcomeCode::Digest));

    // The digest stays until it is dismissed, also over a restart, and is shown once.
    engine.restart().await;
    complete(&engine, &server).await;
    let gap = engine.engine().snapshot().borrow().digest.as_ref().unwrap().gap;
    engine.engine().dismiss_digest(gap).await.unwrap();
    assert!(engine.engine().snapshot().borrow().digest.is_none());
    assert_eq!(engine.toaster.titles().len(), 1);
}

#[tokio::test]
async fn catch_up_at_the_desk_fetches_only_what_changed() {
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    for n in 0..350 {
        set(&server, booking(n, "PENDING", if n < 20 { BEFORE } else { "2025-11-01T12:00:00.000Z" })).await;
    }
    let mut engine = TestEngine::online(&server.url()).await;
    engine.engine().subscribe("admin".to_owned()).await;
    engine.until("joined", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    engine.restart().await;
    complete(&engine, &server).await;
    let listed = server.seen().await["listed"].as_u64().unwrap();
    engine.stop().await;
    for n in 0..10 {
        set(&server, booking(n, "CANCELLED", AFTER)).await;
    }
    engine.restart().await;
    let now = engine.until("the digest", |now| now.digest.is_some()).await;
    assert_eq!(now.digest.unwrap().title, "10 of your bookings changed");
    let pages = server.seen().await["listed"].as_u64().unwrap() - listed;
    assert_eq!(pages, 1, "the second page holds nothing that is new");
}

#[tokio::test]
async fn a_missed_flight_change_makes_one_row_for_all_its_bookings() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    for n in 0..3 {
        set(&server, booking(n, "CONFIRMED", BEFORE)).await;
    }
    let mut engine = TestEngine::online(&server.url()).await;
    complete(&engine, &server).await;
    engine.stop().await;
    for n in 0..3 {
        let mut delayed = booking(n, "CONFIRMED", BEFORE);
        delayed["flight"]["status"] = "CANCELLED".into();
        set(&server, delayed).await;
    }
    engine.restart().await;
    let rows = engine.rows(2).await;
    assert_eq!((rows[0].kind, rows[0].title.as_str()), (EventKind::FlightStatus, "AA123 to LAX cancelled"));
    // The digest is published after its rows.
    eventually("the toast is shown", async || (!engine.toaster.titles().is_empty()).then_some(())).await;
    assert_eq!(engine.toaster.titles(), ["AA123 to LAX cancelled"]);
}

#[tokio::test]
async fn live_events_are_shown_while_catch_up_fails() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    set(&server, booking(1, "CONFIRMED", BEFORE)).await;
    let mut engine = TestEngine::online(&server.url()).await;
    complete(&engine, &server).await;
    server.set(json!({ "restDown": true })).await;
    engine.restart().await;
    engine.until("it says so", |now| now.degraded.iter().any(|text| text.contains("is not verified yet"))).await;
    assert!(matches!(engine.engine().snapshot().borrow().connection, ConnectionState::Online { .. }));
    server
        .event(
            "booking:cancelled",
            json!({ "data": { "bookingId": "b-1", "status": "CANCELLED" }, "timestamp": AFTER }),
        )
        .await;
    engine.rows(2).await;
    server.set(json!({ "restDown": false })).await;
    engine.until("verified", |now| now.degraded.is_empty()).await;
}

#[tokio::test]
async fn a_full_disk_is_reported_loses_no_event_and_recovers() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let Some(disk) = SmallDisk::new(1_200) else { return };
    let engine = TestEngine::in_folder(disk.path()).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    engine.until_online().await;
    let note = "x".repeat(4_000);
    let event = async |n: u64| {
        let data = json!({ "bookingId": format!("b-{n}"), "pnr": "ABC123", "status": "CONFIRMED", "note": note });
        server.event("booking:confirmed", json!({ "data": data, "timestamp": AFTER })).await;
    };
    let is_full =
        |now: &domain::view::Snapshot| now.degraded.iter().any(|text| text.starts_with("New events cannot be kept"));
    let mut sent = 0;
    while !is_full(&engine.engine().snapshot().borrow()) {
        event(sent).await;
        sent += 1;
        assert!(sent < 2_000, "the disk never filled up");
    }
    for _ in 0..20 {
        event(sent).await;
        sent += 1;
    }
    let stored = engine.engine().snapshot().borrow().total;
    assert!(stored < sent, "{stored} of {sent} fitted");
    // Stored rows stay readable.
    assert!(!engine.engine().list(Criteria::default(), None, 10).await.unwrap().items.is_empty());
    disk.resize(64_000);
    engine.until("all of it is kept", |now| now.total == sent).await;
    engine.until("it is well again", |now| now.degraded.is_empty()).await;
}

#[tokio::test]
async fn buffered_events_are_kept_when_the_connection_ends_during_catch_up() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::online(&server.url()).await;
    complete(&engine, &server).await;
    // Live events are buffered while states cannot be fetched; then the connection is cut.
    server.set(json!({ "restDown": true })).await;
    engine.restart().await;
    engine.until_online().await;
    let payment = json!({ "timestamp": AFTER, "data": { "bookingId": "b-1", "paymentId": "p-1", "amount": "450.00",
        "currency": "USD", "status": "SUCCEEDED" } });
    server.event("payment:completed", payment).await;
    server.control("cut", json!({})).await;
    engine.until("the cut", |now| !matches!(now.connection, ConnectionState::Online { .. })).await;
    let rows = engine.rows(2).await;
    assert_eq!(rows[0].kind, EventKind::PaymentCompleted, "no comparison of states would bring it back");
}
