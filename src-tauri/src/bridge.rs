//! Bridge between the page and the resident: calls in one direction, pushes as page events in the other.
//!
//! Page events: `push` carries a [`Push`], `line` an [`IpcState`]. Pushes stay in the bounded queue of the connection until
//! the page has made its first call, since by then it listens. A lost connection is retried while the window is open, so the
//! window survives a restart of the resident.

use std::time::Duration;

use ipc::{CallError, Client, Endpoint, ErrorBody, ErrorCode, IpcState, Push, Request};
use serde::Serialize;
use serde_json::value::RawValue;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::{mpsc, watch};

use crate::front;

/// Delay between connection attempts, which are cheap on a local socket.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Handle for the page's calls. Managed by Tauri.
pub struct IpcConnection {
    state: watch::Receiver<BridgeState>,
    listening: watch::Sender<bool>,
}

/// Task that keeps the connection, see [`Bridge::run`].
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

/// Creates the handle and the task for `endpoint`.
pub fn new(endpoint: Endpoint) -> (IpcConnection, Bridge) {
    let (state, state_reader) = watch::channel(BridgeState::Connecting);
    let (listening, listening_reader) = watch::channel(false);
    let connection = IpcConnection { state: state_reader, listening };
    (connection, Bridge { endpoint, state, listening: listening_reader })
}

impl IpcConnection {
    /// Makes a call; waits for a connection attempt in progress.
    ///
    /// # Errors
    /// The error of the resident, or [`ErrorCode::ShuttingDown`] when it cannot be reached.
    pub async fn call(&self, request: Request) -> Result<Box<RawValue>, ErrorBody> {
        self.listening.send_if_modified(|listening| !std::mem::replace(listening, true));
        let mut state = self.state.clone();
        let known = match state.wait_for(|state| !matches!(state, BridgeState::Connecting)).await {
            Ok(known) => known.clone(),
            Err(_) => return Err(unreachable()),
        };
        match known {
            BridgeState::Up(client) => client.call_raw(request).await.map_err(error_body),
            BridgeState::Down | BridgeState::Connecting => Err(unreachable()),
        }
    }
}

impl Bridge {
    /// Connects, forwards pushes and reconnects; runs until it is dropped.
    pub async fn run(mut self, app: AppHandle) {
        loop {
            match Client::connect(&self.endpoint, ipc::PeerKind::Window).await {
                Ok((client, driver, pushes)) => {
                    self.state.send_replace(BridgeState::Up(client));
                    emit(&app, "line", &IpcState::Up);
                    // The reason for the end does not matter.
                    tokio::select! {
                        _ = driver.run() => {}
                        () = forward(&app, pushes, &mut self.listening) => {}
                    }
                    self.disconnected(&app, IpcState::NotRunning);
                }
                Err(error) => self.disconnected(&app, IpcState::from(&error)),
            }
            tokio::time::sleep(RETRY_DELAY).await;
        }
    }

    fn disconnected(&self, app: &AppHandle, state: IpcState) {
        emit(app, "line", &state);
        self.state.send_replace(BridgeState::Down);
    }
}

/// Forwards pushes to the page, from its first call until the connection ends.
async fn forward(app: &AppHandle, mut pushes: mpsc::Receiver<Push>, listening: &mut watch::Receiver<bool>) {
    // Fails only when the page and its handle are gone.
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
            push => emit(app, "push", &push),
        }
    }
}

fn emit<T: Serialize + Clone>(app: &AppHandle, event: &str, payload: &T) {
    // Fails only while the window is closing.
    let _ = app.emit(event, payload);
}

fn error_body(error: CallError) -> ErrorBody {
    match error {
        CallError::Refused(body) => body,
        CallError::Gone | CallError::Unreadable(_) => unreachable(),
    }
}

/// Error for an unreachable, exiting or incompatible resident. The page treats them alike and has its own message.
fn unreachable() -> ErrorBody {
    ErrorBody { code: ErrorCode::ShuttingDown, message: String::new() }
}
