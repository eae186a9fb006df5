//! Programs on Node.js: the plain gateway, and scripts.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::PATIENCE;

/// A running script; killed when dropped.
pub struct NodeScript {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// The lines printed so far.
    pub printed: Vec<String>,
}

/// The folder of the scripts; `None` (with a SKIPPED line) when Node.js or its packages are missing.
pub fn folder() -> Option<PathBuf> {
    let folder = xtask::root().join("tests/node");
    if folder.join("node_modules/socket.io/package.json").is_file() {
        return Some(folder);
    }
    crate::missing("tests/node/node_modules (npm ci)");
    None
}

impl NodeScript {
    /// Starts a command and reads its output.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines, printed: Vec::new() }
    }

    /// Reads lines until one contains `text`; returns that line.
    pub async fn until(&mut self, text: &str) -> String {
        let found = tokio::time::timeout(PATIENCE, async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                self.printed.push(line.clone());
                if line.contains(text) {
                    return line;
                }
            }
            panic!("the script ended before it printed {text:?}: {:#?}", self.printed)
        });
        match found.await {
            Ok(line) => line,
            Err(_) => panic!("the script did not print {text:?}: {:#?}", self.printed),
        }
    }

    /// Waits for a line with `text`, unless one was printed already.
    pub async fn seen(&mut self, text: &str) {
        if !self.printed.iter().any(|line| line.contains(text)) {
            self.until(text).await;
        }
    }

    /// Kills the script.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits for the script's end; returns whether it succeeded.
    pub async fn finished(&mut self) -> bool {
        while let Some(line) = self.lines.next_line().await.unwrap() {
            self.printed.push(line);
        }
        tokio::time::timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap().success()
    }
}

/// A booking service without event log on a real `socket.io` server.
pub struct PlainGateway {
    script: NodeScript,
    port: u16,
    role: &'static str,
    http: reqwest::Client,
}

impl PlainGateway {
    /// Starts a server whose user has this role; `None` without Node.js.
    pub async fn start(role: &'static str) -> Option<Self> {
        folder()?;
        let (script, port) = Self::spawn(role, 0).await;
        Some(Self { script, port, role, http: http() })
    }

    async fn spawn(role: &str, port: u16) -> (NodeScript, u16) {
        let mut command = Command::new("node");
        command.current_dir(folder().unwrap()).arg("plain-gateway.mjs");
        let mut script = NodeScript::start(command.env("PLAIN_ROLE", role).env("PLAIN_PORT", port.to_string()));
        let port = script.until("").await.parse().unwrap();
        (script, port)
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Kills the server, as a crash does.
    pub async fn kill(&mut self) {
        self.script.kill().await;
    }

    /// Restarts the server at the same address. Its state is lost, so that earlier tokens are invalid.
    pub async fn revive(&mut self) {
        self.script = Self::spawn(self.role, self.port).await.0;
    }

    /// Sends a control command; see `tests/node/plain-gateway.mjs`.
    pub async fn control(&self, command: &str, mut rest: Value) -> Value {
        rest["command"] = command.into();
        let request = self.http.post(format!("{}/control", self.url())).json(&rest);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Changes the server's behaviour.
    pub async fn set(&self, change: Value) {
        self.control("set", change).await;
    }

    /// Emits an event to the user's room and to `admin`; returns the time in milliseconds of this machine's clock.
    pub async fn event(&self, channel: &str, payload: Value) -> f64 {
        self.control("event", json!({ "channel": channel, "payload": payload })).await.as_f64().unwrap()
    }

    /// Emits an event to these rooms alone.
    pub async fn tell(&self, rooms: &[&str], channel: &str, payload: Value) {
        self.control("tell", json!({ "rooms": rooms, "channel": channel, "payload": payload })).await;
    }

    /// The valid tokens.
    pub async fn tokens(&self) -> Vec<String> {
        let tokens = self.control("tokens", json!({})).await;
        tokens.as_array().unwrap().iter().map(|token| token.as_str().unwrap().to_owned()).collect()
    }

    /// The server's counters.
    pub async fn seen(&self) -> Value {
        self.control("seen", json!({})).await
    }
}

/// A plain HTTP client.
pub fn http() -> reqwest::Client {
    // An error means that another test has installed the provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
