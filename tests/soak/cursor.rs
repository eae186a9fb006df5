//! Catch-up by cursor: after cuts and kills, our gateway's log and the inbox hold the same events.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};
use support::engine::{EMAIL, PASSWORD};
use support::fault_proxy::{ChunkFault, CutKind, Direction, FaultProxy};
use support::programs::program;
use support::report;
use tokio::process::{Child, Command};

use support::random::SeededRandom;

use super::engine_process::{EngineProcess, signal};

const SERVICE_TOKEN: &str = "a service token of the soak, long enough";
const SECRET: &str = "a signing secret of the soak, long enough";

/// The number of events and faults of a run.
struct SoakPlan {
    events: u64,
    cuts: u64,
    engine_kills: u64,
    gateway_kills: u64,
    stops: u64,
    stop: Duration,
    access_ttl_secs: u64,
    patience: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_events_over_twenty_cuts_and_five_kills_are_stored_once() {
    let plan = SoakPlan {
        events: 1_000,
        cuts: 20,
        engine_kills: 3,
        gateway_kills: 2,
        stops: 1,
        stop: Duration::from_secs(2),
        access_ttl_secs: 3600,
        patience: Duration::from_secs(120),
    };
    soak(&plan).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: a quarter of an hour"]
async fn ten_thousand_events_over_two_hundred_cuts_and_forty_kills_are_stored_once() {
    let plan = SoakPlan {
        events: 10_000,
        cuts: 200,
        engine_kills: 20,
        gateway_kills: 20,
        stops: 5,
        stop: Duration::from_secs(60),
        // A token is refreshed a minute before it expires: several refreshes during the run.
        access_ttl_secs: 120,
        patience: Duration::from_secs(600),
    };
    soak(&plan).await;
}

struct SoakGateway {
    folder: tempfile::TempDir,
    address: std::net::SocketAddr,
    access_ttl_secs: u64,
    child: Option<Child>,
    http: reqwest::Client,
}

impl SoakGateway {
    async fn start(access_ttl_secs: u64) -> Option<Self> {
        program("gatecall-gateway")?;
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let folder = tempfile::Builder::new().prefix("gatecall-soak-").tempdir().unwrap();
        let mut gateway = Self { folder, address, access_ttl_secs, child: None, http: support::node::http() };
        gateway.run();
        gateway.until_up().await;
        Some(gateway)
    }

    fn run(&mut self) {
        let log = std::fs::File::options().append(true).create(true).open(self.folder.path().join("log")).unwrap();
        let mut command = Command::new(program("gatecall-gateway").unwrap());
        command
            .env("GATEWAY_LISTEN", self.address.to_string())
            .env("GATEWAY_DATABASE", self.database())
            .env("GATEWAY_JWT_SECRET", SECRET)
            .env("GATEWAY_SERVICE_TOKEN", SERVICE_TOKEN)
            .env("GATEWAY_ACCESS_TTL_SECS", self.access_ttl_secs.to_string())
            .env("GATEWAY_PASSWORD_MEMORY_KIB", "64")
            .stdout(Stdio::null())
            .stderr(log);
        self.child = Some(command.kill_on_drop(true).spawn().unwrap());
    }

    async fn until_up(&self) {
        support::eventually("the gateway answers", async || {
            self.http.get(format!("{}/health", self.url())).send().await.ok()
        })
        .await;
    }

    async fn kill(&mut self) {
        self.child.take().unwrap().kill().await.unwrap();
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("gateway.sqlite3")
    }

    async fn user_id(&self) -> String {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let login = self.http.post(format!("{}/api/v1/auth/login", self.url())).json(&body);
        let answer: Value = login.send().await.unwrap().json().await.unwrap();
        let token = answer["data"]["accessToken"].as_str().unwrap().to_owned();
        let me = self.http.get(format!("{}/api/v1/auth/me", self.url())).bearer_auth(token);
        let answer: Value = me.send().await.unwrap().json().await.unwrap();
        answer["data"]["id"].as_str().unwrap().to_owned()
    }

    /// Publishes one event for the user. A failed call is repeated with the same key, so that the log has it once.
    async fn publish(&self, user: &str, number: u64) {
        let (booking, step) = (number % 40, number / 40);
        let (channel, status) = [
            ("booking:created", "PENDING"),
            ("booking:updated", "ON_HOLD"),
            ("booking:confirmed", "CONFIRMED"),
            ("booking:cancelled", "CANCELLED"),
        ][usize::try_from(step % 4).unwrap()];
        let body = json!({ "channel": channel, "users": [user], "rooms": [],
            "data": { "bookingId": format!("b-{booking}"), "pnr": format!("P{booking:05}"), "status": status, "n": number } });
        support::eventually("the event is taken", async || {
            let call = self
                .http
                .post(format!("{}/api/v1/events", self.url()))
                .bearer_auth(SERVICE_TOKEN)
                .header("Idempotency-Key", format!("soak-{number}"))
                .json(&body);
            call.send().await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
    }
}

async fn soak(plan: &SoakPlan) {
    let Some(mut gateway) = SoakGateway::start(plan.access_ttl_secs).await else { return };
    let user = gateway.user_id().await;
    let proxy = FaultProxy::start(gateway.address).await;
    let mut engine = EngineProcess::start(&gateway.url(), &format!("http://{}", proxy.address())).await;
    // Waits for the cursor: events before the first connection are not fetched.
    support::eventually("the cursor is there", async || {
        let inbox = engine.inbox()?;
        inbox.query_row("SELECT cursor FROM sync WHERE cursor IS NOT NULL", [], |row| row.get::<_, String>(0)).ok()
    })
    .await;
    let mut random = SeededRandom::new(7);
    let mut faults_at: HashMap<u64, Vec<&str>> = HashMap::new();
    for (what, times) in
        [("cut", plan.cuts), ("engine", plan.engine_kills), ("gateway", plan.gateway_kills), ("stop", plan.stops)]
    {
        for _ in 0..times {
            faults_at.entry(random.below(plan.events)).or_default().push(what);
        }
    }
    for number in 0..plan.events {
        if number % 20 == 0 {
            // The gateway's next packet is delivered twice.
            proxy.inject(Direction::Downstream, ChunkFault::Duplicate);
        }
        for what in faults_at.remove(&number).unwrap_or_default() {
            match what {
                "cut" => proxy.cut(if random.below(2) == 0 { CutKind::Reset } else { CutKind::Fin }),
                "engine" => {
                    engine.kill().await;
                    engine.assert_sound();
                    engine.run();
                }
                "gateway" => {
                    gateway.kill().await;
                    gateway.run();
                    gateway.until_up().await;
                }
                _ => {
                    signal(engine.pid(), "STOP");
                    // A machine that sleeps; the duration is the fault under test.
                    tokio::time::sleep(plan.stop).await;
                    signal(engine.pid(), "CONT");
                }
            }
        }
        gateway.publish(&user, number).await;
    }
    let wanted = logged(&gateway.database());
    assert_eq!(wanted.len() as u64, plan.events, "each event is in the log once");
    let deadline = tokio::time::Instant::now() + plan.patience;
    loop {
        let have = received(&engine);
        if have.len() >= wanted.len() || tokio::time::Instant::now() > deadline {
            break;
        }
        // The engine's waits are up to a minute.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let have = received(&engine);
    let distinct: HashSet<&String> = have.iter().collect();
    let lost: Vec<_> = wanted.iter().filter(|id| !distinct.contains(id)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {:?}", lost.len(), wanted.len(), lost.first());
    assert_eq!(have.len(), wanted.len(), "duplicate rows");
    engine.kill().await;
    engine.assert_sound();
    engine.assert_shown_once();
    let (shown, rows) = (engine.toasts().len(), have.len());
    report(&format!(
        "{rows} of {} events in the inbox, 0 lost, 0 twice; {shown} rows popped up, none a second time\n",
        wanted.len()
    ));
}

fn logged(database: &Path) -> Vec<String> {
    let log = Connection::open(database).unwrap();
    let mut select = log.prepare("SELECT envelope FROM event WHERE envelope LIKE '%\"n\":%' ORDER BY seq").unwrap();
    let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|envelope| number(&envelope.unwrap())).collect()
}

fn received(engine: &EngineProcess) -> Vec<String> {
    let inbox = engine.inbox().unwrap();
    let mut select = inbox.prepare("SELECT raw FROM event WHERE raw LIKE '%\"n\":%'").unwrap();
    let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|raw| number(&raw.unwrap())).collect()
}

/// The number of an event.
fn number(json: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap();
    value["data"]["n"].to_string()
}
