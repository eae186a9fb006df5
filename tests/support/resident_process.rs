//! The resident program as a process, and the command line of its profile.

use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command as StdCommand, Output, Stdio};

use serde_json::Value;
use tokio::process::{Child, Command};
use xtask::desktop::Desktop;

use crate::engine::{EMAIL, PASSWORD};
use crate::programs::program;
use crate::{PATIENCE, eventually};

/// The resident of one profile, and the command line beside it.
pub struct ResidentProcess<'a> {
    desktop: &'a Desktop,
    gatecall: PathBuf,
    process: Option<Child>,
}

impl<'a> ResidentProcess<'a> {
    /// A resident that is not started yet.
    pub fn new(desktop: &'a Desktop) -> Option<Self> {
        Some(Self { desktop, gatecall: program("gatecall")?, process: None })
    }

    /// The profile's folder.
    pub fn profile(&self) -> PathBuf {
        self.desktop.folder().join("profile")
    }

    /// The file of its standard error.
    pub fn log(&self) -> PathBuf {
        self.desktop.folder().join("resident.log")
    }

    /// Starts the resident in the tray, and waits until its IPC socket is there.
    pub async fn start(&mut self) {
        let log = std::fs::File::options().append(true).create(true).open(self.log()).unwrap();
        let mut command = Command::from(self.command(&["--hidden"]));
        command.env("GATECALL_LOG", "debug").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(command.kill_on_drop(true).spawn().unwrap());
        eventually("the IPC socket is there", async || self.endpoint()).await;
    }

    /// Ends the resident with SIGTERM, as the end of a session does, and waits for it.
    pub async fn stop(&mut self) {
        let pid = self.process.as_ref().unwrap().id().unwrap().to_string();
        assert!(StdCommand::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.ended().await;
    }

    /// Adds rows to the inbox of a stopped resident: copies of the first row, as if they had been received one by one.
    pub fn add_rows(&self, rows: Range<i64>) {
        let mut inbox = rusqlite::Connection::open(client::database_path(&self.profile())).unwrap();
        let transaction = inbox.transaction().unwrap();
        let mut insert = transaction
            .prepare(
                "INSERT INTO event (account_id, digest, timed, channel, kind, raw, received_ms, thread, pnr, urgency, title, body,
                    outcome_code, outcome_text, outcome_reason)
                 SELECT account_id, 'n' || ?1, 1, channel, kind, raw, received_ms, 'booking:n' || ?1, pnr, urgency, title, body,
                    'inboxOnly', '', outcome_reason FROM event WHERE id = 1",
            )
            .unwrap();
        for row in rows {
            insert.execute([row]).unwrap();
        }
        drop(insert);
        transaction.commit().unwrap();
    }

    /// Waits for an orderly end.
    pub async fn ended(&mut self) {
        let mut process = self.process.take().unwrap();
        let status = tokio::time::timeout(PATIENCE, process.wait()).await.unwrap().unwrap();
        assert!(status.success(), "{status}");
        assert_eq!(self.endpoint(), None, "the socket file goes with it");
    }

    /// The path of the IPC socket.
    pub fn endpoint(&self) -> Option<PathBuf> {
        let runtime = std::fs::read_dir(self.desktop.folder().join("runtime")).unwrap();
        let paths = runtime.map(|entry| entry.unwrap().path());
        paths.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "sock"))
    }

    /// The window's processes: those whose environment names this socket, without the WebDriver.
    pub fn window_processes(&self) -> Vec<u32> {
        let Some(endpoint) = self.endpoint() else { return Vec::new() };
        let line = format!("GATECALL_IPC={}", endpoint.display());
        let processes = std::fs::read_dir("/proc").unwrap();
        let processes = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok());
        let is_ours = |pid: &u32| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let mut variables = environment.split(|byte| *byte == 0);
            variables.any(|variable| variable == line.as_bytes()) && !name.starts_with("WebKitWebDriver")
        };
        processes.filter(is_ours).collect()
    }

    /// A `gatecall` command on this profile.
    pub fn command(&self, args: &[&str]) -> StdCommand {
        let mut command = self.desktop.command(&self.gatecall);
        command.arg("--profile").arg(self.profile()).args(args);
        command
    }

    /// Signs in the traveler that every test server knows.
    pub async fn login(&self, server: &str) {
        let login = ["login", "--server", server, "--email", EMAIL, "--password-stdin"];
        let output = self.run(&login, PASSWORD).await;
        assert!(output.status.success(), "{output:?}");
    }

    /// Runs a command to its end.
    pub async fn run(&self, args: &[&str], input: &str) -> Output {
        use tokio::io::AsyncWriteExt;
        let mut command = Command::from(self.command(args));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        tokio::time::timeout(PATIENCE, child.wait_with_output()).await.unwrap().unwrap()
    }

    /// The inbox as `list --json` prints it, newest first.
    pub async fn list(&self) -> Vec<Value> {
        let output = self.run(&["list", "--json"], "").await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
