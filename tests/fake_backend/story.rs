//! The events that the resident receives: a trip, a cancellation, an unknown kind, and changes while it is stopped.

use serde_json::{Value, json};
use support::eventually;
use support::ipc_client::IpcClient;
use support::node::PlainGateway;
use support::resident_process::ResidentProcess;

use crate::payloads::{STORY_TIME as BEFORE, booking, criteria, flight};

const AFTER: &str = "2025-11-10T13:00:00.000Z";
/// Rows of the live events: the repeated one has none of its own.
const LIVE_ROWS: u64 = 9;
/// Bookings that change while the resident is stopped: enough for a digest.
const MISSED: u64 = 5;
/// Looks in a row at which nothing has changed, half a second apart: longer than a new booking waits for its payment.
const QUIET_LOOKS: usize = 6;

/// Plays the whole story; at its end the resident runs, and its rows have their final outcomes.
pub async fn play(server: &PlainGateway, resident: &mut ResidentProcess<'_>) {
    for number in 0..MISSED {
        server.control("booking", listed(number, "PENDING", BEFORE)).await;
    }
    resident.start().await;
    until(resident, "online", |snapshot| snapshot["connection"]["state"] == "online").await;
    live(server).await;
    until(resident, "the live events", |snapshot| snapshot["total"] == LIVE_ROWS).await;
    settled(resident).await;

    resident.stop().await;
    for number in 0..MISSED {
        let status = if number == 2 { "CANCELLED" } else { "CONFIRMED" };
        server.control("booking", listed(number, status, AFTER)).await;
    }
    resident.start().await;
    until(resident, "the digest", |snapshot| snapshot["digest"].is_object()).await;
    settled(resident).await;
}

async fn live(server: &PlainGateway) {
    server.event("booking:created", booking("b-1", "PENDING")).await;
    let paid = json!({ "timestamp": BEFORE, "data": { "bookingId": "b-1", "paymentId": "p-1", "amount": "450.00",
        "currency": "USD", "status": "SUCCEEDED" } });
    server.event("payment:completed", paid).await;
    server.event("booking:confirmed", booking("b-1", "CONFIRMED")).await;
    server.event("flight:status-changed", flight("f-1", "AA123", "DELAYED", &["b-1"])).await;
    server.event("flight:status-changed", flight("f-2", "LH400", "BOARDING", &["b-2", "b-3"])).await;
    server.event("booking:created", booking("b-2", "PENDING")).await;
    for _ in 0..3 {
        server.event("booking:cancelled", booking("b-2", "CANCELLED")).await;
    }
    server
        .event("booking:updated", json!({ "timestamp": AFTER, "data": { "bookingId": "b-4", "status": "ON_HOLD" } }))
        .await;
    server.event("loyalty:points-expiring", json!({ "timestamp": AFTER, "data": { "points": 1200 } })).await;
}

/// A booking as the server lists it.
fn listed(number: u64, status: &str, updated_at: &str) -> Value {
    json!({ "id": format!("m-{number}"), "pnr": format!("MISS{number:02}"), "status": status, "updatedAt": updated_at,
        "listed": true, "flight": { "id": "f-9", "flightNumber": "BA178", "origin": "JFK", "destination": "LHR",
        "status": "SCHEDULED" } })
}

async fn client(resident: &ResidentProcess<'_>) -> IpcClient {
    IpcClient::open(&resident.endpoint().unwrap(), ipc::PeerKind::Caller).await
}

async fn until(resident: &ResidentProcess<'_>, what: &str, is_so: impl Fn(&Value) -> bool) {
    let client = client(resident).await;
    eventually(what, async || is_so(&client.call::<Value>(ipc::Request::Snapshot).await).then_some(())).await;
}

/// Waits until toasts that were held back are shown: they change the outcomes of rows.
async fn settled(resident: &ResidentProcess<'_>) {
    let client = client(resident).await;
    let list = || {
        serde_json::from_value(json!({ "type": "list", "criteria": criteria(json!({})), "before": null, "limit": 200 }))
    };
    let (mut before, mut quiet) = (Value::Null, 0);
    let mut looks = tokio::time::interval(std::time::Duration::from_millis(500));
    while quiet < QUIET_LOOKS {
        looks.tick().await;
        let now: Value = client.call(list().unwrap()).await;
        quiet = if now == before { quiet + 1 } else { 0 };
        before = now;
    }
}
