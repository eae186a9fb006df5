//! The ports of the client on the real parts of a desktop: keychain, notification service, tray.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;
use std::time::Duration;

use client::ports::{Keychain as _, ToastError, ToastFeedback, Toaster as _};
use domain::connection::ConnectionState;
use domain::{Secret, Toast, Urgency};
use os::toasts::Toasts;
use os::tray::{Tray, TrayAction, TrayView};
use support::tray_host::TrayHost;
use support::{PATIENCE, eventually};
use tokio::sync::mpsc;
use xtask::desktop::Desktop;

fn desktop() -> Option<Desktop> {
    if Desktop::is_possible() {
        return Some(Desktop::start().unwrap());
    }
    support::missing("a desktop (Xvfb, dbus-daemon, gnome-keyring-daemon, dunst)");
    None
}

fn toast(key: &str, id: i64, urgency: Urgency) -> Toast {
    Toast {
        key: key.to_owned(),
        notification_id: id,
        title: format!("Toast {id} <b>"),
        body: "Tom & <i>Jerry</i>".to_owned(),
        urgency,
        expires: (urgency != Urgency::Critical).then_some(Duration::from_secs(30)),
    }
}

fn dunstctl(desktop: &Desktop, args: &[&str]) -> String {
    let output = desktop.command("dunstctl").args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn displayed(desktop: &Desktop) -> u32 {
    desktop.toasts().unwrap()
}

/// Calls of the port block, as they do in the program, so they run where blocking is fine.
async fn blocking<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(call).await.unwrap()
}

