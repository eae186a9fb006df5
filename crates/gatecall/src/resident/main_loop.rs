//! Main loop of the resident: toasts, tray, window and IPC around one engine.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use client::ports::ToastFeedback;
use client::{Change, Config, Engine};
use domain::criteria::RowSelector;
use domain::view::Snapshot;
use ipc::Server;
use os::tray::{Tray, TrayAction, TrayView};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::host::Host;
use super::ipc_server::{self, PeerContext};
use super::request_handler::RequestHandler;
use super::shell_command::ShellCommand;
use super::shutdown_signal;
use super::window_process::{WindowEnd, WindowProcess};
use super::window_registry::WindowRegistry;
use crate::profile::Profile;
use crate::wiring;

/// Time to wait for a tray, at a start in the tray or after its host has exited, before the window is shown instead.
const TRAY_DEADLINE: Duration = Duration::from_secs(3);
/// Time after its start within which a failed window is not restarted automatically.
const EARLY_WINDOW_FAILURE: Duration = Duration::from_secs(10);

/// Running resident: engine, IPC server, window, tray and main loop.
pub struct Resident {
    running: client::Running,
    feedback: mpsc::Receiver<ToastFeedback>,
    commands: mpsc::Receiver<ShellCommand>,
    windows: Arc<WindowRegistry>,
    window: WindowProcess,
    window_started: tokio::time::Instant,
    ipc_server: JoinHandle<()>,
    stop_ipc: CancellationToken,
    tray: Tray,
    tray_actions: mpsc::Receiver<TrayAction>,
}

impl Resident {
    /// Starts the engine, the IPC server and the tray.
    pub async fn start(
        config: Config,
        profile: &Profile,
        feedback: mpsc::Receiver<ToastFeedback>,
    ) -> anyhow::Result<Self> {
        let endpoint = profile.endpoint();
        let host = Host::new(profile, &config);
        let running = Engine::start(config).await?;
        host.refresh_autostart();
        running.engine().set_can_demo(host.can_demo());
        let engine = running.engine().clone();
        let server = Server::bind(&endpoint).context("the IPC endpoint cannot be opened")?;
        let windows = Arc::new(WindowRegistry::new());
        let (command_sender, commands) = mpsc::channel(16);
        let stop_ipc = CancellationToken::new();
        let handler = RequestHandler { engine: engine.clone(), host: Arc::new(host), commands: command_sender };
        let context = PeerContext { handler, windows: Arc::clone(&windows) };
        let ipc_server = tokio::spawn(ipc_server::serve(server, context, stop_ipc.clone()));
        let (action, tray_actions) = mpsc::channel(16);
        let tray = Tray::start(tray_view(&engine.snapshot().borrow()), action);
        Ok(Self {
            running,
            feedback,
            commands,
            windows,
            window: WindowProcess::new(endpoint)?,
            window_started: tokio::time::Instant::now(),
            ipc_server,
            stop_ipc,
            tray,
            tray_actions,
        })
    }

    /// Handle of the engine.
    pub fn engine(&self) -> &Engine {
        self.running.engine()
    }

    /// Runs until the user quits, a shutdown signal arrives or `until` completes; then stops everything in order.
    pub async fn run(mut self, hidden: bool, until: impl Future<Output = ()>) {
        let engine = self.engine().clone();
        let mut snapshot = engine.snapshot();
        let mut changes = engine.changes();
        let mut tray_host = self.tray.host();
        engine.set_tray_host(*tray_host.borrow_and_update());
        // Deadline for a tray, after which the window is shown instead.
        let mut tray_due = hidden.then(|| tokio::time::Instant::now() + TRAY_DEADLINE);
        if !hidden {
            self.show_window(None, None);
        }
        let mut until = std::pin::pin!(until);
        let mut shutdown = std::pin::pin!(shutdown_signal::wait());
        let mut host = std::pin::pin!(wiring::watch_host(&engine));
        loop {
            tokio::select! {
                () = &mut until => break,
                () = &mut shutdown => break,
                never = &mut host => match never {},
                Some(command) = self.commands.recv() => match command {
                    ShellCommand::ShowWindow { row, activation_token } => self.show_window(row, activation_token),
                    ShellCommand::Quit => break,
                },
                Some(action) = self.tray_actions.recv() => match action {
                    TrayAction::Quit => break,
                    TrayAction::Open { activation_token } => self.show_window(None, activation_token),
                    action => execute(&engine, action).await,
                },
                Some(feedback) = self.feedback.recv() => engine.toast_feedback(feedback).await,
                change = changes.recv() => match change {
                    Ok(Change::Open { id, activation_token }) => self.show_window(id, activation_token),
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => break,
                },
                Ok(()) = snapshot.changed() => self.tray.update(tray_view(&snapshot.borrow_and_update())),
                Ok(()) = tray_host.changed() => {
                    let present = *tray_host.borrow_and_update();
                    engine.set_tray_host(present);
                    tray_due = (!present).then(|| tokio::time::Instant::now() + TRAY_DEADLINE);
                }
                () = sleep_until(tray_due) => {
                    tray_due = None;
                    // A window that is open already is not raised, since that would steal the focus.
                    if !*tray_host.borrow() && !self.window.is_up(&self.windows) {
                        tracing::info!("no tray: the window is shown instead");
                        self.show_window(None, None);
                    }
                }
                end = self.window.ended() => {
                    // A pending deadline may mean that the panel is restarting: no reason to end yet.
                    let tray = *tray_host.borrow() || tray_due.is_some();
                    if !tray && !self.continues_after(end) {
                        break;
                    }
                }
            }
        }
        self.stop().await;
    }

    fn show_window(&mut self, row: Option<i64>, activation_token: Option<String>) {
        self.window_started = tokio::time::Instant::now();
        self.window.show(&self.windows, row, activation_token);
    }

    /// Whether the program continues without a tray after its window has ended: not after the user closed the window; after
    /// a crash the window is restarted.
    fn continues_after(&mut self, end: WindowEnd) -> bool {
        match end {
            WindowEnd::Closed => false,
            WindowEnd::Failed if self.window_started.elapsed() < EARLY_WINDOW_FAILURE => {
                tracing::error!("the window keeps failing; Gatecall continues without it");
                true
            }
            WindowEnd::Failed => {
                self.show_window(None, None);
                true
            }
        }
    }

    async fn stop(self) {
        drop(self.window);
        self.stop_ipc.cancel();
        if let Err(error) = self.ipc_server.await {
            tracing::error!(%error, "the IPC server failed");
        }
        drop(self.tray);
        self.running.stop().await;
    }
}

async fn execute(engine: &Engine, action: TrayAction) {
    match action {
        TrayAction::MarkAllRead => {
            if let Err(error) = engine.set_read(RowSelector::everything(), true).await {
                tracing::error!(%error, "the rows could not be marked");
            }
        }
        TrayAction::Pause => engine.pause().await,
        TrayAction::Resume => engine.resume().await,
        TrayAction::Reconnect => engine.reconnect().await,
        // Handled by the main loop.
        TrayAction::Open { .. } | TrayAction::Quit => {}
    }
}

fn tray_view(snapshot: &Snapshot) -> TrayView {
    let Snapshot { connection, unread, demo, language, .. } = snapshot;
    TrayView { state: connection.clone(), unread: *unread, demo: *demo, language: *language }
}

/// Sleeps until the deadline; pending forever without one. Cancel-safe.
async fn sleep_until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
