//! Registry of the windows connected over IPC.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use ipc::Push;
use tokio::sync::broadcast;

/// Registry of connected windows.
#[derive(Debug)]
pub struct WindowRegistry {
    pushes: broadcast::Sender<Push>,
    connected: AtomicUsize,
    /// Row to open in a window that has not connected yet.
    pending_row: Mutex<Option<i64>>,
}

/// Guard that counts a window as connected until it is dropped.
#[derive(Debug)]
pub struct WindowPresence<'a>(&'a WindowRegistry);

impl WindowRegistry {
    pub fn new() -> Self {
        Self { pushes: broadcast::channel(16).0, connected: AtomicUsize::new(0), pending_row: Mutex::new(None) }
    }

    /// Registers a window. Returns its first push, if any, and the receiver of further pushes.
    pub fn enter(&self) -> (WindowPresence<'_>, Option<Push>, broadcast::Receiver<Push>) {
        let pushes = self.pushes.subscribe();
        self.connected.fetch_add(1, Ordering::SeqCst);
        let row = self.pending_row.lock().unwrap_or_else(PoisonError::into_inner).take();
        (WindowPresence(self), row.map(|id| Push::OpenRow { id }), pushes)
    }

    /// Whether any window is connected.
    pub fn is_any_connected(&self) -> bool {
        self.connected.load(Ordering::SeqCst) > 0
    }

    /// Asks the windows to come to the front and to open a row; without a window the row is kept for the next one.
    pub fn raise(&self, row: Option<i64>, activation_token: Option<String>) {
        if !self.is_any_connected() {
            let mut pending = self.pending_row.lock().unwrap_or_else(PoisonError::into_inner);
            *pending = row.or(*pending);
            return;
        }
        // Sending fails only when the last window has just disconnected.
        let _ = self.pushes.send(Push::Raise { activation_token });
        if let Some(id) = row {
            let _ = self.pushes.send(Push::OpenRow { id });
        }
    }
}

impl Drop for WindowPresence<'_> {
    fn drop(&mut self) {
        self.0.connected.fetch_sub(1, Ordering::SeqCst);
    }
}
