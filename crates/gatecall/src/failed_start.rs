//! What a start that failed leaves behind. Started from a menu, a program has no terminal to complain to.

use std::io::IsTerminal;
use std::time::Duration;

use client::ports::ToastError;
use domain::sanitize::{BODY_GRAPHEMES, line};
use domain::{Toast, Urgency, text};

use crate::{exit, wiring};

/// The log lines of this module, which the terminal need not see: [`exit::report`] says the same there.
pub const LOG_TARGET: &str = "gatecall::failed_start";

/// How long the toast stays. The program stays with it: GNOME closes the toasts of a program that has gone.
const TOAST_STAYS: Duration = Duration::from_secs(10);

/// Logs why there is no Gatecall, and says so in a toast unless somebody reads it on a terminal. Best effort.
pub async fn tell(error: &anyhow::Error) {
    let reason = exit::sentence(error);
    tracing::error!(target: LOG_TARGET, %reason, "Gatecall did not start");
    if std::io::stderr().is_terminal() {
        return;
    }
    if let Err(error) = toast(reason).await {
        tracing::warn!(target: LOG_TARGET, %error, "and no toast could say so");
    }
}

async fn toast(reason: String) -> Result<(), ToastError> {
    let unavailable = |error: std::io::Error| ToastError::Unavailable(error.to_string());
    let (toaster, mut feedback) = wiring::toasts().map_err(unavailable)?;
    let toast = Toast {
        key: "start".to_owned(),
        takes_over: None,
        alerts: true,
        silent: false,
        buttons: Vec::new(),
        notification_id: 0,
        title: text::start_failed(wiring::voice().language),
        body: line(&reason, BODY_GRAPHEMES),
        urgency: Urgency::Normal,
        expires: Some(TOAST_STAYS),
    };
    let showing = toaster.clone();
    let shown = tokio::task::spawn_blocking(move || showing.show(&toast)).await;
    shown.unwrap_or_else(|_| Err(ToastError::Unavailable("its adapter failed".to_owned())))?;
    // Gone by itself, closed, clicked or still there: each of them is time enough.
    let _ = tokio::time::timeout(TOAST_STAYS, feedback.recv()).await;
    Ok(())
}
