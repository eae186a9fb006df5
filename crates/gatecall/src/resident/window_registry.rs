//! The window's process: started when it is wanted, told what to show, ended with us.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use ipc::{Endpoint, Push};
use tokio::process::{Child, Command};
use tokio::sync::broadcast;

/// Where the window program is, when it is not beside this one.
const WINDOW_VAR: &str = "GATECALL_WINDOW";
/// How the window learns where the line is.
const ENDPOINT_VAR: &str = "GATECALL_IPC";
/// On Linux the page is small enough to be drawn without the compositor, which saves 70 MiB.
const LIGHTER_WEBVIEW: [&str; 2] = ["WEBKIT_DISABLE_COMPOSITING_MODE", "WEBKIT_DISABLE_DMABUF_RENDERER"];

/// What the windows on the line are told.
#[derive(Debug)]
pub struct WindowRegistry {
    told: broadcast::Sender<Push>,
    connected: AtomicUsize,
    /// For a window that has not connected yet.
    pending_row: Mutex<Option<i64>>,
}

/// Counts a window as connected for as long as it lives.
#[derive(Debug)]
pub struct WindowPresence<'a>(&'a WindowRegistry);

impl WindowRegistry {
    pub fn new() -> Self {
        Self { told: broadcast::channel(16).0, connected: AtomicUsize::new(0), pending_row: Mutex::new(None) }
    }

    /// A window has connected: what it should show first, and what it is told from now on.
    pub fn enter(&self) -> (WindowPresence<'_>, Option<Push>, broadcast::Receiver<Push>) {
        let told = self.told.subscribe();
        self.connected.fetch_add(1, Ordering::SeqCst);
        let row = self.pending_row.lock().unwrap_or_else(PoisonError::into_inner).take();
        (WindowPresence(self), row.map(|id| Push::OpenRow { id }), told)
    }

    /// Asks the windows to come to the front, and to open a row.
    fn tell(&self, row: Option<i64>, activation_token: Option<String>) {
        if self.connected.load(Ordering::SeqCst) == 0 {
            let mut pending = self.pending_row.lock().unwrap_or_else(PoisonError::into_inner);
            *pending = row.or(*pending);
            return;
        }
        // A window that is just leaving is no error.
        let _ = self.told.send(Push::Raise { activation_token });
        if let Some(id) = row {
            let _ = self.told.send(Push::OpenRow { id });
        }
    }
}

impl Drop for WindowPresence<'_> {
    fn drop(&mut self) {
        self.0.connected.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The program of the window: beside this one, unless the environment names another.
pub fn window_program() -> std::io::Result<PathBuf> {
    match std::env::var_os(WINDOW_VAR) {
        Some(path) => Ok(PathBuf::from(path)),
        None => {
            let name = format!("gatecall-window{}", std::env::consts::EXE_SUFFIX);
            Ok(std::env::current_exe()?.with_file_name(name))
        }
    }
}

/// Owns the window's process.
#[derive(Debug)]
pub struct Window {
    program: PathBuf,
    endpoint: Endpoint,
    child: Option<Child>,
}

/// How the window went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowEnd {
    /// The person closed it.
    Closed,
    /// It crashed, or could not start.
    Failed,
}

impl Window {
    pub fn new(endpoint: Endpoint) -> std::io::Result<Self> {
        Ok(Self { program: window_program()?, endpoint, child: None })
    }

    /// Shows the window, and `row` in it; starts it when it is not there.
    pub fn show(&mut self, stage: &WindowRegistry, row: Option<i64>, activation_token: Option<String>) {
        stage.tell(row, activation_token.clone());
        if self.is_up(stage) {
            return;
        }
        let mut command = Command::new(&self.program);
        command.env(ENDPOINT_VAR, self.endpoint.to_text()).kill_on_drop(true);
        for name in LIGHTER_WEBVIEW {
            if std::env::var_os(name).is_none() {
                command.env(name, "1");
            }
        }
        if let Some(token) = activation_token {
            command.env("XDG_ACTIVATION_TOKEN", &token).env("DESKTOP_STARTUP_ID", token);
        }
        match command.spawn() {
            Ok(child) => self.child = Some(child),
            Err(error) => {
                tracing::error!(program = %self.program.display(), %error, "the window cannot be started");
            }
        }
    }

    /// Whether there is a window, ours or one that somebody else has started.
    pub fn is_up(&self, stage: &WindowRegistry) -> bool {
        self.child.is_some() || stage.connected.load(Ordering::SeqCst) > 0
    }

    /// Waits for the window to go. Never returns while there is none. Cancel-safe.
    pub async fn ended(&mut self) -> WindowEnd {
        let Some(child) = &mut self.child else { return std::future::pending().await };
        let status = child.wait().await;
        self.child = None;
        match status {
            Ok(status) if status.success() => WindowEnd::Closed,
            Ok(status) => {
                tracing::error!(%status, "the window failed");
                WindowEnd::Failed
            }
            Err(error) => {
                tracing::error!(%error, "the window was lost sight of");
                WindowEnd::Failed
            }
        }
    }
}
