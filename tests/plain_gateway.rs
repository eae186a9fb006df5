//! Our client against a real `socket.io` server that behaves like deployed gateways: the wire facts W1 to W16.
#![allow(clippy::unwrap_used, reason = "tests")]

use domain::Secret;
use domain::account::ServerUrl;
use domain::connection::{ConnectionState, LinkReasonCode};
use domain::criteria::Criteria;
use domain::event::EventKind;
use domain::rooms::Room;
use domain::settings::Account;
use domain::view::{Notification, RoomState};
use serde_json::{Value, json};
use support::engine::{EMAIL, PASSWORD, TestEngine};
use support::node::PlainGateway;

const STAMP: &str = "2025-11-10T12:00:00.000Z";

fn created(id: &str) -> Value {
    json!({ "event": "BOOKING_CREATED", "timestamp": STAMP, "data": {
        "bookingId": id, "pnr": "ABC123", "status": "PENDING", "flightNumber": "AA123", "origin": "JFK",
        "destination": "LAX", "totalPrice": 450.00, "currency": "USD", "passengerCount": 1 } })
}

#[tokio::test]
async fn the_six_event_kinds_become_readable_rows() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.event("booking:created", created("b-1")).await;
    // W3: the name on the wire decides, not the envelope's `event`.
    server
        .event(
            "booking:confirmed",
            json!({ "event": "BOOKING_UPDATED", "timestamp": STAMP,
                "data": { "bookingId": "b-1", "pnr": "ABC123", "status": "CONFIRMED", "confirmedAt": STAMP } }),
        )
        .await;
    // W8: money as text; W5: a payment knows nothing but the booking's id.
    server
        .event(
            "payment:completed",
            json!({ "event": "PAYMENT_COMPLETED", "timestamp": STAMP,
                "data": { "bookingId": "b-1", "paymentId": "p-1", "amount": "450.00", "currency": "USD", "status": "SUCCEEDED" } }),
        )
        .await;
    // W6: no affected bookings, and an unknown status.
    server
        .event(
            "flight:status-changed",
            json!({ "event": "FLIGHT_STATUS_CHANGED", "timestamp": STAMP,
                "data": { "flightId": "f-1", "flightNumber": "AA123", "oldStatus": "SCHEDULED", "newStatus": "GATE_CHANGED" } }),
        )
        .await;
    server
        .event("booking:updated", json!({ "data": { "bookingId": "b-1", "status": "ON_HOLD" }, "timestamp": STAMP }))
        .await;
    server
        .event(
            "booking:cancelled",
            json!({ "event": "BOOKING_CANCELLED", "timestamp": STAMP,
                "data": { "bookingId": "b-1", "pnr": "ABC123", "status": "CANCELLED", "cancelledAt": STAMP } }),
        )
        .await;
    let rows = engine.rows(6).await;
    let titles: Vec<_> = rows.iter().rev().map(|row| row.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Booking ABC123 created",
            "Booking ABC123 confirmed",
            "Payment of 450.00 USD received",
            "AA123: gate changed",
            "Booking ABC123 updated: on hold",
            "Booking ABC123 cancelled",
        ]
    );
    assert_eq!(rows[3].body, "Booking ABC123 · AA123 JFK → LAX", "joined by the booking's id");
    assert_eq!(rows[5].amount.as_ref().unwrap().to_string(), "450.00 USD");
}

