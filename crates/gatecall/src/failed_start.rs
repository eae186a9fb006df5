//! Report of a failed start: a program started from a menu has no terminal for its errors.

use std::io::IsTerminal;
use std::time::Duration;

use client::ports::ToastError;
use domain::sanitize::{BODY_GRAPHEMES, line};
use domain::{Toast, Urgency, text};

use crate::{exit, wiring};

/// Log target of this module; hidden on the terminal, where [`exit::report`] prints the same.
pub const LOG_TARGET: &str = "gatecall::failed_start";

/// Time on screen. The process waits as well: GNOME closes the toasts of a process that has exited.
const TOAST_TIMEOUT: Duration = Duration::from_secs(10);

/// Logs the error and shows it in a toast, unless standard error is a terminal. Best effort.
pub async fn report(error: &anyhow::Error) {
    let reason = exit::error_chain(error);
    tracing::error!(target: LOG_TARGET, %reason, "Gatecall did not start");
    if std::io::stderr().is_terminal() {
        return;
    }
    if let Err(error) = toast(reason).await {
        tracing::warn!(target: LOG_TARGET, %error, "the failed start could not be shown in a toast");
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
        title: text::start_failed(wiring::locale().language),
        body: line(&reason, BODY_GRAPHEMES),
        urgency: Urgency::Normal,
        expires: Some(TOAST_TIMEOUT),
    };
    let shared = toaster.clone();
    let shown = tokio::task::spawn_blocking(move || shared.show(&toast)).await;
    shown.unwrap_or_else(|_| Err(ToastError::Unavailable("its adapter failed".to_owned())))?;
    // Any feedback ends the wait, and so does the timeout.
    let _ = tokio::time::timeout(TOAST_TIMEOUT, feedback.recv()).await;
    Ok(())
}
