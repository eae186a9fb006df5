//! The supervisor against time, sleep and the network: the rules that no single packet shows.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::IpAddr;
use std::time::Duration;

use domain::connection::{ConnectionState, LinkReasonCode};
use jiff::SignedDuration;
use serde_json::json;
use support::engine::{PASSWORD, TestEngine};
use support::node::PlainGateway;
use tokio::time::Instant;

/// An address of a network; nothing is ever sent to it.
const OUT_THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

async fn connections(server: &PlainGateway) -> u64 {
    server.seen().await["connections"].as_u64().unwrap()
}

/// Waits until the link was left and is up again.
async fn until_online_again(engine: &TestEngine) {
    engine.until("left", |now| !matches!(now.connection, ConnectionState::Online { .. })).await;
    engine.until_online().await;
}

#[tokio::test]
async fn a_wake_makes_the_link_anew_once() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    engine.engine().woke().await;
    until_online_again(&engine).await;
    // The second source tells of the same wake.
    engine.engine().woke().await;
    server.event("booking:updated", json!({ "data": { "bookingId": "b-1", "status": "X" } })).await;
    engine.rows(1).await;
    assert_eq!(connections(&server).await, 2);
}

#[tokio::test]
async fn a_clock_that_is_set_a_day_ahead_or_back_costs_one_reconnect() {
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
async fn a_clock_that_is_wrong_from_the_start_neither_wears_out_tokens_nor_uses_dead_ones() {
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
        // A token that is over by the server's clock is not even tried.
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
async fn without_a_network_it_says_so_and_a_network_is_tried_at_once() {
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
    // The server has a new secret, so that it takes the sign-in to be refused: it was asked, and that is the point.
    engine.until_down(LinkReasonCode::TokenRefused).await;
    assert!(back.elapsed() < Duration::from_secs(3), "{:?}", back.elapsed());
}

#[tokio::test]
async fn stopping_in_the_middle_of_a_refresh_loses_no_rotated_token() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.set(json!({ "accessSecs": 30, "refreshDelayMs": 700 })).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    // Due at once, so that the refresh is under way when the person changes their mind.
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
async fn a_server_that_asks_for_time_gets_it_and_a_person_may_ask_at_once() {
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
    // A network that comes up is no reason to press the server.
    engine.engine().network_changed(vec![LOOPBACK]);
    engine.engine().network_changed(vec![LOOPBACK, OUT_THERE]);
    engine.engine().woke().await;
    server.set(json!({ "refuseAll": false, "refresh": "ok" })).await;
    assert_eq!(server.seen().await["refreshes"], before["refreshes"]);
    engine.engine().reconnect().await;
    engine.until_online().await;
}

#[tokio::test]
async fn a_quarter_of_an_hour_without_a_server_is_some_thirty_attempts_and_then_it_is_back() {
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
    // Full jitter up to a minute: 30 s on average, a few quick ones at first.
    assert!((12..=90).contains(&attempts), "{attempts} attempts in 15 minutes");
    server.revive().await;
    engine.engine().reconnect().await;
    engine.until_down(LinkReasonCode::TokenRefused).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    engine.until_online().await;
}
