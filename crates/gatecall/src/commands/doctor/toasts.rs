//! Checks of the notification service, and a test toast with the user's reaction.

use std::time::Duration;

use client::ports::{Happened, ToastError, ToastFeedback};
use domain::Toast;
use os::toasts::{NotificationService, Toasts};
use tokio::sync::mpsc;

use super::check::{CheckResult, failed, ok, warning};
use super::hints::HINTS;
use crate::wiring;

/// Time for the user to click the test toast.
const CLICK_DEADLINE: Duration = Duration::from_secs(30);

/// Checks the notification service and its capabilities.
pub async fn service() -> CheckResult {
    match tokio::task::spawn_blocking(wiring::notification_service).await {
        Ok(Ok(service)) => check_capabilities(&service),
        Ok(Err(error)) => toast_failed("notifications", &error),
        Err(error) => failed("notifications", error.to_string(), "Try again."),
    }
}

fn check_capabilities(service: &NotificationService) -> CheckResult {
    let name = format!("{} {}", service.name, service.version);
    let name = name.trim();
    let can = |capability: &str| service.capabilities.iter().any(|known| known == capability);
    if cfg!(target_os = "linux") && !can("actions") {
        return warning(
            "notifications",
            format!("{name} shows toasts that cannot be clicked"),
            "Open Gatecall from its tray instead, or use a service with actions (dunst, xfce4-notifyd, mako).",
        );
    }
    if cfg!(target_os = "linux") && !can("body") {
        return warning(
            "notifications",
            format!("{name} shows titles only"),
            "Use a service that shows bodies as well (dunst, xfce4-notifyd, mako).",
        );
    }
    ok("notifications", name)
}

fn toast_failed(part: &'static str, error: &ToastError) -> CheckResult {
    let step = match error {
        ToastError::Unavailable(_) => HINTS.notifications,
        ToastError::Refused(_) => "Allow Gatecall in the system's notification settings.",
        ToastError::Timeout => "Restart the notification service: it is running and does not answer.",
    };
    failed(part, error.to_string(), step)
}

/// Shows a toast and waits for the user's reaction.
pub async fn test() -> CheckResult {
    const PART: &str = "test toast";
    let (toasts, feedback) = match Toasts::start(None) {
        Ok(started) => started,
        Err(error) => return failed(PART, error.to_string(), "Try again."),
    };
    let toast = client::test_toast(wiring::locale().language);
    let shared = std::sync::Arc::new(toasts);
    let shown = {
        let (toasts, toast) = (shared.clone(), toast.clone());
        tokio::task::spawn_blocking(move || client::ports::Toaster::show(toasts.as_ref(), &toast)).await
    };
    match shown {
        Ok(Ok(())) => reaction_result(PART, wait_for_reaction(&toast, feedback).await),
        Ok(Err(error)) => toast_failed(PART, &error),
        Err(error) => failed(PART, error.to_string(), "Try again."),
    }
}

async fn wait_for_reaction(toast: &Toast, mut feedback: mpsc::Receiver<ToastFeedback>) -> Option<Happened> {
    let reaction = async {
        while let Some(reaction) = feedback.recv().await {
            if reaction.key == toast.key {
                return Some(reaction.happened);
            }
        }
        None
    };
    tokio::time::timeout(CLICK_DEADLINE, reaction).await.ok().flatten()
}

fn reaction_result(part: &'static str, happened: Option<Happened>) -> CheckResult {
    match happened {
        Some(Happened::Opened { .. } | Happened::Pressed(_)) => ok(part, "accepted, shown and clicked"),
        Some(Happened::Dismissed) => ok(part, "accepted, shown and closed by you; a click was not tried"),
        Some(Happened::Expired) => warning(
            part,
            "accepted, and gone by itself without a click",
            "If you did not see it: look whether do-not-disturb is on, and whether Gatecall is allowed to show toasts. \
             If you did: run this again and click it.",
        ),
        None => warning(
            part,
            format!("accepted, and nothing heard of it for {} s", CLICK_DEADLINE.as_secs()),
            "If it is on the screen and a click does nothing, this desktop does not pass clicks on: open Gatecall from \
             its tray. If it is not there: look whether do-not-disturb is on.",
        ),
    }
}