#[tokio::test]
async fn an_agent_gets_each_event_twice_and_stores_it_once() {
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    engine.engine().subscribe("admin".to_owned()).await;
    engine.until("joined", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    for id in ["b-1", "b-2"] {
        server.event("booking:created", created(id)).await;
    }
    server.event("booking:created", created("b-3")).await;
    let rows = engine.rows(3).await;
    assert_eq!(rows.iter().map(|row| row.booking_id.as_deref().unwrap()).collect::<Vec<_>>(), ["b-3", "b-2", "b-1"]);
    assert!(engine.toaster.titles().is_empty(), "new bookings are only counted at the desk");
}

#[tokio::test]
async fn an_agents_own_bookings_are_distinguished_by_the_copies_of_their_events() {
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    let own = "user:user-1";
    server.event("booking:created", created("before")).await;
    engine.rows(1).await;
    server.set(json!({ "confirmRooms": false })).await;
    engine.engine().subscribe("admin".to_owned()).await;
    support::eventually("asked", async || (server.seen().await["subscribes"] == json!([["admin"]])).then_some(()))
        .await;
    server.tell(&["admin"], "booking:created", created("unconfirmed")).await;
    engine.rows(2).await;
    server.set(json!({ "confirmRooms": true })).await;
    server.control("cut", json!({})).await;
    engine.until("joined", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    server.event("booking:created", created("own")).await;
    server.tell(&["admin"], "booking:created", created("other")).await;
    let paid = json!({ "timestamp": STAMP, "data": { "bookingId": "own", "amount": 450, "currency": "USD" } });
    server.tell(&[own], "payment:completed", paid).await;
    server.tell(&["admin"], "gate:changed", json!({ "timestamp": STAMP, "data": {} })).await;
    let rows = engine.rows(6).await;
    let id_and_rooms = |row: &Notification| {
        let rooms = row.rooms.iter().map(|room| room.as_str().to_owned()).collect::<Vec<_>>();
        (row.booking_id.clone().unwrap_or_else(|| row.channel.clone()), rooms.join(" "))
    };
    let expected = [
        ("gate:changed", "user: admin"),
        ("own", "user:"),
        ("other", "admin"),
        ("own", "user: admin"),
        ("unconfirmed", "user: admin"),
        ("before", "user:"),
    ];
    let expected = expected.map(|(what, rooms)| (what.to_owned(), rooms.to_owned()));
    assert_eq!(rows.iter().map(id_and_rooms).collect::<Vec<_>>(), expected);
    for (room, expected) in [(Room::Own, 5), (Room::Named("admin".to_owned()), 4), (Room::Named("x".to_owned()), 0)] {
        let criteria = Criteria { room: Some(room.clone()), ..Criteria::default() };
        let page = engine.engine().list(criteria, None, 200).await.unwrap();
        assert_eq!(page.items.len(), expected, "{room:?}");
    }
}

#[tokio::test]
async fn rooms_are_requested_after_each_connect_and_joined_when_confirmed() {
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.set(json!({ "confirmRooms": false })).await;
    engine.engine().subscribe("admin".to_owned()).await;
    engine.until("asked", |now| now.rooms.iter().any(|room| room.state == RoomState::Requested)).await;
    server.set(json!({ "confirmRooms": true })).await;
    server.control("cut", json!({})).await;
    let joined = |now: &domain::view::Snapshot| now.rooms.iter().any(|room| room.state == RoomState::Joined);
    engine.until("joined after the reconnect", joined).await;
    assert_eq!(server.seen().await["subscribes"], json!([["admin"], ["admin"]]));
}

#[tokio::test]
async fn unsubscribing_leaves_the_room_at_the_server_and_for_good() {
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let mut engine = TestEngine::online(&server.url()).await;
    engine.engine().subscribe("admin".to_owned()).await;
    engine.until("joined", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    engine.engine().unsubscribe("admin".to_owned()).await;
    engine.until("left", |now| now.rooms.is_empty()).await;
    support::eventually("the server knows", async || {
        let rooms = server.control("rooms", json!({})).await;
        (!rooms.as_array().unwrap().contains(&json!("admin"))).then_some(())
    })
    .await;
    engine.restart().await;
    engine.until_online().await;
    assert_eq!(server.seen().await["subscribes"], json!([["admin"]]), "not asked for again");
}

#[tokio::test]
async fn a_held_room_is_left_with_its_last_hold_and_not_saved() {
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    for _ in 0..2 {
        engine.engine().hold_room("admin".to_owned()).await;
    }
    engine.until("joined", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    engine.engine().release_room("admin".to_owned()).await;
    // Commands are handled in order: the one before is done when this one is.
    engine.engine().hold_room("other".to_owned()).await;
    let now = engine.until("both", |now| now.rooms.len() == 2).await;
    assert!(now.rooms.iter().any(|room| room.room == "admin"), "held once more");
    engine.engine().release_room("admin".to_owned()).await;
    engine.until("left", |now| now.rooms.iter().all(|room| room.room != "admin")).await;
    let settings = std::fs::read_to_string(engine.folder().join("settings.json")).unwrap();
    assert!(!settings.contains("admin"), "{settings}");
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once_before_a_sign_in_is_requested() {
    for refusal in ["kick", "error", "silence"] {
        let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
        let engine = TestEngine::online(&server.url()).await;
        server.set(json!({ "refusal": refusal, "refuseAll": true })).await;
        server.control("cut", json!({})).await;
        let message = engine.until_down(LinkReasonCode::TokenRefused).await;
        let words = if refusal == "error" { ": Unauthorized" } else { "" };
        assert_eq!(message, format!("The server no longer accepts the sign-in{words}"));
        let now = engine.engine().snapshot().borrow().clone();
        assert!(matches!(now.connection, ConnectionState::SignInNeeded { .. }), "{refusal}");
        let seen = server.seen().await;
        assert_eq!((&seen["refreshes"], &seen["refused"]), (&json!(1), &json!(2)), "{refusal}");
        // Signing in again is sufficient.
        server.set(json!({ "refuseAll": false })).await;
        engine.sign_in(&server.url(), PASSWORD).await.unwrap();
        engine.until_online().await;
    }
}

#[tokio::test]
async fn a_disconnect_after_connected_is_no_token_refusal() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.control("kick", json!({})).await;
    engine.until_down(LinkReasonCode::ServerClosed).await;
    engine.until_online().await;
    assert_eq!(server.seen().await["refreshes"], 0);
}

#[tokio::test]
async fn an_expiring_token_is_refreshed_before_use_and_the_new_refresh_token_kept() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::start().await;
    server.set(json!({ "accessSecs": 30 })).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    let first = engine.keychain.entries();
    engine.until_online().await;
    assert_ne!(engine.keychain.entries(), first, "refreshed before the first use, and kept");
    let seen = server.seen().await;
    assert_eq!((&seen["refused"], &seen["refreshes"]), (&json!(0), &json!(1)));
    server.set(json!({ "accessSecs": 3600 })).await;
    engine.restart().await;
    engine.until_online().await;
    let seen = server.seen().await;
    assert_eq!((&seen["refused"], &seen["logins"]), (&json!(0), &json!(1)), "the rotated token was accepted");
}

#[tokio::test]
async fn only_a_definite_refusal_of_the_refresh_requests_a_sign_in() {
    for (status, expected) in
        [(500, None), (404, Some(LinkReasonCode::TokenRefused)), (401, Some(LinkReasonCode::TokenRefused))]
    {
        let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
        let engine = TestEngine::online(&server.url()).await;
        server.set(json!({ "refresh": status, "refuseAll": true })).await;
        server.control("cut", json!({})).await;
        match expected {
            Some(code) => drop(engine.until_down(code).await),
            None => {
                engine.until_down(LinkReasonCode::ServerBusy).await;
                let now = engine.engine().snapshot().borrow().clone();
                assert!(matches!(now.connection, ConnectionState::Waiting { .. }), "{status}: {now:?}");
                server.set(json!({ "refresh": "ok", "refuseAll": false })).await;
                engine.engine().reconnect().await;
                engine.until_online().await;
            }
        }
    }
}

#[tokio::test]
async fn a_payment_for_an_unknown_booking_is_looked_up() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    let booking = json!({ "id": "b-9", "pnr": "XYZ789", "status": "CONFIRMED", "updatedAt": STAMP,
        "flight": { "id": "f-9", "flightNumber": "LH401", "origin": "JFK", "destination": "FRA", "status": "SCHEDULED" } });
    server.control("booking", booking).await;
    server
        .event(
            "payment:completed",
            json!({ "data": { "bookingId": "b-9", "amount": 99, "currency": "EUR" }, "timestamp": STAMP }),
        )
        .await;
    let row = support::eventually("the row says more", async || {
        engine.rows(1).await.into_iter().find(|row| row.pnr.is_some())
    })
    .await;
    assert_eq!(
        (row.title.as_str(), row.body.as_str()),
        ("Payment of 99.00 EUR received", "Booking XYZ789 · LH401 JFK → FRA")
    );
    assert_eq!(server.seen().await["bookings"], 1);
}

#[tokio::test]
async fn the_departure_of_a_new_booking_is_looked_up_and_makes_its_delay_urgent() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    // The departure is relative to the machine's clock, since only a near one makes a delay urgent.
    let in_an_hour = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    let secs = in_an_hour.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let departure = server.control("iso", json!({ "secs": secs })).await;
    let booking = json!({ "id": "b-1", "pnr": "ABC123", "flight": {
        "id": "f-1", "flightNumber": "AA123", "origin": "JFK", "destination": "LAX", "departureTime": departure } });
    server.control("booking", booking).await;
    server.event("booking:created", created("b-1")).await;
    engine.rows(1).await;
    support::eventually("the booking is looked up", async || (server.seen().await["bookings"] == 1).then_some(()))
        .await;
    let delayed = json!({ "flightId": "f-1", "flightNumber": "AA123", "oldStatus": "SCHEDULED", "newStatus": "DELAYED",
        "affectedBookings": ["b-1"] });
    support::eventually("the delay is urgent", async || {
        // The departure reaches the store a moment after the server's answer.
        let stamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        server
            .event("flight:status-changed", json!({ "data": delayed, "timestamp": u64::try_from(stamp).unwrap() }))
            .await;
        let rows = engine.engine().list(Criteria::default(), None, 1).await.unwrap().items;
        (rows[0].urgency == domain::Urgency::Critical).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_crash_is_reported_and_survived() {
    let Some(mut server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.event("booking:created", created("b-1")).await;
    engine.rows(1).await;
    server.kill().await;
    let message = engine.until_down(LinkReasonCode::Unreachable).await;
    assert_eq!(message, "Nothing answers at 127.0.0.1");
    server.revive().await;
    // The restarted server knows none of the earlier tokens, so that a sign-in is requested.
    engine.until_down(LinkReasonCode::TokenRefused).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    engine.until_online().await;
    server.event("booking:created", created("b-1")).await;
    server.event("booking:created", created("b-2")).await;
    let rows = engine.rows(2).await;
    assert_eq!(rows.iter().filter(|row| row.kind == EventKind::BookingCreated).count(), 2);
    support::eventually("both toasts", async || (engine.toaster.titles().len() >= 2).then_some(())).await;
    assert_eq!(engine.toaster.titles().len(), 2, "the repeated one has no second toast");
}

#[tokio::test]
async fn auth_and_booking_service_may_have_separate_addresses() {
    let (Some(auth), Some(booking)) = (PlainGateway::start("CUSTOMER").await, PlainGateway::start("CUSTOMER").await)
    else {
        return;
    };
    let engine = TestEngine::start().await;
    let address = |url: String| ServerUrl::parse(&url).unwrap();
    let account = Account {
        server: address(auth.url()),
        auth_url: None,
        booking_url: Some(address(booking.url())),
        email: EMAIL.to_owned(),
    };
    engine.engine().sign_in(account, Secret::new(PASSWORD)).await.unwrap();
    let view = engine.engine().snapshot().borrow().account.clone().unwrap();
    assert_eq!((view.auth_url, view.booking_url), (None, Some(booking.url())), "shown, to be kept at the next sign-in");
    // The second server signs with another key and refuses the token; that it was asked is what matters.
    engine.until_down(LinkReasonCode::TokenRefused).await;
    assert_eq!((&auth.seen().await["logins"], &auth.seen().await["connections"]), (&json!(1), &json!(0)));
    assert_eq!((&booking.seen().await["logins"], &booking.seen().await["connections"]), (&json!(0), &json!(2)));
}
