//! The resident program: one a profile, from the lock to the last goodbye.

mod diagnostics;
mod export;
mod host;
mod network;
mod refusal;
mod request_handler;
mod single_instance;
mod window_registry;

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

use host::Host;
use request_handler::RequestHandler;
pub use request_handler::account;
use single_instance::claim;
pub use window_registry::window_program;
use window_registry::{Window, WindowEnd, WindowRegistry};

use crate::profile::Profile;
use crate::wiring;

/// How long a tray may stay away, at a start in the tray or when its host has gone, before the window is shown instead.
const TRAY_DEADLINE: Duration = Duration::from_secs(3);
/// A window that fails this soon after its start is not started again by itself.
const WINDOW_FAILS_AT_ONCE: Duration = Duration::from_secs(10);

/// What only the main loop can do.
#[derive(Debug)]
pub enum ShellCommand {
    /// Show the window, and a row in it.
    ShowWindow { row: Option<i64>, activation_token: Option<String> },
    /// End the program.
    Quit,
}

/// Becomes the resident of the profile, or shows the window of the one that is there.
pub async fn start(profile: &Profile, hidden: bool) -> anyhow::Result<()> {
    let Some(_lock) = claim(profile, single_instance::PATIENCE).await? else { return Ok(()) };
    let (toaster, feedback) = wiring::toasts().context("the toast thread cannot be started")?;
    let config = Config { toaster: Some(toaster), ..wiring::config(profile) };
    let resident = Resident::start(config, profile, feedback).await?;
    resident.run(hidden, std::future::pending()).await;
    Ok(())
}

/// Everything that runs while the program does.
pub struct Resident {
    running: client::Running,
    feedback: mpsc::Receiver<ToastFeedback>,
    orders: mpsc::Receiver<ShellCommand>,
    stage: Arc<WindowRegistry>,
    window: Window,
    window_started: tokio::time::Instant,
    door: JoinHandle<()>,
    stop_door: CancellationToken,
    tray: Tray,
    tray_actions: mpsc::Receiver<TrayAction>,
}

impl Resident {
    /// Starts the engine, the line and the tray.
    pub async fn start(
        config: Config,
        profile: &Profile,
        feedback: mpsc::Receiver<ToastFeedback>,
    ) -> anyhow::Result<Self> {
        let endpoint = profile.endpoint();
        let machine = Host::new(profile, &config);
        let running = Engine::start(config).await?;
        machine.refresh_autostart();
        running.engine().set_can_demo(machine.can_demo());
        let engine = running.engine().clone();
        let server = Server::bind(&endpoint).context("the line for the window cannot be opened")?;
        let stage = Arc::new(WindowRegistry::new());
        let (order, orders) = mpsc::channel(16);
        let stop_door = CancellationToken::new();
        let door = RequestHandler {
            engine: engine.clone(),
            stage: Arc::clone(&stage),
            machine: Arc::new(machine),
            orders: order,
        };
        let door = tokio::spawn(request_handler::serve(server, door, stop_door.clone()));
        let (action, tray_actions) = mpsc::channel(16);
        let tray = Tray::start(view(&engine.snapshot().borrow()), action);
        Ok(Self {
            running,
            feedback,
            orders,
            stage,
            window: Window::new(endpoint)?,
            window_started: tokio::time::Instant::now(),
            door,
            stop_door,
            tray,
            tray_actions,
        })
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.running.engine()
    }

