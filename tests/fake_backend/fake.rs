//! The in-memory backend in a process of Node.js: `tests/node/fake-backend.mjs`.

use std::process::Stdio;

use serde_json::{Value, json};
use support::PATIENCE;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The running backend; ended with the value.
pub struct FakeBackend {
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl FakeBackend {
    /// Starts the process; `None` (after saying so) without the packages of `ui`.
    pub fn start() -> Option<Self> {
        if !xtask::root().join("ui/node_modules/vite/package.json").is_file() {
            support::missing("ui/node_modules (npm ci)");
            return None;
        }
        let mut command = Command::new("node");
        command.arg(xtask::root().join("tests/node/fake-backend.mjs"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Some(Self { stdin, lines, _child: child })
    }

    /// Replaces fields of its scenario and starts it.
    pub async fn begin(&mut self, changes: Value) {
        self.send(json!({ "start": changes })).await;
    }

    /// Lets a row arrive; the row as the backend keeps it.
    pub async fn arrive(&mut self, row: Value) -> Value {
        self.send(json!({ "arrive": row })).await["ok"].take()
    }

    /// Asks for something; the answer, or the error.
    pub async fn call(&mut self, request: &Value) -> Result<Value, Value> {
        let mut answer = self.send(json!({ "request": request })).await;
        match answer.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(answer["ok"].take()),
        }
    }

    async fn send(&mut self, command: Value) -> Value {
        self.stdin.write_all(format!("{command}\n").as_bytes()).await.unwrap();
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.unwrap().unwrap();
        serde_json::from_str(&line.unwrap_or_else(|| panic!("the in-memory backend ended at {command}"))).unwrap()
    }
}
