//! Toast delivery on fake notification services of every kind, with and without faults, over a real bus.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use client::ports::{Happened, ToastError, ToastFeedback, Toaster as _};
use domain::{Toast, ToastAction, Urgency};
use support::notification_service::{DesktopKind, FakeNotificationService, Impostor, ServiceQuirk};
use support::toast_harness::{ToastHarness, toast};
use xtask::desktop::Bus;

const ALL: [DesktopKind; 3] = [DesktopKind::Gnome, DesktopKind::Kde, DesktopKind::Xfce];

fn opened(id: u32) -> Happened {
    Happened::Opened { activation_token: Some(format!("token-{id}")) }
}

#[tokio::test]
async fn each_desktop_shows_replaces_withdraws_and_reports_the_close_reason() {
    for kind in ALL {
        let Some(mut harness) = ToastHarness::new(kind).await else { return };
        harness.show(toast("a", 1)).await;
        harness.show(toast("a", 2)).await;
        harness.show(toast("b", 3)).await;
        assert_eq!(harness.service.titles(), ["a", "b"], "{kind:?}: the second took the place of the first");
        harness.withdraw("b").await;
        harness.withdraw("nothing").await;
        assert_eq!(harness.service.titles(), ["a"], "{kind:?}");
        harness.service.dismiss("a").await;
        harness.expect_feedback("a", 2, Happened::Dismissed).await;
        harness.show(toast("c", 4)).await;
        harness.service.expire("c").await;
        harness.expect_feedback("c", 4, Happened::Expired).await;
        harness.expect_no_feedback().await;
        let senders: std::collections::BTreeSet<_> =
            harness.service.calls().into_iter().map(|call| call.sender).collect();
        assert_eq!(senders.len(), 1, "{kind:?}: one connection for all");
    }
}

#[tokio::test]
async fn each_desktop_gets_the_hints_it_supports() {
    for kind in ALL {
        let Some(harness) = ToastHarness::new(kind).await else { return };
        let urgent = Toast { urgency: Urgency::Critical, expires: None, ..toast("a", 1) };
        harness.show(urgent).await;
        let call = harness.service.last();
        assert_eq!(call.app, "Gatecall");
        assert_eq!(call.icon, domain::APP_ID);
        assert_eq!(call.body, "Tom &amp; &lt;i&gt;Jerry&lt;/i&gt;, 1");
        assert_eq!(call.timeout, 0, "stays until it is withdrawn");
        let actions = ["default", "Open", "snooze", "Snooze 1 h", "mute", "Mute AA123"];
        assert_eq!(call.actions, actions, "{kind:?}");
        let entry = format!("{:?}", zbus::Variant::from(domain::APP_ID));
        let hints = [("desktop-entry".to_owned(), entry), ("urgency".to_owned(), "U8(2)".to_owned())];
        assert_eq!(call.hints, hints, "{kind:?}");

        harness.show(Toast { alerts: false, ..toast("b", 2) }).await;
        let call = harness.service.last();
        let urgency = if kind == DesktopKind::Gnome { "U8(0)" } else { "U8(1)" };
        assert!(call.hints.contains(&("suppress-sound".to_owned(), "Bool(true)".to_owned())), "{:?}", call.hints);
        assert!(call.hints.contains(&("urgency".to_owned(), urgency.to_owned())), "{:?}", call.hints);
        assert_eq!(call.timeout, 30_000);

        harness.show(Toast { silent: true, ..toast("c", 3) }).await;
        let call = harness.service.last();
        assert!(call.hints.contains(&("suppress-sound".to_owned(), "Bool(true)".to_owned())), "{:?}", call.hints);
        assert!(call.hints.contains(&("urgency".to_owned(), "U8(1)".to_owned())), "it pops up all the same");
    }
}

#[tokio::test]
async fn clicks_and_buttons_are_reported_and_close_the_toast() {
    for kind in ALL {
        for quirk in [ServiceQuirk::None, ServiceQuirk::LeavesOpen] {
            let Some(mut harness) = ToastHarness::new(kind).await else { return };
            harness.service.set_quirk(quirk);
            let token = (kind != DesktopKind::Xfce).then(|| "token-1".to_owned());
            harness.show(toast("a", 1)).await;
            harness.service.press("a", "default").await;
            harness.expect_feedback("a", 1, Happened::Opened { activation_token: token }).await;
            harness.show(toast("b", 2)).await;
            harness.service.press("b", "snooze").await;
            harness.expect_feedback("b", 2, Happened::Pressed(ToastAction::Snooze)).await;
            harness.show(toast("c", 3)).await;
            harness.service.press("c", "mute").await;
            harness.expect_feedback("c", 3, Happened::Pressed(ToastAction::Mute)).await;
            harness.service.until("all are gone", |up| up.is_empty()).await;
            harness.expect_no_feedback().await;
        }
    }
}

