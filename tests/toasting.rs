//! Toasts and outcomes: the engine on a real server with a recording toaster.
#![allow(clippy::unwrap_used, reason = "tests")]

use client::ports::{Happened, ToastFeedback};
use domain::criteria::Criteria;
use domain::outcome::{OutcomeCode, RulingReason, Setting};
use domain::rules::{QuietHours, Rule, RuleAction, RuleCondition};
use domain::settings::Preferences;
use domain::view::{Notification, RoomState, ThreadPreference};
use domain::{Language, Privacy, Toast, ToastAction, Urgency};
use jiff::SignedDuration;
use serde_json::{Value, json};
use support::engine::{PASSWORD, TestEngine};
use support::eventually;
use support::node::PlainGateway;
use support::notification_service::{DesktopKind, ServiceQuirk};
use support::toast_harness::ToastHarness;

const STAMP: &str = "2025-11-10T12:00:00.000Z";

fn booking(id: &str, status: &str) -> Value {
    json!({ "timestamp": STAMP, "data": { "bookingId": id, "pnr": format!("PNR{id}"), "status": status,
        "flightNumber": "AA123", "origin": "JFK", "destination": "LAX" } })
}

fn flight(id: &str, old: &str, new: &str) -> Value {
    json!({ "timestamp": STAMP, "data": { "flightId": id, "flightNumber": id, "oldStatus": old, "newStatus": new } })
}

/// An engine of an agent that has joined the `admin` room.
async fn desk_engine(server: &PlainGateway) -> TestEngine {
    let engine = TestEngine::online(&server.url()).await;
    engine.engine().subscribe("admin".to_owned()).await;
    engine.until("joined", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    engine
}

async fn toasts(engine: &TestEngine, count: usize) -> Vec<Toast> {
    let enough = async || Some(engine.toaster.toasts()).filter(|toasts| toasts.len() >= count);
    eventually(&format!("{count} toasts"), enough).await
}

async fn feedback(engine: &TestEngine, toast: &Toast, happened: Happened) {
    let (key, notification_id) = (toast.key.clone(), toast.notification_id);
    engine.engine().toast_feedback(ToastFeedback { key, notification_id, happened }).await;
}

async fn prefer(engine: &TestEngine, change: impl FnOnce(&mut Preferences)) {
    let mut preferences = engine.engine().preferences().await.unwrap();
    change(&mut preferences);
    engine.engine().set_preferences(preferences).await;
}

fn all_day() -> QuietHours {
    let midnight = "00:00".parse().unwrap();
    QuietHours { from: midnight, to: midnight, days: Vec::new(), except: domain::rules::QuietHoursException::Urgent }
}

fn outcomes(rows: &[Notification]) -> Vec<(OutcomeCode, Option<RulingReason>)> {
    rows.iter().rev().map(|row| (row.outcome.code, row.outcome.reason)).collect()
}

#[tokio::test]
async fn created_paid_and_confirmed_merge_into_one_toast() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.event("booking:created", booking("1", "PENDING")).await;
    let paid = json!({ "timestamp": STAMP, "data": { "bookingId": "1", "amount": "450.00", "currency": "USD" } });
    server.event("payment:completed", paid).await;
    server.event("booking:confirmed", booking("1", "CONFIRMED")).await;
    let toast = toasts(&engine, 1).await.remove(0);
    assert_eq!(toast.key, "booking:1");
    let rows = engine.rows(3).await;
    assert_eq!(toast.notification_id, rows[0].id, "a click opens the latest");
    assert_eq!(
        outcomes(&rows),
        [
            (OutcomeCode::Popped, Some(RulingReason::NewBooking)),
            (OutcomeCode::Merged, Some(RulingReason::Payment)),
            (OutcomeCode::Merged, Some(RulingReason::Confirmed)),
        ]
    );
    assert_eq!(rows[0].outcome.into, Some(rows[2].id));
    assert_eq!(rows[2].outcome.setting, Some(Setting::Rules));
    assert_eq!(
        toast.buttons.iter().map(|button| button.action).collect::<Vec<_>>(),
        [ToastAction::Open, ToastAction::Snooze, ToastAction::Mute]
    );
    server.event("booking:cancelled", booking("1", "CANCELLED")).await;
    let toasts = toasts(&engine, 2).await;
    assert_eq!((toasts[1].key.as_str(), toasts[1].urgency, toasts[1].alerts), ("booking:1", Urgency::Critical, true));
}

