//! Third-party clients against our gateway: the guide's own scripts, unchanged, and the official client.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use serde_json::{Value, json};
use support::node::{self, NodeScript, http};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

/// A gateway inside the test process, with separate auth and booking ports.
struct EmbeddedGateway {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<Result<(), gateway::ServeError>>,
    auth: String,
    booking: String,
}

impl EmbeddedGateway {
    async fn start(auth: TcpListener, booking: TcpListener) -> Self {
        let address = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
        let (auth_url, booking_url) = (address(&auth), address(&booking));
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let listeners = gateway::Listeners { booking, auth: Some(auth) };
        let task = tokio::spawn(gateway::serve(gateway::GatewayConfig::embedded(), listeners, async move {
            stopped.cancelled().await;
        }));
        Self { stop, task, auth: auth_url, booking: booking_url }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
    }
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn the_official_client_gets_every_event_in_the_shape_of_the_guide() {
    let Some(folder) = node::folder() else { return };
    let gateway = EmbeddedGateway::start(free_port().await, free_port().await).await;
    let mut command = Command::new("node");
    command.current_dir(folder).args(["client.mjs", &gateway.auth, &gateway.booking]);
    let mut script = NodeScript::start(&mut command);
    assert!(script.finished().await, "{:#?}", script.printed);
    assert_eq!(script.printed, ["ok polling", "ok websocket"]);
    gateway.stop().await;
}

/// The guide's scripts name ports 3001 and 3004; no other test uses fixed ports.
#[tokio::test]
async fn the_guides_own_scripts_run_unchanged() {
    let guide = xtask::root().join("../shared/guide/websocket-guide.md");
    let Ok(guide) = std::fs::read_to_string(guide) else {
        // The guide is not part of the repository: without it there is nothing to run.
        return support::skipped("../shared/guide");
    };
    let Some(folder) = node::folder() else { return };
    let listeners = (TcpListener::bind("127.0.0.1:3001").await, TcpListener::bind("127.0.0.1:3004").await);
    let (Ok(auth), Ok(booking)) = listeners else { panic!("ports 3001 and 3004 are taken on this machine") };
    let gateway = EmbeddedGateway::start(auth, booking).await;
    let scripts = tempfile::tempdir().unwrap();

    let flights: Value = get(&format!("{}/api/v1/flights", gateway.booking)).await;
    let flight = flights["data"][0]["id"].as_str().unwrap();
    let body = json!({ "email": "test@example.com", "password": "Test123!" });
    let login: Value = http()
        .post(format!("{}/api/v1/auth/login", gateway.auth))
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = login["data"]["accessToken"].as_str().unwrap();

    let client = block(&guide, "### Method 3: Node.js Test Client").replace("your-jwt-token", token);
    let mut listening = run(&folder, scripts.path(), "client.cjs", &client);
    listening.until("Server confirmation").await;

    let test = block(&guide, "### Step 2: Create Test Script").replace("your-flight-id", flight);
    let mut testing = run(&folder, scripts.path(), "test-websocket.cjs", &test);
    // The event and the answer of the REST call may arrive in either order.
    for line in ["Got token", "Connected to WebSocket", "Server confirmation:", "created via API:", "Booking created:"]
    {
        testing.seen(line).await;
    }
    listening.seen("New booking:").await;
    for script in [&mut listening, &mut testing] {
        script.kill().await;
    }
    gateway.stop().await;
}

async fn get(url: &str) -> Value {
    http().get(url).send().await.unwrap().json().await.unwrap()
}

/// The first JavaScript block below a heading of the guide.
fn block(guide: &str, heading: &str) -> String {
    let (_, below) = guide.split_once(heading).unwrap();
    let (_, code) = below.split_once("```javascript\n").unwrap();
    code.split_once("```").unwrap().0.to_owned()
}

fn run(packages: &Path, folder: &Path, name: &str, code: &str) -> NodeScript {
    let path = folder.join(name);
    std::fs::write(&path, code).unwrap();
    NodeScript::start(Command::new("node").arg(path).env("NODE_PATH", packages.join("node_modules")))
}