#[tokio::test]
async fn on_xfce_a_click_on_the_body_only_dismisses() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Xfce).await else { return };
    harness.show(toast("a", 1)).await;
    harness.service.click("a").await;
    harness.expect_feedback("a", 1, Happened::Dismissed).await;
}

#[tokio::test]
async fn a_toast_replaces_the_visible_toast_of_another_thread() {
    for kind in ALL {
        let Some(mut harness) = ToastHarness::new(kind).await else { return };
        let storm = |row| Toast { takes_over: Some("flight".to_owned()), ..toast("storm", row) };
        harness.show(toast("flight", 1)).await;
        let id = harness.service.id("flight");
        harness.show(storm(2)).await;
        assert_eq!(harness.service.titles(), ["storm"], "{kind:?}");
        assert_eq!(harness.service.id("storm"), id, "{kind:?}: in its place");
        // Both are visible: one is updated, the other closed.
        harness.show(toast("flight", 3)).await;
        harness.show(storm(4)).await;
        harness.service.until("only the storm is left", |up| up.len() == 1 && up[0].call.title == "storm").await;
        assert_eq!(harness.service.id("storm"), id, "{kind:?}");
        harness.service.dismiss("storm").await;
        harness.expect_feedback("storm", 4, Happened::Dismissed).await;
        // Neither is visible.
        harness.show(storm(5)).await;
        assert_eq!(harness.service.titles(), ["storm"]);
        harness.expect_no_feedback().await;
    }
}

#[tokio::test]
async fn gnome_evicts_the_oldest_toast_and_closes_all_when_the_program_ends() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    let keys: Vec<String> = (0..11).map(|number| format!("thread {number}")).collect();
    for (row, key) in (0..).zip(&keys) {
        harness.show(toast(key, row)).await;
    }
    harness.expect_feedback("thread 0", 0, Happened::Expired).await;
    assert_eq!(harness.service.up().len(), 10, "all of one connection that lasts");
    let ToastHarness { service, toasts, .. } = harness;
    tokio::task::spawn_blocking(move || drop(toasts)).await.unwrap();
    service.until("they went with the connection", |up| up.is_empty()).await;
}

#[tokio::test]
async fn plasma_gets_a_pause_between_identical_toasts() {
    let Some(harness) = ToastHarness::new(DesktopKind::Kde).await else { return };
    let masked = |key: &str| Toast { title: "Gatecall".into(), body: "Your booking changed".into(), ..toast(key, 1) };
    let began = Instant::now();
    harness.show(masked("a")).await;
    harness.show(masked("b")).await;
    assert_eq!(harness.service.up().len(), 2);
    assert!(began.elapsed() >= Duration::from_secs(1), "the service would have refused it");
}

#[tokio::test]
async fn a_service_restart_expires_toasts_and_capabilities_are_read_again() {
    for kind in ALL {
        let Some(mut harness) = ToastHarness::new(kind).await else { return };
        harness.show(toast("a", 1)).await;
        harness.service.restart().await;
        harness.expect_feedback("a", 1, Happened::Expired).await;
        harness.show(toast("a", 2)).await;
        assert_eq!(harness.service.titles(), ["a"], "{kind:?}");
        assert_eq!(harness.service.last().replaces, 0, "numbers of the one before mean nothing");
        // Without waiting: the toast and the report of the restart may come in either order.
        harness.service.restart().await;
        harness.show(toast("b", 3)).await;
        assert_eq!(harness.service.titles(), ["b"], "{kind:?}");
        harness.expect_feedback("a", 2, Happened::Expired).await;

        harness.service.disconnect().await;
        harness.expect_feedback("b", 3, Happened::Expired).await;
        let shown = harness.try_show(toast("c", 4)).await;
        assert!(matches!(shown, Err(ToastError::Unavailable(_))), "{shown:?}");
        harness.service.connect().await;
        harness.show(toast("c", 5)).await;
        assert_eq!(harness.service.titles(), ["c"]);
        harness.expect_no_feedback().await;
    }
}

