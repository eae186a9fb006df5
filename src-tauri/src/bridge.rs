//! Keeps the line to the resident: calls go in, pushes come out as events of the page.
//!
//! Two events: `push` carries a [`Push`], `line` a [`IpcState`]. Pushes wait on the line, bounded, until
//! the page has made its first call, since by then it listens. A lost line is tried again for as long as the window
//! is open: a resident that restarts finds its window where it was.

use std::time::Duration;

use ipc::{CallError, Client, Endpoint, ErrorBody, ErrorCode, IpcState, Push, Request};
use serde::Serialize;
use serde_json::value::RawValue;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::{mpsc, watch};

use crate::front;

/// Time between two attempts. The line is local: an attempt costs next to nothing.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// The page's end: makes calls. Managed by Tauri.
pub struct IpcConnection {
    state: watch::Receiver<BridgeState>,
    listening: watch::Sender<bool>,
}

/// The task's end: see [`Bridge::run`].
pub struct Bridge {
    endpoint: Endpoint,
    state: watch::Sender<BridgeState>,
    listening: watch::Receiver<bool>,
}

#[derive(Clone)]
enum BridgeState {
    Connecting,
    Up(Client),
    Down,
}

/// Both ends of a bridge to `endpoint`.
pub fn new(endpoint: Endpoint) -> (IpcConnection, Bridge) {
    let (state, state_reader) = watch::channel(BridgeState::Connecting);
    let (listening, listening_reader) = watch::channel(false);
    let line = IpcConnection { state: state_reader, listening };
    (line, Bridge { endpoint, state, listening: listening_reader })
}

impl IpcConnection {
    /// Makes a call; waits for an attempt to connect that is under way.
    ///
    /// # Errors
    /// What the resident answered, or that it is not there.
    pub async fn call(&self, request: Request) -> Result<Box<RawValue>, ErrorBody> {
        self.listening.send_if_modified(|listening| !std::mem::replace(listening, true));
        let mut state = self.state.clone();
        let known = match state.wait_for(|state| !matches!(state, BridgeState::Connecting)).await {
            Ok(known) => known.clone(),
            Err(_) => return Err(gone()),
        };
        match known {
            BridgeState::Up(client) => client.call_raw(request).await.map_err(refusal),
            BridgeState::Down | BridgeState::Connecting => Err(gone()),
        }
    }
}

impl Bridge {
    /// Connects, forwards and connects again; ends only by being dropped.
    pub async fn run(mut self, app: AppHandle) {
        loop {
            match Client::connect(&self.endpoint, ipc::PeerKind::Window).await {
                Ok((client, driver, pushes)) => {
                    self.state.send_replace(BridgeState::Up(client));
                    tell(&app, "line", &IpcState::Up);
                    // However the line ended, what is left to do is the same.
                    tokio::select! {
                        _ = driver.run() => {}
                        () = forward(&app, pushes, &mut self.listening) => {}
                    }
                    self.lost(&app, IpcState::NotRunning);
                }
                Err(error) => self.lost(&app, IpcState::from(&error)),
            }
            tokio::time::sleep(RETRY_DELAY).await;
        }
    }

    fn lost(&self, app: &AppHandle, why: IpcState) {
        tell(app, "line", &why);
        self.state.send_replace(BridgeState::Down);
    }
}

/// Hands pushes to the page, from the moment it listens until the line ends.
async fn forward(app: &AppHandle, mut pushes: mpsc::Receiver<Push>, listening: &mut watch::Receiver<bool>) {
    // Fails only when the other end is gone, and with it the page.
    if listening.wait_for(|listening| *listening).await.is_err() {
        return;
    }
    while let Some(push) = pushes.recv().await {
        match push {
            Push::Raise { activation_token } => {
                if let Some(window) = app.get_webview_window("main") {
                    front::raise(&window, activation_token);
                }
            }
            push => tell(app, "push", &push),
        }
    }
}

fn tell<T: Serialize + Clone>(app: &AppHandle, event: &str, payload: &T) {
    // Fails only while the window is going away, when nobody wants to know.
    let _ = app.emit(event, payload);
}

fn refusal(error: CallError) -> ErrorBody {
    match error {
        CallError::Refused(body) => body,
        CallError::Gone | CallError::Unreadable(_) => gone(),
    }
}

/// For the page, a resident that is not there, one that is going away and one that cannot be understood are the same. What
/// it says of that is its own.
fn gone() -> ErrorBody {
    ErrorBody { code: ErrorCode::ShuttingDown, message: String::new() }
}