async fn next(feedback: &mut mpsc::Receiver<ToastFeedback>) -> ToastFeedback {
    tokio::time::timeout(PATIENCE, feedback.recv()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_real_notification_service_shows_replaces_opens_and_withdraws() {
    let Some(mut desktop) = desktop() else { return };
    let (toasts, mut feedback) = Toasts::start(Some(desktop.bus().to_owned())).unwrap();
    let toasts = std::sync::Arc::new(toasts);
    let show = async |toast: Toast| {
        let toasts = toasts.clone();
        blocking(move || toasts.show(&toast)).await
    };
    let service = toasts.clone();
    assert_eq!(blocking(move || service.probe()).await.unwrap().name, "dunst");

    show(toast("booking:1", 1, Urgency::Normal)).await.unwrap();
    show(toast("booking:1", 2, Urgency::Normal)).await.unwrap();
    show(toast("booking:2", 3, Urgency::Critical)).await.unwrap();
    assert_eq!(displayed(&desktop), 2, "the second took the place of the first");

    dunstctl(&desktop, &["action", "0"]);
    assert!(matches!(next(&mut feedback).await, ToastFeedback::Opened { notification_id: 2 | 3, .. }));
    dunstctl(&desktop, &["close-all"]);
    assert!(matches!(next(&mut feedback).await, ToastFeedback::Dismissed { .. }));
    eventually("the screen is empty", async || (displayed(&desktop) == 0).then_some(())).await;

    show(toast("booking:3", 4, Urgency::Critical)).await.unwrap();
    let withdrawing = toasts.clone();
    blocking(move || withdrawing.withdraw("booking:3")).await.unwrap();
    eventually("it is withdrawn", async || (displayed(&desktop) == 0).then_some(())).await;

    // A restart of the service: its toasts are gone, which is not "read", and the next one is shown all the same.
    show(toast("booking:4", 5, Urgency::Critical)).await.unwrap();
    desktop.restart_notifications().unwrap();
    assert_eq!(next(&mut feedback).await, ToastFeedback::Expired { notification_id: 5 });
    show(toast("booking:5", 6, Urgency::Normal)).await.unwrap();
    assert_eq!(displayed(&desktop), 1);
    dunstctl(&desktop, &["close-all"]);
    let history = dunstctl(&desktop, &["history"]);
    assert!(history.contains("Tom &amp; &lt;i&gt;Jerry"), "the body is escaped: {history}");
}

#[tokio::test]
async fn a_toast_that_starts_the_service_can_be_clicked() {
    let Some(mut desktop) = desktop() else { return };
    desktop.notifications_on_demand().unwrap();
    let (toasts, mut feedback) = Toasts::start(Some(desktop.bus().to_owned())).unwrap();
    let toasts = std::sync::Arc::new(toasts);
    let showing = toasts.clone();
    blocking(move || showing.show(&toast("booking:1", 1, Urgency::Critical))).await.unwrap();
    eventually("it is on screen", async || (displayed(&desktop) == 1).then_some(())).await;
    dunstctl(&desktop, &["action", "0"]);
    assert!(matches!(next(&mut feedback).await, ToastFeedback::Opened { notification_id: 1, .. }));
}

#[tokio::test]
async fn without_a_notification_service_the_answer_is_quick_and_the_next_call_tries_again() {
    let toasts = Toasts::start(Some("unix:path=/nonexistent/bus".to_owned())).unwrap().0;
    let toasts = std::sync::Arc::new(toasts);
    for _ in 0..2 {
        let toasts = toasts.clone();
        let shown = blocking(move || toasts.show(&toast("booking:1", 1, Urgency::Normal))).await;
        assert!(matches!(shown, Err(ToastError::Unavailable(_))), "{shown:?}");
    }
}

/// The keychain's address is an environment variable, which belongs to the whole process: so it is tried in one of its own.
#[test]
fn a_real_keychain_keeps_replaces_and_deletes() {
    const INNER: &str = "GATECALL_TEST_KEYCHAIN";
    if std::env::var_os(INNER).is_some() {
        let keychain = os::keychain::Keychain::new();
        let account = "someone@example.com@http://localhost:3004";
        assert_eq!(keychain.get(account).unwrap(), None, "missing is no error");
        let long = Secret::new("x".repeat(9_000));
        for secret in [Secret::new("first"), long] {
            keychain.set(account, &secret).unwrap();
            assert_eq!(keychain.get(account).unwrap(), Some(secret.clone()));
            assert_eq!(os::keychain::Keychain::new().get(account).unwrap(), Some(secret), "from outside as well");
        }
        keychain.delete(account).unwrap();
        keychain.delete(account).unwrap();
        assert_eq!(keychain.get(account).unwrap(), None);
        return;
    }
    let Some(desktop) = desktop() else { return };
    let mut inner = desktop.command(std::env::current_exe().unwrap());
    let inner = inner.args(["--exact", "a_real_keychain_keeps_replaces_and_deletes"]).env(INNER, "1");
    let output = inner.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    // No keychain at all is an answer too.
    let mut alone = Command::new(std::env::current_exe().unwrap());
    alone.args(["--exact", "a_missing_keychain_is_said"]).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let output = alone.env(INNER, "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_missing_keychain_is_said() {
    if std::env::var_os("GATECALL_TEST_KEYCHAIN").is_none() {
        return;
    }
    let error = os::keychain::Keychain::new().get("someone").unwrap_err();
    assert!(
        matches!(error, client::ports::KeychainError::Unavailable(_) | client::ports::KeychainError::Locked),
        "{error}"
    );
}

#[test]
fn the_tray_waits_for_a_host_and_then_says_the_state() {
    const INNER: &str = "GATECALL_TEST_TRAY";
    if std::env::var_os(INNER).is_none() {
        let Some(desktop) = desktop() else { return };
        let mut inner = desktop.command(std::env::current_exe().unwrap());
        inner.args(["--exact", "the_tray_waits_for_a_host_and_then_says_the_state"]).env(INNER, "1");
        let output = inner.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap();
        let (actions, mut asked) = mpsc::channel(4);
        let view =
            |unread| TrayView { state: ConnectionState::Paused, unread, demo: false, language: domain::Language::En };
        let tray = Tray::start(view(0), actions);
        let mut present = tray.host();
        assert!(!*present.borrow());
        assert!(!os::tray::host_present(Duration::from_secs(1)).await);

        let host = TrayHost::start(&bus).await;
        tokio::time::timeout(PATIENCE, present.wait_for(|present| *present)).await.unwrap().unwrap();
        assert!(os::tray::host_present(Duration::from_secs(1)).await);
        eventually("the item registers", async || host.item()).await;
        tray.update(view(3));
        let text = eventually("the count arrives", async || {
            let (title, text) = host.tooltip().await;
            title.contains("3 unread").then_some(text)
        })
        .await;
        assert_eq!(text, "Paused");
        host.click().await;
        let action = tokio::time::timeout(PATIENCE, asked.recv()).await.unwrap().unwrap();
        assert_eq!(action, TrayAction::Open { activation_token: None });
        drop(host);
        tokio::time::timeout(PATIENCE, present.wait_for(|present| !*present)).await.unwrap().unwrap();
    });
}

/// Says what logind says; the bus of the test lets it own the name.
#[tokio::test]
async fn the_end_of_a_sleep_is_heard() {
    let Some(desktop) = desktop() else { return };
    let logind =
        zbus::connection::Builder::address(desktop.bus()).name("org.freedesktop.login1").build().await.unwrap();
    let (sender, mut woke) = mpsc::channel(4);
    let mut watching = std::pin::pin!(os::power::watch(Some(desktop.bus()), async || sender.send(()).await.unwrap()));
    let say = async |before: bool| {
        let path = "/org/freedesktop/login1";
        logind
            .emit_signal(None::<&str>, path, "org.freedesktop.login1.Manager", "PrepareForSleep", &before)
            .await
            .unwrap();
    };
    // It is said again until the subscription stands.
    let heard = async {
        while woke.try_recv().is_err() {
            say(true).await;
            say(false).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        never = &mut watching => match never {},
        heard = tokio::time::timeout(PATIENCE, heard) => heard.unwrap(),
    }
}
