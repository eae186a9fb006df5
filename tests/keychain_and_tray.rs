//! The keychain and tray ports on a real desktop. Toasts are in `toast_daemons.rs`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;
use std::time::Duration;

use client::ports::Keychain as _;
use domain::Secret;
use domain::connection::ConnectionState;
use os::tray::{Tray, TrayAction, TrayView};
use support::tray_host::TrayHost;
use support::{PATIENCE, desktop, eventually};
use tokio::sync::mpsc;

/// The keychain's bus address is an environment variable of the process, so the test runs in a process of its own.
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
    // A missing keychain has a defined error.
    let mut alone = Command::new(std::env::current_exe().unwrap());
    alone.args(["--exact", "a_missing_keychain_is_reported"]).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let output = alone.env(INNER, "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_missing_keychain_is_reported() {
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
fn the_tray_waits_for_a_host_and_then_shows_the_state() {
    const INNER: &str = "GATECALL_TEST_TRAY";
    if std::env::var_os(INNER).is_none() {
        let Some(desktop) = desktop() else { return };
        let mut inner = desktop.command(std::env::current_exe().unwrap());
        inner.args(["--exact", "the_tray_waits_for_a_host_and_then_shows_the_state"]).env(INNER, "1");
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

/// Imitates logind; the test's bus lets the connection own the name.
#[tokio::test]
async fn a_wake_from_sleep_is_reported() {
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
    // Emitted repeatedly until the subscription exists.
    let reported = async {
        while woke.try_recv().is_err() {
            say(true).await;
            say(false).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        never = &mut watching => match never {},
        reported = tokio::time::timeout(PATIENCE, reported) => reported.unwrap(),
    }
}
