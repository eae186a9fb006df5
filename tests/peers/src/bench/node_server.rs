//! A real `socket.io` server on Node.js that takes every token.

use std::process::Stdio;

use serde_json::{Value, json};
use support::PATIENCE;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A running server; ended with the value.
pub struct NodeServer {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// Where it listens on 127.0.0.1.
    pub port: u16,
}

impl NodeServer {
    /// Starts one with this heartbeat.
    pub async fn start(ping_interval_ms: u64, ping_timeout_ms: u64) -> Self {
        Self::spawn(ping_interval_ms, ping_timeout_ms, &[]).await
    }

    /// Starts one that keeps sessions for a minute and replays what they missed.
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

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Sends an order; see `tests/node/bench-server.mjs`.
    pub async fn command(&mut self, command: Value) {
        let line = format!("{command}\n");
        // One that was killed obeys nobody.
        let _ = self.stdin.write_all(line.as_bytes()).await;
        let _ = self.stdin.flush().await;
    }

    /// Sends an order and waits for its answer.
    pub async fn ask(&mut self, command: Value) -> Value {
        self.command(command).await;
        self.line().await
    }

    /// Asks what clients sent until an event of this name is among it, and gives that.
    pub async fn ask_until_heard(&mut self, name: &str) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let log = self.ask(json!({ "heard": true })).await;
            if let Some(event) = log.as_array().and_then(|all| all.iter().find(|event| event["name"] == name)) {
                return event.clone();
            }
            assert!(tokio::time::Instant::now() < deadline, "the server never heard {name}");
        }
    }

    /// Emits an event to everybody.
    pub async fn emit(&mut self, args: Value) {
        self.command(json!({ "emit": args })).await;
    }

    /// The next line that it prints.
    pub async fn line(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.unwrap().unwrap();
        serde_json::from_str(&line.expect("a server that lives")).unwrap()
    }

    /// Kills it, as a crash does.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Goes on after `STOP`; one that was killed stays dead.
    pub async fn resume(&self) {
        if self.child.id().is_some() {
            self.signal("CONT").await;
        }
    }

    /// Sends it a signal, such as `STOP`.
    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap_or_default().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status().await.unwrap();
        assert!(sent.success(), "kill -{name} {pid}");
    }
}
