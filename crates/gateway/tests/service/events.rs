//! The six events: their exact shapes, and who hears them.

use serde_json::{Value, json};

use crate::support::{TestGateway, TestSocket, TestUser, text};

/// A customer and an admin who watches, both connected.
async fn watched() -> (TestGateway, TestUser, TestSocket, TestUser, TestSocket) {
    let service = TestGateway::demo().await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let user_peer = service.socket(&user).await;
    let mut admin_peer = service.socket(&admin).await;
    assert_eq!(admin_peer.subscribe(&["admin"]).await, json!({ "rooms": ["admin"], "refused": [] }));
    (service, user, user_peer, admin, admin_peer)
}

/// Takes the id and the room off an event; what is left is the guide's shape.
fn take_extras(message: &mut Value) -> (String, String) {
    let mut take = |name: &str| text(&message.as_object_mut().unwrap().remove(name).unwrap());
    (take("id"), take("room"))
}

fn own_room(user: &TestUser) -> String {
    format!("user:{}", user.id)
}

fn is_iso_millis(timestamp: &Value) -> bool {
    let timestamp = timestamp.as_str().unwrap();
    timestamp.len() == "2025-11-10T12:00:00.000Z".len() && timestamp.as_bytes()[19] == b'.' && timestamp.ends_with('Z')
}