#[tokio::test]
async fn signing_in_again_keeps_a_delayed_toast() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.event("booking:created", booking("1", "PENDING")).await;
    engine.rows(1).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    assert_eq!(toasts(&engine, 1).await[0].key, "booking:1");
    assert_eq!(engine.rows(1).await[0].outcome.code, OutcomeCode::Popped);
}

#[tokio::test]
async fn mute_and_snooze_buttons_persist_over_a_restart() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::online(&server.url()).await;
    server.event("flight:status-changed", flight("AA1", "SCHEDULED", "DELAYED")).await;
    server.event("flight:status-changed", flight("BA2", "SCHEDULED", "DELAYED")).await;
    let shown = toasts(&engine, 2).await;
    feedback(&engine, &shown[0], Happened::Pressed(ToastAction::Mute)).await;
    feedback(&engine, &shown[1], Happened::Pressed(ToastAction::Snooze)).await;
    let choices = engine.engine().thread_preferences().await.unwrap();
    assert!(choices["flight:AA1"].muted && choices["flight:BA2"].snoozed_until.is_some(), "{choices:?}");
    engine.restart().await;
    engine.until_online().await;
    server.event("flight:status-changed", flight("AA1", "DELAYED", "CANCELLED")).await;
    server.event("flight:status-changed", flight("BA2", "DELAYED", "DE_ICING")).await;
    let rows = engine.rows(4).await;
    assert_eq!(
        outcomes(&rows)[2..],
        [(OutcomeCode::Silenced, Some(RulingReason::Muted)), (OutcomeCode::Silenced, Some(RulingReason::Snoozed))]
    );
    assert_eq!(rows[1].outcome.setting, Some(Setting::Mute));
    assert_eq!(engine.toaster.toasts().len(), 2);
    // After the snooze the latest state is shown, which arrived meanwhile.
    engine.clock.set_by(SignedDuration::from_hours(1));
    engine.engine().set_thread_preference("flight:none".to_owned(), ThreadPreference::default()).await.unwrap();
    let shown = toasts(&engine, 3).await;
    assert_eq!((shown[2].key.as_str(), shown[2].notification_id), ("flight:BA2", rows[0].id));
    // An unmuted thread is shown again.
    engine.engine().set_thread_preference("flight:AA1".to_owned(), ThreadPreference::default()).await.unwrap();
    server.event("flight:status-changed", flight("AA1", "CANCELLED", "SCHEDULED")).await;
    assert_eq!(toasts(&engine, 4).await[3].key, "flight:AA1");
}

