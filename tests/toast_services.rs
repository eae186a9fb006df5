//! Toasts on notification services of every kind, good and bad, over a real bus.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use client::ports::{Happened, ToastError, ToastFeedback, Toaster as _};
use domain::{Toast, ToastAction, Urgency};
use support::notifications::{DesktopKind, Scripted, ServiceQuirk, Stranger};
use support::toast_harness::{ToastHarness, toast};
use xtask::desktop::Bus;

const ALL: [DesktopKind; 3] = [DesktopKind::Gnome, DesktopKind::Kde, DesktopKind::Xfce];

fn opened(id: u32) -> Happened {
    Happened::Opened { activation_token: Some(format!("token-{id}")) }
}

#[tokio::test]
async fn each_desktop_shows_replaces_withdraws_and_tells_why_a_toast_has_gone() {
    for character in ALL {
        let Some(mut stage) = ToastHarness::new(character).await else { return };
        stage.show(toast("a", 1)).await;
        stage.show(toast("a", 2)).await;
        stage.show(toast("b", 3)).await;
        assert_eq!(stage.service.titles(), ["a", "b"], "{character:?}: the second took the place of the first");
        stage.withdraw("b").await;
        stage.withdraw("nothing").await;
        assert_eq!(stage.service.titles(), ["a"], "{character:?}");
        stage.service.dismiss("a").await;
        stage.hears("a", 2, Happened::Dismissed).await;
        stage.show(toast("c", 4)).await;
        stage.service.expire("c").await;
        stage.hears("c", 4, Happened::Expired).await;
        stage.hears_nothing().await;
        let senders: std::collections::BTreeSet<_> =
            stage.service.calls().into_iter().map(|call| call.sender).collect();
        assert_eq!(senders.len(), 1, "{character:?}: one connection for all");
    }
}

#[tokio::test]
async fn each_desktop_gets_what_it_understands() {
    for character in ALL {
        let Some(stage) = ToastHarness::new(character).await else { return };
        let urgent = Toast { urgency: Urgency::Critical, expires: None, ..toast("a", 1) };
        stage.show(urgent).await;
        let call = stage.service.last();
        assert_eq!(call.app, "Gatecall");
        assert_eq!(call.icon, domain::APP_ID);
        assert_eq!(call.body, "Tom &amp; &lt;i&gt;Jerry&lt;/i&gt;, 1");
        assert_eq!(call.timeout, 0, "stays until it is withdrawn");
        let actions = ["default", "Open", "snooze", "Snooze 1 h", "mute", "Mute AA123"];
        assert_eq!(call.actions, actions, "{character:?}");
        let entry = format!("{:?}", zbus::Variant::from(domain::APP_ID));
        let hints = [("desktop-entry".to_owned(), entry), ("urgency".to_owned(), "U8(2)".to_owned())];
        assert_eq!(call.hints, hints, "{character:?}");

        stage.show(Toast { alerts: false, ..toast("b", 2) }).await;
        let call = stage.service.last();
        let urgency = if character == DesktopKind::Gnome { "U8(0)" } else { "U8(1)" };
        assert!(call.hints.contains(&("suppress-sound".to_owned(), "Bool(true)".to_owned())), "{:?}", call.hints);
        assert!(call.hints.contains(&("urgency".to_owned(), urgency.to_owned())), "{:?}", call.hints);
        assert_eq!(call.timeout, 30_000);

        stage.show(Toast { silent: true, ..toast("c", 3) }).await;
        let call = stage.service.last();
        assert!(call.hints.contains(&("suppress-sound".to_owned(), "Bool(true)".to_owned())), "{:?}", call.hints);
        assert!(call.hints.contains(&("urgency".to_owned(), "U8(1)".to_owned())), "it pops up all the same");
    }
}

#[tokio::test]
async fn a_click_opens_and_a_button_acts_and_the_toast_is_gone_with_it() {
    for character in ALL {
        for manner in [ServiceQuirk::Good, ServiceQuirk::LeavesOpen] {
            let Some(mut stage) = ToastHarness::new(character).await else { return };
            stage.service.behave(manner);
            let token = (character != DesktopKind::Xfce).then(|| "token-1".to_owned());
            stage.show(toast("a", 1)).await;
            stage.service.press("a", "default").await;
            stage.hears("a", 1, Happened::Opened { activation_token: token }).await;
            stage.show(toast("b", 2)).await;
            stage.service.press("b", "snooze").await;
            stage.hears("b", 2, Happened::Pressed(ToastAction::Snooze)).await;
            stage.show(toast("c", 3)).await;
            stage.service.press("c", "mute").await;
            stage.hears("c", 3, Happened::Pressed(ToastAction::Mute)).await;
            stage.service.until("all are gone", |up| up.is_empty()).await;
            stage.hears_nothing().await;
        }
    }
}

