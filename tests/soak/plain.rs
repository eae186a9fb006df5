//! Catch-up by comparison: with a plain server, the latest state of each booking is stored and announced.

use std::time::Duration;

use serde_json::json;
use support::fault_proxy::{CutKind, FaultProxy};
use support::node::PlainGateway;

use support::random::SeededRandom;

use super::engine_process::EngineProcess;
use support::report;

const BOOKINGS: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_state_of_each_booking_is_stored_and_announced() {
    soak(600, 20, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: several minutes"]
async fn the_latest_states_survive_two_hundred_cuts_and_twenty_kills() {
    soak(6_000, 200, 20).await;
}

async fn soak(events: u64, cuts: u64, kills: u64) {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    let proxy = FaultProxy::start(address).await;
    let mut random = SeededRandom::new(11);
    let mut latest = vec!["PENDING"; usize::try_from(BOOKINGS).unwrap()];
    for n in 0..BOOKINGS {
        server.control("booking", booking(n, "PENDING", 0)).await;
    }
    let mut engine = EngineProcess::start(&server.url(), &format!("http://{}", proxy.address())).await;
    support::eventually("the first comparison", async || {
        let inbox = engine.inbox()?;
        inbox.query_row("SELECT watermark_ms FROM sync", [], |row| row.get::<_, i64>(0)).ok()
    })
    .await;
    let faults_at: Vec<u64> = (0..cuts).map(|_| random.below(events)).collect();
    let kill_plan: Vec<u64> = (0..kills).map(|_| random.below(events)).collect();
    for at in 1..=events {
        if faults_at.contains(&at) {
            proxy.cut(if random.below(2) == 0 { CutKind::Reset } else { CutKind::Fin });
        }
        if kill_plan.contains(&at) {
            engine.kill().await;
            engine.assert_sound();
            engine.run();
        }
        let n = random.below(BOOKINGS);
        let (channel, status) = [
            ("booking:confirmed", "CONFIRMED"),
            ("booking:updated", "ON_HOLD"),
            ("booking:cancelled", "CANCELLED"),
            ("booking:updated", "COMPLETED"),
        ][usize::try_from(random.below(4)).unwrap()];
        latest[usize::try_from(n).unwrap()] = status;
        let booking = booking(n, status, at);
        server.control("booking", booking.clone()).await;
        let payload = json!({ "timestamp": booking["updatedAt"],
            "data": { "bookingId": booking["id"], "pnr": booking["pnr"], "status": status } });
        server.event(channel, payload).await;
    }
    let missing = || -> Vec<String> {
        let Some(inbox) = engine.inbox() else { return vec!["no inbox".to_owned()] };
        let mut missing = Vec::new();
        for (n, status) in latest.iter().enumerate().filter(|(_, status)| **status != "PENDING") {
            let said: Option<String> = inbox
                .query_row(
                    "SELECT status FROM event WHERE booking_id = ?1 ORDER BY emitted_ms DESC, id DESC LIMIT 1",
                    [format!("b-{n}")],
                    |row| row.get(0),
                )
                .ok();
            if said.as_deref() != Some(status) {
                missing.push(format!("b-{n}: {said:?} and not {status}"));
            }
        }
        missing
    };
    let deadline = tokio::time::Instant::now() + Duration::from_secs(150);
    while !missing().is_empty() && tokio::time::Instant::now() < deadline {
        // The engine's waits are up to a minute.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(missing(), [""; 0]);
    engine.kill().await;
    engine.assert_sound();
    engine.assert_shown_once();
    report(&format!("{events} changes of {BOOKINGS} bookings: each latest state is there and announced\n"));
}

fn booking(n: u64, status: &str, at: u64) -> serde_json::Value {
    let updated_at = jiff::Timestamp::from_millisecond(1_762_776_000_000 + i64::try_from(at).unwrap()).unwrap();
    json!({ "id": format!("b-{n}"), "pnr": format!("P{n:05}"), "status": status, "listed": true,
        "updatedAt": updated_at.to_string() })
}
