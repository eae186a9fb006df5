//! A real `socket.io` server on Node.js that takes every token.

use std::process::Stdio;

use serde_json::{Value, json};
use support::PATIENCE;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A running server; killed when dropped.
pub struct NodeServer {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// The port on 127.0.0.1.
    pub port: u16,
}

impl NodeServer {
    /// Starts a server with these ping intervals.
    pub async fn start(ping_interval_ms: u64, ping_timeout_ms: u64) -> Self {
        Self::spawn(ping_interval_ms, ping_timeout_ms, &[]).await
    }

    /// Starts a server with connection state recovery: it keeps sessions for a minute and replays missed events.
    pub async fn recovering(ping_interval_ms: u64, ping_timeout_ms: u64) -> Self {
        Self::spawn(ping_interval_ms, ping_timeout_ms, &[("RECOVERY", "1")]).await
    }

    async fn spawn(ping_interval_ms: u64, ping_timeout_ms: u64, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new("node")
            .arg(xtask::root().join("tests/node/bench-server.mjs"))
            .env("PING_INTERVAL", ping_interval_ms.to_string())
            .env("PING_TIMEOUT", ping_timeout_ms.to_string())
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { child, stdin, lines, port: 0 };
        server.port = server.line().await["port"].as_u64().and_then(|port| port.try_into().ok()).unwrap();
        server
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Sends a command; see `tests/node/bench-server.mjs`.
    pub async fn command(&mut self, command: Value) {
        let line = format!("{command}\n");
        // A killed server ignores it.
        let _ = self.stdin.write_all(line.as_bytes()).await;
        let _ = self.stdin.flush().await;
    }

    /// Sends a command and returns the answer.
    pub async fn ask(&mut self, command: Value) -> Value {
        self.command(command).await;
        self.line().await
    }

    /// Polls the messages of the clients until one has this event name; returns that message.
    pub async fn wait_for_message(&mut self, name: &str) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let messages = self.ask(json!({ "received": true })).await;
            if let Some(event) = messages.as_array().and_then(|all| all.iter().find(|event| event["name"] == name)) {
                return event.clone();
            }
            assert!(tokio::time::Instant::now() < deadline, "the server never received {name}");
        }
    }

    /// Emits an event to all clients.
    pub async fn emit(&mut self, args: Value) {
        self.command(json!({ "emit": args })).await;
    }

    /// The next line of output.
    pub async fn line(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.unwrap().unwrap();
        serde_json::from_str(&line.expect("a server that lives")).unwrap()
    }

    /// Kills the server, as a crash does.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends `CONT` after `STOP`; a killed server stays dead.
    pub async fn resume(&self) {
        if self.child.id().is_some() {
            self.signal("CONT").await;
        }
    }

    /// Sends a signal, such as `STOP`.
    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap_or_default().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status().await.unwrap();
        assert!(sent.success(), "kill -{name} {pid}");
    }
}
