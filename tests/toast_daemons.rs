//! Toasts on the real notification services of dunst and XFCE, on a display in memory.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use client::ports::{Happened, ToastError, ToastFeedback, Toaster as _};
use domain::{Button, Toast, ToastAction, Urgency};
use os::toasts::Toasts;
use support::toast_harness::toast;
use support::{PATIENCE, desktop, eventually};
use tokio::sync::mpsc;
use xtask::desktop::Desktop;

fn xfce() -> Option<Desktop> {
    let mut desktop = desktop()?;
    if !Desktop::xfce_is_possible() {
        support::missing("xfce4-notifyd, xfconf or xdotool");
        return None;
    }
    desktop.change_to_xfce().unwrap();
    Some(desktop)
}

fn critical(key: &str, row: i64) -> Toast {
    Toast { urgency: Urgency::Critical, expires: None, ..toast(key, row) }
}

/// The toast delivery on a desktop.
struct DaemonHarness {
    toasts: Arc<Toasts>,
    feedback: mpsc::Receiver<ToastFeedback>,
}

impl DaemonHarness {
    fn on(desktop: &Desktop) -> Self {
        let (toasts, feedback) = Toasts::start(Some(desktop.bus().to_owned())).unwrap();
        Self { toasts: Arc::new(toasts), feedback }
    }

    /// Calls a blocking method of the port off the async threads, as the program does.
    async fn call<T: Send + 'static>(&self, call: impl FnOnce(&Toasts) -> T + Send + 'static) -> T {
        let toasts = Arc::clone(&self.toasts);
        tokio::task::spawn_blocking(move || call(&toasts)).await.unwrap()
    }

    async fn show(&self, toast: Toast) {
        self.call(move |toasts| toasts.show(&toast)).await.unwrap();
    }

    async fn withdraw(&self, key: &'static str) {
        self.call(move |toasts| toasts.withdraw(key)).await.unwrap();
    }

    async fn expect_feedback(&mut self, key: &str, row: i64, happened: Happened) {
        let feedback = tokio::time::timeout(PATIENCE, self.feedback.recv()).await.unwrap().unwrap();
        assert_eq!(feedback, ToastFeedback { key: key.to_owned(), notification_id: row, happened });
    }
}