#[tokio::test]
async fn preferences_apply_at_once_and_survive_a_restart() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::online(&server.url()).await;
    prefer(&engine, |preferences| preferences.quiet_hours = Some(all_day())).await;
    server.event("booking:confirmed", booking("1", "CONFIRMED")).await;
    let rows = engine.rows(1).await;
    assert_eq!(outcomes(&rows), [(OutcomeCode::QuietHours, Some(RulingReason::QuietHours))]);
    assert_eq!(rows[0].outcome.setting, Some(Setting::QuietHours));
    engine.restart().await;
    engine.until_online().await;
    let watch = Rule {
        name: "Everything of AA123".to_owned(),
        enabled: true,
        colour: None,
        when: RuleCondition { flights: vec!["aa123".to_owned()], ..RuleCondition::default() },
        then: RuleAction::Urgent,
    };
    prefer(&engine, |preferences| {
        assert_eq!(preferences.quiet_hours, Some(all_day()));
        preferences.rules.push(watch);
    })
    .await;
    server.event("booking:confirmed", booking("2", "CONFIRMED")).await;
    let toast = toasts(&engine, 1).await.remove(0);
    assert_eq!(toast.urgency, Urgency::Critical);
    let rows = engine.rows(2).await;
    assert_eq!(rows[0].outcome.rule.as_deref(), Some("Everything of AA123"));
    assert!(rows[0].outcome.text.contains("Everything of AA123"), "{}", rows[0].outcome.text);
    prefer(&engine, |preferences| preferences.toasts = false).await;
    eventually("what is on screen goes with the toasts", async || {
        engine.toaster.withdrawn().contains(&"booking:2".to_owned()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_locked_screen_and_privacy_settings_mask_toasts() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    server.event("booking:cancelled", booking("1", "CANCELLED")).await;
    let open = toasts(&engine, 1).await.remove(0);
    assert!(open.title.contains("PNR1") && open.body.contains("AA123"), "{open:?}");
    engine.engine().set_locked(true).await;
    let masked = toasts(&engine, 2).await.remove(1);
    assert_eq!((masked.key.as_str(), masked.alerts), ("booking:1", false), "what is there is masked in silence");
    server.event("booking:cancelled", booking("2", "CANCELLED")).await;
    let shown = toasts(&engine, 3).await;
    for toast in &shown[1..] {
        let said = format!("{} {}", toast.title, toast.body);
        assert!(!said.contains("PNR") && !said.contains("AA123") && !said.contains("LAX"), "{said}");
        assert_eq!(toast.title, "Your booking changed");
    }
    engine.engine().set_locked(false).await;
    let shown = toasts(&engine, 5).await;
    assert!(shown[3..].iter().all(|toast| toast.title.contains("PNR") && !toast.alerts), "{shown:?}");
    prefer(&engine, |preferences| preferences.privacy = Privacy::Nothing).await;
    server.event("booking:cancelled", booking("3", "CANCELLED")).await;
    let rows = engine.rows(3).await;
    assert_eq!(rows[0].outcome.reason, Some(RulingReason::PrivacyNothing));
}

#[tokio::test]
async fn a_language_change_applies_to_old_and_new_rows() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::online(&server.url()).await;
    server.event("booking:cancelled", booking("1", "CANCELLED")).await;
    let english = engine.rows(1).await.remove(0);
    prefer(&engine, |preferences| preferences.language = Some(Language::De)).await;
    let german = eventually("the row speaks German", async || {
        let row = engine.engine().list(Criteria::default(), None, 1).await.unwrap().items.remove(0);
        (row.title != english.title && row.outcome.text != english.outcome.text).then_some(row)
    })
    .await;
    assert!(german.title.contains("PNR1") && german.title.contains("storniert"), "{}", german.title);
    let found =
        engine.engine().list(Criteria { text: "storniert".to_owned(), ..Criteria::default() }, None, 10).await.unwrap();
    assert_eq!(found.items.len(), 1, "and is found by what it says now");
    server.event("booking:cancelled", booking("2", "CANCELLED")).await;
    assert!(toasts(&engine, 2).await[1].title.contains("storniert"));
    // The language changes while the program is stopped.
    engine.stop().await;
    let file = engine.folder().join("settings.json");
    let settings = std::fs::read_to_string(&file).unwrap();
    assert!(settings.contains(r#""language""#), "{settings}");
    let mut changed: Value = serde_json::from_str(&settings).unwrap();
    changed["language"] = "en".into();
    std::fs::write(&file, changed.to_string()).unwrap();
    engine.restart().await;
    eventually("the rows speak English again", async || {
        let rows = engine.engine().list(Criteria::default(), None, 10).await.unwrap().items;
        rows.iter().all(|row| row.title.ends_with("cancelled")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_back_test_applies_rules_to_the_history() {
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let engine = desk_engine(&server).await;
    for id in 0..12 {
        server.event("booking:created", booking(&id.to_string(), "PENDING")).await;
    }
    let rows = engine.rows(12).await;
    assert_eq!(outcomes(&rows), [(OutcomeCode::InboxOnly, Some(RulingReason::DeskCounted)); 12]);
    let mut preferences = engine.engine().preferences().await.unwrap();
    let nothing = engine.engine().back_test(&preferences, 7).await.unwrap();
    assert_eq!((nothing.events, nothing.popped), (12, 0));
    let pnrs = vec!["PNR3".to_owned()];
    preferences.rules.push(Rule {
        name: "Watched".to_owned(),
        enabled: true,
        colour: None,
        when: RuleCondition { pnrs, ..RuleCondition::default() },
        then: RuleAction::Toast,
    });
    let tried = engine.engine().back_test(&preferences, 7).await.unwrap();
    assert_eq!((tried.events, tried.popped, tried.rows.len()), (12, 1, 1));
    assert_eq!(tried.rows[0].pnr.as_deref(), Some("PNR3"));
    assert!(engine.toaster.toasts().is_empty(), "a back-test shows no toast");
}

#[tokio::test]
async fn a_repeated_event_is_counted_in_its_row() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let engine = TestEngine::online(&server.url()).await;
    for _ in 0..3 {
        server.event("booking:cancelled", booking("1", "CANCELLED")).await;
    }
    server.event("booking:cancelled", booking("2", "CANCELLED")).await;
    let rows = engine.rows(2).await;
    assert_eq!((rows[0].repeats, rows[1].repeats), (0, 2));
    assert_eq!(toasts(&engine, 2).await.len(), 2);
}

#[tokio::test]
async fn five_thousand_events_make_one_toast_with_the_right_total() {
    const EVENTS: u64 = 5_000;
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let engine = desk_engine(&server).await;
    let payload = json!({ "timestamp": STAMP, "data": { "bookingId": "b-#", "pnr": "PNR#", "status": "CANCELLED",
        "flightNumber": "AA123", "origin": "JFK", "destination": "LAX" } });
    server.control("many", json!({ "channel": "booking:cancelled", "payload": payload, "count": EVENTS })).await;
    engine.until("everything is in the inbox", |now| now.total == EVENTS && now.unread == EVENTS).await;
    engine.clock.set_by(SignedDuration::from_secs(11));
    let summary = eventually("the storm is over", async || {
        engine.toaster.toasts().into_iter().find(|toast| toast.key == "storm" && toast.expires.is_some())
    })
    .await;
    let said = format!("{} {}", summary.title, summary.body);
    assert!(said.contains("5000") || said.contains("5,000"), "{said}");
    let toasts = engine.toaster.toasts();
    let mut keys: Vec<_> = toasts.iter().map(|toast| toast.key.as_str()).collect();
    keys.dedup();
    assert_eq!((keys.len(), keys.last()), (2, Some(&"storm")), "one toast, replaced by the burst's: {keys:?}");
    assert!(toasts[1].takes_over.as_deref() == Some(keys[0]) && toasts[2..].iter().all(|toast| !toast.alerts));
    let mut told = [0_u64; 2];
    let mut before = None;
    loop {
        let page = engine.engine().list(Criteria::default(), before, 200).await.unwrap();
        for row in &page.items {
            match (row.outcome.code, row.outcome.reason) {
                (OutcomeCode::Popped, Some(RulingReason::Cancelled)) => told[0] += 1,
                (OutcomeCode::Merged, Some(RulingReason::Storm)) => told[1] += 1,
                other => panic!("{other:?}"),
            }
        }
        before = page.items.last().map(|row| row.id);
        if !page.has_more {
            break;
        }
    }
    assert_eq!(told, [1, EVENTS - 1], "every event has one outcome");
}

#[tokio::test]
async fn a_hanging_notification_service_blocks_neither_rows_nor_socket() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let Some(harness) = ToastHarness::new(DesktopKind::Kde).await else { return };
    let mut engine = TestEngine::start().await;
    engine.show_by(harness.toasts.clone()).await;
    engine.sign_in(&server.url(), PASSWORD).await.unwrap();
    engine.until_online().await;
    harness.service.set_quirk(ServiceQuirk::Hangs);
    let numbered = json!({ "timestamp": STAMP, "data": { "bookingId": "m-#", "status": "CANCELLED" } });
    let began = std::time::Instant::now();
    server.control("many", json!({ "channel": "booking:cancelled", "payload": numbered, "count": 500 })).await;
    engine.until("all rows are there", |now| now.total == 500).await;
    assert!(
        began.elapsed() < std::time::Duration::from_secs(4),
        "before the service's own deadline: {:?}",
        began.elapsed()
    );
    engine.until("it says so", |now| now.degraded.iter().any(|text| text.contains("Toasts are not shown"))).await;
    let page = engine.engine().list(Criteria::default(), None, 200).await.unwrap();
    assert!(page.has_more);
    harness.service.set_quirk(ServiceQuirk::None);
    engine.clock.set_by(SignedDuration::from_mins(20));
    server.event("booking:cancelled", booking("1", "CANCELLED")).await;
    engine.until("it is well again", |now| now.degraded.is_empty()).await;
    let row = engine.rows(501).await.remove(0);
    assert!(matches!(row.outcome.code, OutcomeCode::Popped | OutcomeCode::Merged), "{:?}", row.outcome);
}
