//! Window process: started on demand, ended with the resident.

use std::path::PathBuf;

use ipc::Endpoint;
use tokio::process::{Child, Command};

use super::window_registry::WindowRegistry;

/// Environment variable with the path of the window program, where it is not next to this executable.
const WINDOW_VAR: &str = "GATECALL_WINDOW";
/// Environment variable that passes the IPC endpoint to the window.
const ENDPOINT_VAR: &str = "GATECALL_IPC";
/// Environment variables that turn off WebKit's compositor on Linux. The page is small enough without it, which saves 70 MiB.
const LIGHTER_WEBVIEW: [&str; 2] = ["WEBKIT_DISABLE_COMPOSITING_MODE", "WEBKIT_DISABLE_DMABUF_RENDERER"];

/// Path of the window program: next to this executable, unless the environment names another.
pub fn window_program() -> std::io::Result<PathBuf> {
    match std::env::var_os(WINDOW_VAR) {
        Some(path) => Ok(PathBuf::from(path)),
        None => {
            let name = format!("gatecall-window{}", std::env::consts::EXE_SUFFIX);
            Ok(std::env::current_exe()?.with_file_name(name))
        }
    }
}

/// Window process, owned by the resident.
#[derive(Debug)]
pub struct WindowProcess {
    program: PathBuf,
    endpoint: Endpoint,
    child: Option<Child>,
}

/// How the window process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowEnd {
    /// Closed by the user.
    Closed,
    /// Crashed, or exited with an error.
    Failed,
}

impl WindowProcess {
    pub fn new(endpoint: Endpoint) -> std::io::Result<Self> {
        Ok(Self { program: window_program()?, endpoint, child: None })
    }

    /// Shows the window and opens `row` in it; starts the window where there is none.
    pub fn show(&mut self, windows: &WindowRegistry, row: Option<i64>, activation_token: Option<String>) {
        windows.raise(row, activation_token.clone());
        if self.is_up(windows) {
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

    /// Whether there is a window, started by us or otherwise connected.
    pub fn is_up(&self, windows: &WindowRegistry) -> bool {
        self.child.is_some() || windows.is_any_connected()
    }

    /// Waits for the window process to exit. Pending forever without one. Cancel-safe.
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
                tracing::error!(%error, "the exit status of the window is unknown");
                WindowEnd::Failed
            }
        }
    }
}