fn dunstctl(desktop: &Desktop, args: &[&str]) -> String {
    let output = desktop.command("dunstctl").args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

async fn displayed(desktop: &Desktop, count: u32) {
    let what = format!("{count} toasts are on screen");
    eventually(&what, async || (desktop.toasts().unwrap() == count).then_some(())).await;
}

#[tokio::test]
async fn dunst_shows_replaces_opens_and_withdraws() {
    let Some(mut desktop) = desktop() else { return };
    let mut harness = DaemonHarness::on(&desktop);
    assert_eq!(harness.call(Toasts::probe).await.unwrap().name, "dunst");

    harness.show(toast("booking:1", 1)).await;
    harness.show(toast("booking:1", 2)).await;
    harness.show(critical("booking:2", 3)).await;
    displayed(&desktop, 2).await;
    // The critical one is on top.
    dunstctl(&desktop, &["action", "0"]);
    harness.expect_feedback("booking:2", 3, Happened::Opened { activation_token: None }).await;
    // dunst keeps the toast; the delivery closes it.
    displayed(&desktop, 1).await;
    dunstctl(&desktop, &["close-all"]);
    harness.expect_feedback("booking:1", 2, Happened::Dismissed).await;
    displayed(&desktop, 0).await;

    harness.show(critical("booking:3", 4)).await;
    harness.withdraw("booking:3").await;
    displayed(&desktop, 0).await;
    harness.show(Toast { expires: Some(Duration::from_millis(200)), ..toast("booking:3", 5) }).await;
    harness.expect_feedback("booking:3", 5, Happened::Expired).await;

    // A restart of the service ends its toasts, which does not read them; the next toast is shown.
    harness.show(critical("booking:4", 6)).await;
    desktop.restart_notifications().unwrap();
    harness.expect_feedback("booking:4", 6, Happened::Expired).await;
    harness.show(toast("booking:5", 7)).await;
    displayed(&desktop, 1).await;
    dunstctl(&desktop, &["close-all"]);
    let history = dunstctl(&desktop, &["history"]);
    assert!(history.contains("Tom &amp; &lt;i&gt;Jerry"), "the body is escaped: {history}");
}

#[tokio::test]
async fn dunst_runs_actions_updates_silently_and_replaces_across_threads() {
    let Some(desktop) = desktop() else { return };
    let mut harness = DaemonHarness::on(&desktop);
    for (row, word, action) in [(1, "Snooze", ToastAction::Snooze), (2, "Mute", ToastAction::Mute)] {
        harness.show(critical("booking:1", row)).await;
        displayed(&desktop, 1).await;
        desktop.pick(word).unwrap();
        harness.expect_feedback("booking:1", row, Happened::Pressed(action)).await;
        displayed(&desktop, 0).await;
    }

    harness.show(critical("flight:AA123", 3)).await;
    harness.show(Toast { alerts: false, ..critical("flight:AA123", 4) }).await;
    displayed(&desktop, 1).await;
    harness.show(Toast { takes_over: Some("flight:AA123".to_owned()), ..critical("storm", 5) }).await;
    displayed(&desktop, 1).await;
    dunstctl(&desktop, &["close-all"]);
    harness.expect_feedback("storm", 5, Happened::Dismissed).await;
}

#[tokio::test]
async fn a_toast_that_activates_the_service_can_be_clicked() {
    let Some(mut desktop) = desktop() else { return };
    desktop.notifications_on_demand().unwrap();
    let mut harness = DaemonHarness::on(&desktop);
    harness.show(critical("booking:1", 1)).await;
    displayed(&desktop, 1).await;
    dunstctl(&desktop, &["action", "0"]);
    harness.expect_feedback("booking:1", 1, Happened::Opened { activation_token: None }).await;
}

#[tokio::test]
async fn without_a_notification_service_each_call_fails_fast() {
    let toasts = Arc::new(Toasts::start(Some("unix:path=/nonexistent/bus".to_owned())).unwrap().0);
    for _ in 0..2 {
        let toasts = toasts.clone();
        let shown = tokio::task::spawn_blocking(move || toasts.show(&toast("booking:1", 1))).await.unwrap();
        assert!(matches!(shown, Err(ToastError::Unavailable(_))), "{shown:?}");
    }
}

/// The visible toasts of XFCE's service, top to bottom: left, top, width, height.
fn windows(desktop: &Desktop) -> Vec<[i32; 4]> {
    let found = xdotool(desktop, &["search", "--onlyvisible", "--name", "xfce4-notifyd"]);
    let shape = |window: &str| {
        let geometry = xdotool(desktop, &["getwindowgeometry", "--shell", window]);
        ["X=", "Y=", "WIDTH=", "HEIGHT="]
            .map(|name| geometry.lines().find_map(|line| line.strip_prefix(name)?.parse().ok()).unwrap_or_default())
    };
    let mut windows: Vec<[i32; 4]> = found.lines().map(shape).filter(|[.., height]| *height > 20).collect();
    windows.sort_by_key(|[_, top, ..]| *top);
    windows
}

fn xdotool(desktop: &Desktop, args: &[&str]) -> String {
    String::from_utf8(desktop.command("xdotool").args(args).output().unwrap().stdout).unwrap()
}

async fn on_screen(desktop: &Desktop, count: usize) {
    eventually(&format!("{count} toasts are on screen"), async || (windows(desktop).len() == count).then_some(()))
        .await;
}

/// Presses the button at this position of three, from 1.
async fn press(desktop: &Desktop, place: i32) {
    on_screen(desktop, 1).await;
    painted(desktop).await;
    let [left, top, width, height] = windows(desktop)[0];
    let (x, y) = (left + width * (2 * place - 1) / 6, top + height - 32);
    xdotool(desktop, &["mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
}

/// Waits until the screen shows something and is stable.
async fn painted(desktop: &Desktop) {
    let mut before = String::new();
    let file = desktop.folder().join("screen.png");
    eventually("the screen is painted", async || {
        desktop.picture(&file).unwrap();
        // The hash of the pixels, and the number of colours.
        let mut identify = desktop.command("identify");
        let seen = identify.args(["-format", "%# %k"]).arg(&file).output().unwrap();
        let seen = String::from_utf8(seen.stdout).unwrap();
        let is_steady = seen == before && !seen.ends_with(" 1");
        before = seen;
        is_steady.then_some(())
    })
    .await;
}

#[tokio::test]
async fn xfce_shows_a_button_for_each_action_and_a_body_click_dismisses() {
    let Some(desktop) = xfce() else { return };
    let mut harness = DaemonHarness::on(&desktop);
    assert_eq!(harness.call(Toasts::probe).await.unwrap().name, "Xfce Notify Daemon");
    let happened = [
        Happened::Opened { activation_token: None },
        Happened::Pressed(ToastAction::Snooze),
        Happened::Pressed(ToastAction::Mute),
    ];
    for (place, happened) in (1..).zip(happened) {
        harness.show(critical("booking:1", place.into())).await;
        press(&desktop, place).await;
        harness.expect_feedback("booking:1", place.into(), happened).await;
        on_screen(&desktop, 0).await;
    }
    harness.show(critical("booking:1", 4)).await;
    on_screen(&desktop, 1).await;
    painted(&desktop).await;
    let [left, top, ..] = windows(&desktop)[0];
    xdotool(&desktop, &["mousemove", &(left + 60).to_string(), &(top + 30).to_string(), "click", "1"]);
    harness.expect_feedback("booking:1", 4, Happened::Dismissed).await;
}

#[tokio::test]
async fn xfce_replaces_withdraws_expires_and_replaces_across_threads() {
    let Some(desktop) = xfce() else { return };
    let mut harness = DaemonHarness::on(&desktop);
    harness.show(critical("flight:AA123", 1)).await;
    harness.show(critical("flight:BA9", 2)).await;
    on_screen(&desktop, 2).await;
    harness.show(Toast { alerts: false, ..critical("flight:AA123", 3) }).await;
    harness.show(Toast { takes_over: Some("flight:AA123".to_owned()), ..critical("storm", 4) }).await;
    harness.withdraw("flight:BA9").await;
    on_screen(&desktop, 1).await;
    harness.withdraw("storm").await;
    on_screen(&desktop, 0).await;
    harness.show(Toast { expires: Some(Duration::from_millis(200)), ..toast("flight:AA123", 5) }).await;
    harness.expect_feedback("flight:AA123", 5, Happened::Expired).await;
}

/// Installs the icons where the package installs them.
fn lay_icons(desktop: &Desktop) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../icons");
    let theme = desktop.home().join(".local/share/icons/hicolor");
    for (file, size, ending) in [("gatecall.svg", "scalable", "svg"), ("128x128.png", "128x128", "png")] {
        let apps = theme.join(size).join("apps");
        std::fs::create_dir_all(&apps).unwrap();
        std::fs::copy(source.join(file), apps.join(format!("{}.{ending}", domain::APP_ID))).unwrap();
    }
    // dunst needs the theme's index. A machine without the theme shows toasts without an icon.
    let _ = std::fs::copy("/usr/share/icons/hicolor/index.theme", theme.join("index.theme"));
}

/// Renders two toasts; `GATECALL_PICTURES` names a folder for the pictures.
#[tokio::test]
async fn toasts_can_be_looked_at() {
    for (name, start) in [("toast-dunst.png", desktop as fn() -> Option<Desktop>), ("toast-xfce.png", xfce)] {
        let Some(mut desktop) = start() else { return };
        lay_icons(&desktop);
        if name == "toast-dunst.png" {
            // dunst reads its themes at its start.
            desktop.restart_notifications().unwrap();
        }
        let harness = DaemonHarness::on(&desktop);
        let delayed = Toast {
            title: "AA123 to LAX delayed".to_owned(),
            body: "Scheduled → Delayed · JFK → LAX · Planned departure 14:05 · as of 11:52".to_owned(),
            buttons: buttons("flight:AA123"),
            ..critical("flight:AA123", 1)
        };
        let booked = Toast {
            title: "Booking XYZ789: booked, paid, confirmed".to_owned(),
            body: "450.00 USD · BA9 LHR → BKK".to_owned(),
            buttons: buttons("booking:1"),
            ..toast("booking:1", 2)
        };
        harness.show(delayed).await;
        harness.show(booked).await;
        painted(&desktop).await;
        let picture = desktop.folder().join(name);
        desktop.picture(&picture).unwrap();
        if let Some(folder) = std::env::var_os("GATECALL_PICTURES") {
            xtask::demo::crop(&picture, "100%x100%+0+0", true, Path::new(&folder).join(name)).unwrap();
        }
    }
}

/// The buttons as the program labels them.
fn buttons(thread: &str) -> Vec<Button> {
    [ToastAction::Open, ToastAction::Snooze, ToastAction::Mute]
        .map(|action| Button { action, label: domain::text::button(action, thread, domain::Language::En) })
        .into()
}
