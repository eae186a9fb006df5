//! The supervisor under sleep, clock changes and network changes.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::IpAddr;
use std::time::Duration;

use domain::connection::{ConnectionState, LinkReasonCode};
use jiff::SignedDuration;
use serde_json::json;
use support::engine::{PASSWORD, TestEngine};
use support::node::PlainGateway;
use support::scripted_server::{ScriptStep, ScriptedServer, ServerScript};
use tokio::time::Instant;

/// An address outside this machine; nothing is ever sent to it.
const OUT_THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

async fn connections(server: &PlainGateway) -> u64 {
    server.seen().await["connections"].as_u64().unwrap()
}

/// Waits until the connection was closed and is online again.
async fn until_online_again(engine: &TestEngine) {
    engine.until("left", |now| !matches!(now.connection, ConnectionState::Online { .. })).await;
    engine.until_online().await;
}

#[tokio::test]
async fn a_wake_reconnects_once() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    engine.engine().woke().await;
    until_online_again(&engine).await;
    // A second source reports the same wake.
    engine.engine().woke().await;
    server.event("booking:updated", json!({ "data": { "bookingId": "b-1", "status": "X" } })).await;
    engine.rows(1).await;
    assert_eq!(connections(&server).await, 2);
}

#[tokio::test]
async fn a_clock_changed_by_a_day_costs_one_reconnect() {
    for day in [SignedDuration::from_hours(24), SignedDuration::from_hours(-24)] {
        let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
        let engine = TestEngine::online(&server.url()).await;
        engine.clock.set_by(day);
        until_online_again(&engine).await;
        server.event("booking:updated", json!({ "data": { "bookingId": "b-1", "status": "X" } })).await;
        engine.rows(1).await;
        assert_eq!(connections(&server).await, 2, "{day}");
        assert_eq!(server.seen().await["refused"], 0, "{day}");
    }
}

#[tokio::test]
async fn a_wrong_clock_neither_refreshes_too_often_nor_uses_expired_tokens() {
    for ahead in [86_400, -86_400] {
        let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
        server.set(json!({ "clockAheadSecs": ahead })).await;
        let engine = TestEngine::online(&server.url()).await;
        for _ in 0..3 {
            server.control("cut", json!({})).await;
            until_online_again(&engine).await;
        }
        let seen = server.seen().await;
        assert_eq!((&seen["refreshes"], &seen["refused"]), (&json!(0), &json!(0)), "{ahead}");
        // A token that has expired by the server's clock is not tried.
        server.set(json!({ "accessSecs": 30 })).await;
        engine.sign_in(&server.url(), PASSWORD).await.unwrap();
        engine.until_online().await;
        server.control("cut", json!({})).await;
        until_online_again(&engine).await;
        let seen = server.seen().await;
        assert!(seen["refreshes"].as_u64().unwrap() >= 1, "{ahead}: {seen}");
        assert_eq!(seen["refused"], 0, "{ahead}");
    }
}

#[tokio::test]
async fn a_new_network_ends_the_wait_for_a_reconnect() {
    let Some(mut server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    engine.engine().network_changed(vec![LOOPBACK]);
    server.kill().await;
    // Attempts go on until a wait is long enough to be cut short.
    let long_wait = |now: &domain::view::Snapshot| match &now.connection {
        ConnectionState::Waiting { retry_at, reason } => {
            reason.code == LinkReasonCode::NoNetwork && retry_at.duration_since(jiff::Timestamp::now()).as_secs() >= 4
        }
        _ => false,
    };
    engine.until("a long wait", long_wait).await;
    server.revive().await;
    let back = Instant::now();
    engine.engine().network_changed(vec![LOOPBACK, OUT_THERE]);
    // The restarted server has a new secret and refuses the token: that it was asked is what matters.
    engine.until_down(LinkReasonCode::TokenRefused).await;
    assert!(back.elapsed() < Duration::from_secs(3), "{:?}", back.elapsed());
}

#[tokio::test]
async fn pausing_during_a_refresh_keeps_the_rotated_token() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.set(json!({ "accessSecs": 30, "refreshDelayMs": 700 })).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    // The token is due at once, so that the refresh is in flight when the user pauses.
    let refreshing = async {
        support::eventually("a refresh is under way", async || {
            (server.seen().await["refreshes"].as_u64() == Some(1)).then_some(())
        })
        .await;
    };
    refreshing.await;
    engine.engine().pause().await;
    engine.until("paused", |now| now.connection == ConnectionState::Paused).await;
    server.set(json!({ "accessSecs": 3600, "refreshDelayMs": 0 })).await;
    engine.engine().resume().await;
    engine.until_online().await;
    let seen = server.seen().await;
    assert_eq!(seen["refused"], 0, "{seen}");
}

