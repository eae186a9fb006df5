//! No tray on this system yet: the window opens instead, and the program says so.

use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::{TrayAction, TrayView};

/// A tray that is not there.
#[derive(Debug)]
pub struct Tray {
    host: watch::Sender<bool>,
}

impl Tray {
    /// Shows nothing.
    pub fn start(_view: TrayView, _actions: mpsc::Sender<TrayAction>) -> Self {
        Self { host: watch::channel(false).0 }
    }

    /// Shows nothing else.
    pub fn update(&self, _view: TrayView) {}

    /// Never.
    pub fn host(&self) -> watch::Receiver<bool> {
        self.host.subscribe()
    }
}

/// Never.
pub async fn host_present(_deadline: Duration) -> bool {
    false
}