#[tokio::test]
async fn on_xfce_a_click_on_the_body_only_dismisses() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Xfce).await else { return };
    stage.show(toast("a", 1)).await;
    stage.service.click("a").await;
    stage.hears("a", 1, Happened::Dismissed).await;
}

#[tokio::test]
async fn a_toast_takes_the_place_of_another_thread_while_that_is_there() {
    for character in ALL {
        let Some(mut stage) = ToastHarness::new(character).await else { return };
        let storm = |row| Toast { takes_over: Some("flight".to_owned()), ..toast("storm", row) };
        stage.show(toast("flight", 1)).await;
        let id = stage.service.id("flight");
        stage.show(storm(2)).await;
        assert_eq!(stage.service.titles(), ["storm"], "{character:?}");
        assert_eq!(stage.service.id("storm"), id, "{character:?}: in its place");
        // Both there: one is brought up to date, and the other goes.
        stage.show(toast("flight", 3)).await;
        stage.show(storm(4)).await;
        stage.service.until("only the storm is left", |up| up.len() == 1 && up[0].call.title == "storm").await;
        assert_eq!(stage.service.id("storm"), id, "{character:?}");
        stage.service.dismiss("storm").await;
        stage.hears("storm", 4, Happened::Dismissed).await;
        // Nothing there.
        stage.show(storm(5)).await;
        assert_eq!(stage.service.titles(), ["storm"]);
        stage.hears_nothing().await;
    }
}

#[tokio::test]
async fn gnome_evicts_the_oldest_which_is_not_read_and_closes_all_when_the_program_ends() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    let keys: Vec<String> = (0..11).map(|number| format!("thread {number}")).collect();
    for (row, key) in (0..).zip(&keys) {
        stage.show(toast(key, row)).await;
    }
    stage.hears("thread 0", 0, Happened::Expired).await;
    assert_eq!(stage.service.up().len(), 10, "all of one connection that lasts");
    let ToastHarness { service, toasts, .. } = stage;
    tokio::task::spawn_blocking(move || drop(toasts)).await.unwrap();
    service.until("they went with the connection", |up| up.is_empty()).await;
}

#[tokio::test]
async fn plasma_is_given_time_between_toasts_of_the_same_words() {
    let Some(stage) = ToastHarness::new(DesktopKind::Kde).await else { return };
    let masked = |key: &str| Toast { title: "Gatecall".into(), body: "Your booking changed".into(), ..toast(key, 1) };
    let began = Instant::now();
    stage.show(masked("a")).await;
    stage.show(masked("b")).await;
    assert_eq!(stage.service.up().len(), 2);
    assert!(began.elapsed() >= Duration::from_secs(1), "the service would have refused it");
}

#[tokio::test]
async fn a_restart_takes_the_toasts_and_the_next_service_is_asked_what_it_can() {
    for character in ALL {
        let Some(mut stage) = ToastHarness::new(character).await else { return };
        stage.show(toast("a", 1)).await;
        stage.service.restart().await;
        stage.hears("a", 1, Happened::Expired).await;
        stage.show(toast("a", 2)).await;
        assert_eq!(stage.service.titles(), ["a"], "{character:?}");
        assert_eq!(stage.service.last().replaces, 0, "numbers of the one before mean nothing");
        // Without a word in between: whichever comes first, the toast or the news of the restart.
        stage.service.restart().await;
        stage.show(toast("b", 3)).await;
        assert_eq!(stage.service.titles(), ["b"], "{character:?}");
        stage.hears("a", 2, Happened::Expired).await;

        stage.service.leave().await;
        stage.hears("b", 3, Happened::Expired).await;
        let shown = stage.try_show(toast("c", 4)).await;
        assert!(matches!(shown, Err(ToastError::Unavailable(_))), "{shown:?}");
        stage.service.come_up().await;
        stage.show(toast("c", 5)).await;
        assert_eq!(stage.service.titles(), ["c"]);
        stage.hears_nothing().await;
    }
}

