//! The Windows build of the resident under Wine, with a prefix in a temporary folder.

use std::path::{Path, PathBuf};
use std::process::{Command as StdCommand, Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use crate::PATIENCE;

/// The folder of Wine's programs on Debian, which is not on the path.
const DEBIAN_FOLDER: &str = "/usr/lib/wine";
/// How long creating a prefix may take on a busy machine; on an idle one it takes 7 s.
const MAKING: Duration = Duration::from_secs(120);
/// Parts of Wine that cost time, ask for a download, or write menus into the user's folders.
const WITHOUT: &str = "mscoree=d;mshtml=d;winemenubuilder.exe=d";

/// Wine with a prefix of its own; its processes end when dropped.
pub struct Wine {
    folder: tempfile::TempDir,
    wine: PathBuf,
    server: PathBuf,
    gatecall: PathBuf,
}

impl Wine {
    /// Creates a fresh prefix; `None` (with a SKIPPED line) without Wine or the program.
    pub async fn start() -> Option<Self> {
        let gatecall = xtask::windows::program();
        if !gatecall.is_file() {
            crate::missing(&format!("{} (cargo xtask check --windows)", gatecall.display()));
            return None;
        }
        let (Some(wine), Some(server)) = (find(&["wine64", "wine"]), find(&["wineserver64", "wineserver"])) else {
            crate::missing("Wine (wine64)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("gatecall-wine-").tempdir().unwrap();
        let this = Self { folder, wine, server, gatecall };
        // The first start creates the prefix, which takes long and may fail.
        let _ = this.run_within(MAKING, &["--version"], "").await;
        let version = this.run(&["--version"], "").await;
        assert!(version.status.success(), "{version:?}");
        Some(this)
    }

    /// The folder that holds home, prefix and logs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The users' folders, which Windows programs see as `C:\Users`.
    pub fn users(&self) -> PathBuf {
        self.prefix().join("drive_c/users")
    }

    /// A `gatecall` command under Wine.
    pub fn gatecall(&self, args: &[&str]) -> Command {
        let mut command = self.command(&self.wine);
        command.arg(&self.gatecall).args(args);
        command
    }

    /// Runs a `gatecall` command to its end.
    pub async fn run(&self, args: &[&str], input: &str) -> Output {
        self.run_within(PATIENCE, args, input).await
    }

    async fn run_within(&self, patience: Duration, args: &[&str], input: &str) -> Output {
        let mut command = self.gatecall(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that reads no input has closed its end already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
        match tokio::time::timeout(patience, child.wait_with_output()).await {
            Ok(output) => output.unwrap(),
            Err(_) => panic!("gatecall {args:?} does not end"),
        }
    }

    /// The values of a registry key and its subkeys; empty when there is no such key.
    pub async fn registry(&self, key: &str) -> String {
        let mut query = self.command(&self.wine);
        query.args(["reg", "query", key, "/s"]).stdin(Stdio::null());
        let output = tokio::time::timeout(PATIENCE, query.output()).await.unwrap().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Sends SIGINT, which Wine turns into Ctrl+C, and waits for the orderly end.
    pub async fn interrupt(&self, mut process: Child) {
        let pid = process.id().unwrap().to_string();
        assert!(StdCommand::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let status = tokio::time::timeout(PATIENCE, process.wait()).await.unwrap().unwrap();
        assert!(status.success(), "{status}");
    }

    /// The processes of this prefix, Wine's own included.
    pub fn processes(&self) -> Vec<u32> {
        let prefix = format!("WINEPREFIX={}", self.prefix().display());
        let processes = std::fs::read_dir("/proc").unwrap();
        let processes = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok());
        let is_ours = |pid: &u32| {
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|variable| variable == prefix.as_bytes())
        };
        processes.filter(is_ours).collect()
    }

    /// Ends every process of this prefix.
    pub fn end(&self) {
        // Fails when there is no process left.
        let _ = self.command(&self.server).into_std().arg("-k").output();
    }

    fn prefix(&self) -> PathBuf {
        self.folder.path().join("prefix")
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).kill_on_drop(true);
        command.env("WINEPREFIX", self.prefix()).env("WINEDEBUG", "-all").env("WINEDLLOVERRIDES", WITHOUT);
        command.env("HOME", self.folder.path()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "GATECALL_PROFILE_DIR", "GATECALL_LOG"] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        self.end();
    }
}

/// The path of the first program found under one of these names.
fn find(names: &[&str]) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&paths).chain([PathBuf::from(DEBIAN_FOLDER)]).collect();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|path| path.is_file())
}