#[tokio::test]
async fn retry_after_is_respected_until_a_manual_reconnect() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.set(json!({ "refuseAll": true, "refresh": 503, "retryAfter": "300" })).await;
    server.control("cut", json!({})).await;
    let asked_to_wait = |now: &domain::view::Snapshot| match &now.connection {
        ConnectionState::Waiting { retry_at, reason } => {
            let left = retry_at.duration_since(jiff::Timestamp::now()).as_secs();
            reason.code == LinkReasonCode::ServerBusy && (295..=330).contains(&left)
        }
        _ => false,
    };
    engine.until("it waits as long as it was asked", asked_to_wait).await;
    let before = server.seen().await;
    // A network change does not override the server's Retry-After.
    engine.engine().network_changed(vec![LOOPBACK]);
    engine.engine().network_changed(vec![LOOPBACK, OUT_THERE]);
    engine.engine().woke().await;
    server.set(json!({ "refuseAll": false, "refresh": "ok" })).await;
    assert_eq!(server.seen().await["refreshes"], before["refreshes"]);
    engine.engine().reconnect().await;
    engine.until_online().await;
}

#[tokio::test]
async fn reconnect_attempts_back_off_during_a_long_outage() {
    let Some(mut server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.kill().await;
    engine.until_down(LinkReasonCode::Unreachable).await;
    let mut snapshot = engine.engine().snapshot();
    let mut attempts = 0;
    tokio::time::pause();
    let gone = Instant::now();
    while gone.elapsed() < Duration::from_secs(900) {
        snapshot.changed().await.unwrap();
        attempts += u32::from(matches!(snapshot.borrow_and_update().connection, ConnectionState::Connecting { .. }));
    }
    tokio::time::resume();
    // Full jitter up to a minute: 30 s on average, a few quick attempts at first.
    assert!((12..=90).contains(&attempts), "{attempts} attempts in 15 minutes");
    server.revive().await;
    engine.engine().reconnect().await;
    engine.until_down(LinkReasonCode::TokenRefused).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    engine.until_online().await;
}

#[tokio::test]
async fn a_session_is_resumed_after_an_event_that_waited_for_what_was_missed() {
    use ScriptStep::{Accept, AwaitConnect, Fin, Greet, Live, Open, Resume, Text, Upgrade};
    let event = json!(["booking:created", { "data": { "bookingId": "b-1", "status": "PENDING" } }, "offset-1"]);
    // It comes in one breath with the greeting, while the engine still asks what it missed, and nothing follows it.
    let socket = vec![Upgrade, Open, AwaitConnect, Accept, Greet, Text(format!("42{event}")), Live];
    let server = ScriptedServer::start(ServerScript { socket, ..ServerScript::default() }).await;
    let engine = TestEngine::online(&format!("http://{}", server.address())).await;
    engine.until("stored", |now| now.total == 1).await;
    // Without a greeting only a session that is resumed is online again.
    server.set(|script| script.socket = vec![Upgrade, Open, AwaitConnect, Resume, Live]);
    server.inject(Fin);
    until_online_again(&engine).await;
    assert_eq!(engine.rows(1).await.len(), 1, "stored once");
}