    /// Runs until somebody quits, a signal comes or `until` is over; then ends everything in order.
    pub async fn run(mut self, hidden: bool, until: impl Future<Output = ()>) {
        let engine = self.engine().clone();
        let mut snapshot = engine.snapshot();
        let mut changes = engine.changes();
        let mut tray_host = self.tray.host();
        engine.set_tray_host(*tray_host.borrow_and_update());
        // Until when a tray may stay away before the window takes its place.
        let mut tray_due = hidden.then(|| tokio::time::Instant::now() + TRAY_DEADLINE);
        if !hidden {
            self.show_window(None, None);
        }
        let mut until = std::pin::pin!(until);
        let mut ended_by_system = std::pin::pin!(ended_by_system());
        let mut machine = std::pin::pin!(wiring::watch_machine(&engine));
        loop {
            tokio::select! {
                () = &mut until => break,
                () = &mut ended_by_system => break,
                never = &mut machine => match never {},
                Some(order) = self.orders.recv() => match order {
                    ShellCommand::ShowWindow { row, activation_token } => self.show_window(row, activation_token),
                    ShellCommand::Quit => break,
                },
                Some(action) = self.tray_actions.recv() => match action {
                    TrayAction::Quit => break,
                    TrayAction::Open { activation_token } => self.show_window(None, activation_token),
                    action => obey(&engine, action).await,
                },
                Some(feedback) = self.feedback.recv() => engine.toast_feedback(feedback).await,
                change = changes.recv() => match change {
                    Ok(Change::Open { id, activation_token }) => self.show_window(id, activation_token),
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => break,
                },
                Ok(()) = snapshot.changed() => self.tray.update(view(&snapshot.borrow_and_update())),
                Ok(()) = tray_host.changed() => {
                    let present = *tray_host.borrow_and_update();
                    engine.set_tray_host(present);
                    tray_due = (!present).then(|| tokio::time::Instant::now() + TRAY_DEADLINE);
                }
                () = reached(tray_due) => {
                    tray_due = None;
                    // One that is up already is left alone: it would only steal the focus.
                    if !*tray_host.borrow() && !self.window.is_up(&self.stage) {
                        tracing::info!("no tray: the window is shown instead");
                        self.show_window(None, None);
                    }
                }
                end = self.window.ended() => {
                    // A tray that is due may be a panel that starts over: no reason to end yet.
                    let tray = *tray_host.borrow() || tray_due.is_some();
                    if !tray && !self.survives(end) {
                        break;
                    }
                }
            }
        }
        self.stop().await;
    }

    fn show_window(&mut self, row: Option<i64>, activation_token: Option<String>) {
        self.window_started = tokio::time::Instant::now();
        self.window.show(&self.stage, row, activation_token);
    }

    /// Without a tray the window is the only sign of life: closing it ends the program, and a crash brings it back.
    fn survives(&mut self, end: WindowEnd) -> bool {
        match end {
            WindowEnd::Closed => false,
            WindowEnd::Failed if self.window_started.elapsed() < WINDOW_FAILS_AT_ONCE => {
                tracing::error!("the window fails again and again; Gatecall goes on without it");
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
        self.stop_door.cancel();
        if let Err(error) = self.door.await {
            tracing::error!(%error, "the line failed");
        }
        drop(self.tray);
        self.running.stop().await;
    }
}

async fn obey(engine: &Engine, action: TrayAction) {
    match action {
        TrayAction::MarkAllRead => {
            if let Err(error) = engine.set_read(RowSelector::everything(), true).await {
                tracing::error!(%error, "the rows could not be marked");
            }
        }
        TrayAction::Pause => engine.pause().await,
        TrayAction::Resume => engine.resume().await,
        TrayAction::Reconnect => engine.reconnect().await,
        // The main loop's own.
        TrayAction::Open { .. } | TrayAction::Quit => {}
    }
}

fn view(snapshot: &Snapshot) -> TrayView {
    let Snapshot { connection, unread, demo, language, .. } = snapshot;
    TrayView { state: connection.clone(), unread: *unread, demo: *demo, language: *language }
}

/// Waits for a moment, if there is one to wait for. Cancel-safe.
async fn reached(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The session ends, or somebody pressed Ctrl+C.
async fn ended_by_system() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
        tokio::select! {
            _ = terminate.recv() => {}
            interrupted = tokio::signal::ctrl_c() => if interrupted.is_err() { std::future::pending().await },
        }
    }
    #[cfg(windows)]
    {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
        let signals = (ctrl_c(), ctrl_break(), ctrl_close(), ctrl_logoff(), ctrl_shutdown());
        let (Ok(mut c), Ok(mut pause), Ok(mut close), Ok(mut logoff), Ok(mut shutdown)) = signals else {
            return std::future::pending().await;
        };
        // Windows waits a few seconds for us after the last three.
        tokio::select! {
            _ = c.recv() => {}
            _ = pause.recv() => {}
            _ = close.recv() => {}
            _ = logoff.recv() => {}
            _ = shutdown.recv() => {}
        }
    }
}