#[tokio::test]
async fn a_bus_that_goes_takes_the_toasts_and_the_next_one_is_found() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Kde).await else { return };
    stage.show(toast("a", 1)).await;
    stage.bus.end();
    stage.hears("a", 1, Happened::Expired).await;
    let shown = stage.try_show(toast("a", 2)).await;
    assert!(matches!(shown, Err(ToastError::Unavailable(_))), "{shown:?}");
    stage.bus = Bus::start(stage.folder.path()).unwrap();
    stage.service.restart().await;
    stage.show(toast("a", 3)).await;
    assert_eq!(stage.service.titles(), ["a"]);
    stage.hears_nothing().await;
}

#[tokio::test]
async fn another_kind_of_service_gets_toasts_of_its_own_kind() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Kde).await else { return };
    let silent = |row| Toast { alerts: false, ..toast("a", row) };
    let urgency = |value: &str| ("urgency".to_owned(), value.to_owned());
    stage.show(silent(1)).await;
    assert!(stage.service.last().hints.contains(&urgency("U8(1)")));
    stage.service.leave().await;
    let gnome = Scripted::start(stage.bus.address(), DesktopKind::Gnome).await;
    stage.show(silent(2)).await;
    assert!(gnome.last().hints.contains(&urgency("U8(0)")), "{:?}", gnome.last().hints);
}

#[tokio::test]
async fn a_service_that_hangs_costs_a_deadline_and_gets_no_heap_of_toasts() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Kde).await else { return };
    stage.show(toast("a", 1)).await;
    stage.service.behave(ServiceQuirk::Hangs);
    for row in 2..5 {
        let began = Instant::now();
        let shown = stage.try_show(toast(if row == 2 { "a" } else { "b" }, row)).await;
        assert_eq!(shown, Err(ToastError::Timeout));
        assert!(began.elapsed() < Duration::from_millis(5_500), "{:?}", began.elapsed());
    }
    stage.service.behave(ServiceQuirk::Good);
    // What it was handed before it hung is taken back: its caller was told that it is not shown.
    stage.service.until_called(2, 1).await;
    stage.service.until("nothing is up", |up| up.is_empty()).await;
    stage.hears("a", 1, Happened::Expired).await;
    stage.show(toast("a", 5)).await;
    stage.show(toast("b", 6)).await;
    assert_eq!(stage.service.titles(), ["a", "b"]);
    assert_eq!(stage.service.counts().0, 4, "while it hung it was handed one toast");
    stage.hears_nothing().await;
}

#[tokio::test]
async fn an_answer_after_the_deadline_leaves_no_second_toast_and_loses_no_click() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    stage.service.behave(ServiceQuirk::HoldsAnswers);
    assert_eq!(stage.try_show(toast("a", 1)).await, Err(ToastError::Timeout));
    assert_eq!(stage.service.titles(), ["a"], "it is up, and nobody knows its number");
    // The person does, and clicks.
    stage.service.click("a").await;
    stage.service.behave(ServiceQuirk::Good);
    stage.hears("a", 1, opened(1)).await;
    stage.show(toast("a", 2)).await;
    assert_eq!(stage.service.titles(), ["a"]);

    stage.service.behave(ServiceQuirk::HoldsAnswers);
    assert_eq!(stage.try_show(toast("b", 3)).await, Err(ToastError::Timeout));
    assert_eq!(stage.service.titles(), ["a", "b"]);
    stage.service.behave(ServiceQuirk::Good);
    stage.show(toast("b", 4)).await;
    stage.service.until("one of each", |up| up.iter().filter(|up| up.call.title == "b").count() == 1).await;
    stage.service.click("b").await;
    let id = stage.service.last().replaces;
    assert_eq!(id, 0, "the late one was closed, not adopted");
    assert!(matches!(stage.feedback.recv().await.unwrap(), ToastFeedback { notification_id: 4, .. }));
    stage.hears_nothing().await;
}

#[tokio::test]
async fn a_slow_service_is_waited_for() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Xfce).await else { return };
    stage.service.behave(ServiceQuirk::Slow(Duration::from_millis(700)));
    stage.show(toast("a", 1)).await;
    stage.show(toast("a", 2)).await;
    assert_eq!(stage.service.titles(), ["a"]);
    stage.hears_nothing().await;
}