#[tokio::test]
async fn a_lost_bus_expires_toasts_and_the_next_bus_is_used() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Kde).await else { return };
    harness.show(toast("a", 1)).await;
    harness.bus.end();
    harness.expect_feedback("a", 1, Happened::Expired).await;
    let shown = harness.try_show(toast("a", 2)).await;
    assert!(matches!(shown, Err(ToastError::Unavailable(_))), "{shown:?}");
    harness.bus = Bus::start(harness.folder.path()).unwrap();
    harness.service.restart().await;
    harness.show(toast("a", 3)).await;
    assert_eq!(harness.service.titles(), ["a"]);
    harness.expect_no_feedback().await;
}

#[tokio::test]
async fn hints_follow_a_change_of_the_notification_service() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Kde).await else { return };
    let silent = |row| Toast { alerts: false, ..toast("a", row) };
    let urgency = |value: &str| ("urgency".to_owned(), value.to_owned());
    harness.show(silent(1)).await;
    assert!(harness.service.last().hints.contains(&urgency("U8(1)")));
    harness.service.disconnect().await;
    let gnome = FakeNotificationService::start(harness.bus.address(), DesktopKind::Gnome).await;
    harness.show(silent(2)).await;
    assert!(gnome.last().hints.contains(&urgency("U8(0)")), "{:?}", gnome.last().hints);
}

#[tokio::test]
async fn a_hanging_service_costs_one_deadline_and_gets_no_backlog() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Kde).await else { return };
    harness.show(toast("a", 1)).await;
    harness.service.set_quirk(ServiceQuirk::Hangs);
    for row in 2..5 {
        let began = Instant::now();
        let shown = harness.try_show(toast(if row == 2 { "a" } else { "b" }, row)).await;
        assert_eq!(shown, Err(ToastError::Timeout));
        assert!(began.elapsed() < Duration::from_millis(5_500), "{:?}", began.elapsed());
    }
    harness.service.set_quirk(ServiceQuirk::None);
    // The toast that was handed over before the hang is withdrawn: its caller was told that it is not shown.
    harness.service.until_called(2, 1).await;
    harness.service.until("nothing is up", |up| up.is_empty()).await;
    harness.expect_feedback("a", 1, Happened::Expired).await;
    harness.show(toast("a", 5)).await;
    harness.show(toast("b", 6)).await;
    assert_eq!(harness.service.titles(), ["a", "b"]);
    assert_eq!(harness.service.counts().0, 4, "while it hung it was handed one toast");
    harness.expect_no_feedback().await;
}

#[tokio::test]
async fn a_late_reply_leaves_no_duplicate_toast_and_loses_no_click() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    harness.service.set_quirk(ServiceQuirk::HoldsReplies);
    assert_eq!(harness.try_show(toast("a", 1)).await, Err(ToastError::Timeout));
    assert_eq!(harness.service.titles(), ["a"], "it is up, and nobody knows its number");
    // The user clicks a toast whose id is not known yet.
    harness.service.click("a").await;
    harness.service.set_quirk(ServiceQuirk::None);
    harness.expect_feedback("a", 1, opened(1)).await;
    harness.show(toast("a", 2)).await;
    assert_eq!(harness.service.titles(), ["a"]);

    harness.service.set_quirk(ServiceQuirk::HoldsReplies);
    assert_eq!(harness.try_show(toast("b", 3)).await, Err(ToastError::Timeout));
    assert_eq!(harness.service.titles(), ["a", "b"]);
    harness.service.set_quirk(ServiceQuirk::None);
    harness.show(toast("b", 4)).await;
    harness.service.until("one of each", |up| up.iter().filter(|up| up.call.title == "b").count() == 1).await;
    harness.service.click("b").await;
    let id = harness.service.last().replaces;
    assert_eq!(id, 0, "the late one was closed, not adopted");
    assert!(matches!(harness.feedback.recv().await.unwrap(), ToastFeedback { notification_id: 4, .. }));
    harness.expect_no_feedback().await;
}

#[tokio::test]
async fn a_slow_service_is_awaited() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Xfce).await else { return };
    harness.service.set_quirk(ServiceQuirk::Slow(Duration::from_millis(700)));
    harness.show(toast("a", 1)).await;
    harness.show(toast("a", 2)).await;
    assert_eq!(harness.service.titles(), ["a"]);
    harness.expect_no_feedback().await;
}

