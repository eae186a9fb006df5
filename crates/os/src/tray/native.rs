//! Placeholder for systems without tray support: the window opens instead.

use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::view::{TrayAction, TrayView};

/// Tray that is never shown.
#[derive(Debug)]
pub struct Tray {
    host: watch::Sender<bool>,
}

impl Tray {
    /// Starts nothing.
    pub fn start(_view: TrayView, _actions: mpsc::Sender<TrayAction>) -> Self {
        Self { host: watch::channel(false).0 }
    }

    /// Ignores the update.
    pub fn update(&self, _view: TrayView) {}

    /// Always false.
    pub fn host(&self) -> watch::Receiver<bool> {
        self.host.subscribe()
    }
}

/// Always false.
pub async fn host_present(_deadline: Duration) -> bool {
    false
}