#[tokio::test]
async fn a_click_that_overtakes_the_answer_counts() {
    for character in ALL {
        let Some(mut stage) = ToastHarness::new(character).await else { return };
        stage.service.behave(ServiceQuirk::ClicksAtOnce);
        for row in 1..4 {
            let id = stage.service.counts().0 + 1;
            stage.show(toast("a", row)).await;
            let id = u32::try_from(id).unwrap();
            let token = (character != DesktopKind::Xfce).then(|| format!("token-{id}"));
            stage.hears("a", row, Happened::Opened { activation_token: token }).await;
        }
        stage.service.until("nothing is up", |up| up.is_empty()).await;
        stage.hears_nothing().await;
    }
}

#[tokio::test]
async fn a_service_that_numbers_wrongly_gets_no_second_toast_of_a_thread() {
    for character in ALL {
        // No number at all: the first is up, and nothing can be done about it.
        let Some(mut stage) = ToastHarness::new(character).await else { return };
        stage.service.behave(ServiceQuirk::GivesZero);
        for row in 1..3 {
            let shown = stage.try_show(toast("a", row)).await;
            assert!(matches!(shown, Err(ToastError::Refused(_))), "{shown:?}");
            assert_eq!(stage.service.titles(), ["a"], "{character:?}");
        }
        // Other threads and other services do not suffer.
        stage.service.behave(ServiceQuirk::Good);
        stage.show(toast("b", 3)).await;
        stage.service.restart().await;
        stage.hears("b", 3, Happened::Expired).await;
        stage.show(toast("a", 4)).await;
        assert_eq!(stage.service.titles(), ["a"]);

        // The number of another: a click there opens the last that was shown under it, and once.
        stage.service.behave(ServiceQuirk::GivesTaken);
        stage.show(toast("b", 5)).await;
        stage.hears("a", 4, Happened::Expired).await;
        assert!(stage.try_show(toast("a", 6)).await.is_err());
        let id = stage.service.id("b");
        stage.service.press("b", "snooze").await;
        stage.hears("b", 5, Happened::Pressed(ToastAction::Snooze)).await;
        stage.service.until("nothing is up", |up| up.iter().all(|up| up.id != id)).await;
        stage.hears_nothing().await;
    }
}

#[tokio::test]
async fn a_service_that_does_not_replace_is_helped() {
    for character in ALL {
        for manner in [ServiceQuirk::ReplacesNothing, ServiceQuirk::ClosesLate] {
            let Some(mut stage) = ToastHarness::new(character).await else { return };
            stage.service.behave(manner);
            for row in 1..5 {
                stage.show(toast("a", row)).await;
                stage.service.until("one is up", |up| up.len() == 1).await;
            }
            stage.service.press("a", "mute").await;
            stage.hears("a", 4, Happened::Pressed(ToastAction::Mute)).await;
            stage.hears_nothing().await;
        }
    }
}

#[tokio::test]
async fn tales_of_toasts_that_are_not_ours_are_ignored() {
    for character in ALL {
        let Some(mut stage) = ToastHarness::new(character).await else { return };
        stage.service.behave(ServiceQuirk::TellsTales);
        stage.show(toast("a", 1)).await;
        stage.show(toast("a", 2)).await;
        stage.service.dismiss("a").await;
        stage.hears("a", 2, Happened::Dismissed).await;
        stage.hears_nothing().await;
    }
}

#[tokio::test]
async fn nobody_but_the_service_is_believed() {
    for character in ALL {
        let Some(mut stage) = ToastHarness::new(character).await else { return };
        stage.show(toast("a", 1)).await;
        let (sender, id) = (stage.service.last().sender, stage.service.id("a"));
        let stranger = Stranger::join(stage.bus.address()).await;
        for action in ["default", "snooze", "mute"] {
            stranger.forge(&sender, id, action).await;
        }
        stage.service.press("a", "default").await;
        let token = (character != DesktopKind::Xfce).then(|| format!("token-{id}"));
        stage.hears("a", 1, Happened::Opened { activation_token: token }).await;
        stage.hears_nothing().await;
    }
}

#[tokio::test]
async fn thousands_of_toasts_are_handed_over_one_by_one() {
    let Some(stage) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    let began = Instant::now();
    stage
        .call(|toasts| {
            for row in 0..2_000 {
                toasts.show(&toast(&format!("thread {}", row % 5), row)).unwrap();
            }
        })
        .await;
    let times = stage.service.times();
    assert_eq!(times.len(), 2_000);
    assert!(times.is_sorted() && times[0] >= began);
    assert_eq!(stage.service.up().len(), 5);
}