#[tokio::test]
async fn booking_created_has_the_guide_s_shape_for_user_and_admin() {
    let (service, user, mut peer, _, mut admin_peer) = watched().await;
    let booking = service.book(&user).await;
    let raw = peer.expect_text("booking:created").await;
    assert!(raw.contains(r#""totalPrice":450.00"#), "{raw}");
    assert!(raw.starts_with(r#"{"event":"BOOKING_CREATED","data":{"bookingId":"#), "the id comes last: {raw}");
    let mut message: Value = serde_json::from_str(&raw).unwrap();
    let (id, room) = take_extras(&mut message);
    assert!(id.ends_with("-1"));
    assert_eq!(room, own_room(&user));
    let expected = json!({
        "event": "BOOKING_CREATED",
        "data": {
            "bookingId": booking["id"],
            "pnr": booking["pnr"],
            "status": "PENDING",
            "flightNumber": "AA123",
            "origin": "JFK",
            "destination": "LAX",
            "totalPrice": 450.00,
            "currency": "USD",
            "passengerCount": 1
        },
        "timestamp": booking["createdAt"]
    });
    assert_eq!(message, expected);
    assert!(is_iso_millis(&message["timestamp"]));
    let of_admin = raw.replace(&format!(r#""room":"{room}""#), r#""room":"admin""#);
    assert_ne!(of_admin, raw);
    let received = admin_peer.expect_text("booking:created").await;
    assert_eq!(received, of_admin, "the same event, the same id and timestamp, and not whose it is");
}

#[tokio::test]
async fn paying_tells_the_user_of_the_payment_and_both_of_the_confirmation() {
    let (service, user, mut peer, _, mut admin_peer) = watched().await;
    let booking = service.book(&user).await;
    peer.expect("booking:created").await;
    admin_peer.expect("booking:created").await;
    let path = format!("/api/v1/bookings/{}/pay", text(&booking["id"]));
    let (_, paid) = service.post(&path, &user.token, json!({})).await;

    let raw = peer.expect_text("payment:completed").await;
    assert!(raw.contains(r#""amount":450.00,"currency":"USD","status":"SUCCEEDED""#), "{raw}");
    let payment: Value = serde_json::from_str(&raw).unwrap();
    assert_eq!(payment["event"], "PAYMENT_COMPLETED");
    assert_eq!(payment["data"]["bookingId"], booking["id"]);
    assert_eq!(text(&payment["data"]["paymentId"]).len(), 36);
    assert_eq!(payment["data"].as_object().unwrap().len(), 5);

    let mut confirmed = peer.expect("booking:confirmed").await;
    let (id, room) = take_extras(&mut confirmed);
    assert_eq!(room, own_room(&user));
    let expected = json!({
        "event": "BOOKING_UPDATED",
        "data": {
            "bookingId": booking["id"],
            "pnr": booking["pnr"],
            "status": "CONFIRMED",
            "confirmedAt": paid["data"]["confirmedAt"]
        },
        "timestamp": paid["data"]["confirmedAt"]
    });
    assert_eq!(confirmed, expected);
    let mut copy = admin_peer.expect("booking:confirmed").await;
    assert_eq!((take_extras(&mut copy), copy), ((id, "admin".to_owned()), expected), "no payment before it");
}

#[tokio::test]
async fn cancelling_tells_both_and_updating_tells_the_user() {
    let (service, user, mut peer, _, mut admin_peer) = watched().await;
    let booking = service.book(&user).await;
    peer.expect("booking:created").await;
    admin_peer.expect("booking:created").await;
    let path = format!("/api/v1/bookings/{}", text(&booking["id"]));
    let change = json!({ "contactInfo": { "email": "new@example.com" } });
    let (_, changed) = service.patch(&path, &user.token, change).await;
    let updated = peer.expect("booking:updated").await;
    assert_eq!(updated["event"], "BOOKING_UPDATED");
    let data = json!({
        "bookingId": booking["id"],
        "pnr": booking["pnr"],
        "status": "PENDING",
        "updatedAt": changed["data"]["updatedAt"]
    });
    assert_eq!(updated["data"], data);

    let (_, cancelled) = service.delete(&path, &user.token).await;
    let expected = json!({
        "event": "BOOKING_CANCELLED",
        "data": {
            "bookingId": booking["id"],
            "pnr": booking["pnr"],
            "status": "CANCELLED",
            "cancelledAt": cancelled["data"]["cancelledAt"]
        },
        "timestamp": cancelled["data"]["cancelledAt"]
    });
    let mut message = peer.expect("booking:cancelled").await;
    let mut copy = admin_peer.expect("booking:cancelled").await;
    let (id, _) = take_extras(&mut message);
    assert_eq!(take_extras(&mut copy), (id, "admin".to_owned()));
    assert_eq!((&message, &copy), (&expected, &expected), "no update before it");
    assert_eq!(service.delete(&path, &user.token).await.0, 409);
    peer.expect_silence().await;
    admin_peer.expect_silence().await;
}

#[tokio::test]
async fn a_flight_s_status_reaches_each_traveler_with_their_own_bookings() {
    let (service, user, mut peer, admin, mut admin_peer) = watched().await;
    let flight = service.flight("AA123").await;
    let active = text(&service.book(&user).await["id"]);
    let dropped = text(&service.book(&user).await["id"]);
    assert_eq!(service.delete(&format!("/api/v1/bookings/{dropped}"), &user.token).await.0, 200);
    let of_admin = text(&service.book(&admin).await["id"]);
    for name in ["booking:created", "booking:created", "booking:cancelled"] {
        peer.expect(name).await;
        admin_peer.expect(name).await;
    }
    // The admin hears of their own booking as its user and as the admin: doubles are normal, and each says which it is.
    let (mut one, mut other) = (admin_peer.expect("booking:created").await, admin_peer.expect("booking:created").await);
    let ((id, room), (same_id, other_room)) = (take_extras(&mut one), take_extras(&mut other));
    assert_eq!((one, id), (other, same_id));
    assert_eq!([room, other_room], ["admin".to_owned(), own_room(&admin)]);

    let path = format!("/api/v1/flights/{flight}/status");
    assert_eq!(service.patch(&path, &admin.token, json!({ "status": "DELAYED" })).await.0, 200);
    let message = peer.expect("flight:status-changed").await;
    let expected = |bookings: Value| {
        json!({
            "flightId": flight,
            "flightNumber": "AA123",
            "oldStatus": "SCHEDULED",
            "newStatus": "DELAYED",
            "affectedBookings": bookings
        })
    };
    assert_eq!(message["event"], "FLIGHT_STATUS_CHANGED");
    assert_eq!(message["data"], expected(json!([active])));
    // Not the smaller copy of the admin's own room as well: two copies of one id would have to be told apart.
    let all = admin_peer.expect("flight:status-changed").await;
    assert_eq!((&all["data"], &all["room"]), (&expected(json!([active, of_admin])), &json!("admin")));
    assert_eq!((&all["timestamp"], &all["id"]), (&message["timestamp"], &message["id"]));
    admin_peer.expect_silence().await;

    assert_eq!(service.patch(&path, &admin.token, json!({ "status": "DELAYED" })).await.0, 200);
    peer.expect_silence().await;
    admin_peer.expect_silence().await;
}

#[tokio::test]
async fn a_customer_hears_nothing_of_others() {
    let (service, _, mut peer, admin, mut admin_peer) = watched().await;
    service.book(&admin).await;
    admin_peer.expect("booking:created").await;
    peer.expect_silence().await;
}

#[tokio::test]
async fn a_burst_reaches_a_socket_that_was_not_read() {
    let (service, _, _peer, admin, mut admin_peer) = watched().await;
    let path = format!("/api/v1/flights/{}/status", service.flight("QF12").await);
    for round in 0..300 {
        let status = if round % 2 == 0 { "DELAYED" } else { "SCHEDULED" };
        assert_eq!(service.patch(&path, &admin.token, json!({ "status": status })).await.0, 200);
    }
    for round in 0..300 {
        let status = if round % 2 == 0 { "DELAYED" } else { "SCHEDULED" };
        assert_eq!(admin_peer.expect("flight:status-changed").await["data"]["newStatus"], status, "{round}");
    }
    assert_eq!(service.get("/health", "").await.1["data"]["refusedEmits"], 0);
}