#[tokio::test]
async fn a_click_before_the_reply_is_reported() {
    for kind in ALL {
        let Some(mut harness) = ToastHarness::new(kind).await else { return };
        harness.service.set_quirk(ServiceQuirk::ClicksImmediately);
        for row in 1..4 {
            let id = harness.service.counts().0 + 1;
            harness.show(toast("a", row)).await;
            let id = u32::try_from(id).unwrap();
            let token = (kind != DesktopKind::Xfce).then(|| format!("token-{id}"));
            harness.expect_feedback("a", row, Happened::Opened { activation_token: token }).await;
        }
        harness.service.until("nothing is up", |up| up.is_empty()).await;
        harness.expect_no_feedback().await;
    }
}

#[tokio::test]
async fn a_service_with_wrong_ids_shows_no_duplicate_toast() {
    for kind in ALL {
        // Without an id: the first toast is visible and cannot be closed.
        let Some(mut harness) = ToastHarness::new(kind).await else { return };
        harness.service.set_quirk(ServiceQuirk::ReturnsZero);
        for row in 1..3 {
            let shown = harness.try_show(toast("a", row)).await;
            assert!(matches!(shown, Err(ToastError::Refused(_))), "{shown:?}");
            assert_eq!(harness.service.titles(), ["a"], "{kind:?}");
        }
        // Other threads and other services are unaffected.
        harness.service.set_quirk(ServiceQuirk::None);
        harness.show(toast("b", 3)).await;
        harness.service.restart().await;
        harness.expect_feedback("b", 3, Happened::Expired).await;
        harness.show(toast("a", 4)).await;
        assert_eq!(harness.service.titles(), ["a"]);

        // The id of another toast: a click opens the last toast shown under that id, once.
        harness.service.set_quirk(ServiceQuirk::ReturnsUsedId);
        harness.show(toast("b", 5)).await;
        harness.expect_feedback("a", 4, Happened::Expired).await;
        assert!(harness.try_show(toast("a", 6)).await.is_err());
        let id = harness.service.id("b");
        harness.service.press("b", "snooze").await;
        harness.expect_feedback("b", 5, Happened::Pressed(ToastAction::Snooze)).await;
        harness.service.until("nothing is up", |up| up.iter().all(|up| up.id != id)).await;
        harness.expect_no_feedback().await;
    }
}

#[tokio::test]
async fn a_service_that_ignores_replaces_id_shows_no_duplicate_toast() {
    for kind in ALL {
        for quirk in [ServiceQuirk::IgnoresReplace, ServiceQuirk::ClosesLate] {
            let Some(mut harness) = ToastHarness::new(kind).await else { return };
            harness.service.set_quirk(quirk);
            for row in 1..5 {
                harness.show(toast("a", row)).await;
                harness.service.until("one is up", |up| up.len() == 1).await;
            }
            harness.service.press("a", "mute").await;
            harness.expect_feedback("a", 4, Happened::Pressed(ToastAction::Mute)).await;
            harness.expect_no_feedback().await;
        }
    }
}

#[tokio::test]
async fn signals_about_foreign_toasts_are_ignored() {
    for kind in ALL {
        let Some(mut harness) = ToastHarness::new(kind).await else { return };
        harness.service.set_quirk(ServiceQuirk::ForgesSignals);
        harness.show(toast("a", 1)).await;
        harness.show(toast("a", 2)).await;
        harness.service.dismiss("a").await;
        harness.expect_feedback("a", 2, Happened::Dismissed).await;
        harness.expect_no_feedback().await;
    }
}

#[tokio::test]
async fn signals_of_other_senders_are_ignored() {
    for kind in ALL {
        let Some(mut harness) = ToastHarness::new(kind).await else { return };
        harness.show(toast("a", 1)).await;
        let (sender, id) = (harness.service.last().sender, harness.service.id("a"));
        let impostor = Impostor::join(harness.bus.address()).await;
        for action in ["default", "snooze", "mute"] {
            impostor.forge(&sender, id, action).await;
        }
        harness.service.press("a", "default").await;
        let token = (kind != DesktopKind::Xfce).then(|| format!("token-{id}"));
        harness.expect_feedback("a", 1, Happened::Opened { activation_token: token }).await;
        harness.expect_no_feedback().await;
    }
}

#[tokio::test]
async fn thousands_of_toasts_are_delivered_in_order() {
    let Some(harness) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    let began = Instant::now();
    harness
        .call(|toasts| {
            for row in 0..2_000 {
                toasts.show(&toast(&format!("thread {}", row % 5), row)).unwrap();
            }
        })
        .await;
    let times = harness.service.times();
    assert_eq!(times.len(), 2_000);
    assert!(times.is_sorted() && times[0] >= began);
    assert_eq!(harness.service.up().len(), 5);
}
