//! IPC requests about the inbox against our gateway: lists by criteria, archive and undo, the desk, and the jobs of
//! export, deletion and catch-up.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::Secret;
use domain::account::ServerUrl;
use domain::criteria::{Criteria, ListSelector, Mailbox, RowSelector};
use domain::desk::DeskView;
use domain::event::EventKind;
use domain::jobs::JobKind;
use domain::rooms::Room;
use domain::settings::Account;
use domain::view::{RoomState, Snapshot};
use ipc::{ErrorCode, ExportFormat, ExportResult, Page, PeerKind, Request, ThreadPage, Undoable};
use serde_json::{Value, json};
use support::engine::{EMAIL, PASSWORD, TestEngine};
use support::eventually;
use support::ipc_client::IpcClient;
use support::resident_process::ResidentProcess;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const SERVICE_TOKEN: &str = "a service token of these tests, long enough";
/// A job of this duration is shown long before its end.
const LONG: Duration = Duration::from_secs(2);
/// Missed events: ten pages.
const MISSED: u64 = 2_000;

/// A gateway inside the test process, with the ids of its users.
struct InProcessGateway {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<Result<(), gateway::ServeError>>,
    url: String,
    user: String,
    /// The user who may watch every booking.
    agent: String,
    agent_token: String,
    http: reqwest::Client,
    published: AtomicU64,
}

impl InProcessGateway {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let cancelled = stop.clone();
        let token = gateway::GatewayConfig::from_env(|name| {
            (name == "GATEWAY_SERVICE_TOKEN").then(|| SERVICE_TOKEN.to_owned())
        });
        let config = gateway::GatewayConfig {
            service_token: token.unwrap().service_token,
            ..gateway::GatewayConfig::embedded()
        };
        let listeners = gateway::Listeners { booking: listener, auth: None };
        let task = tokio::spawn(gateway::serve(config, listeners, async move { cancelled.cancelled().await }));
        let http = support::node::http();
        let someone = async |email: &str, password: &str| {
            let login = json!({ "email": email, "password": password });
            let answer = eventually("the gateway answers", async || {
                http.post(format!("{url}/api/v1/auth/login")).json(&login).send().await.ok()
            })
            .await;
            let answer: Value = answer.json().await.unwrap();
            let [id, token] = ["/data/user/id", "/data/accessToken"].map(|path| answer.pointer(path).unwrap());
            (id.as_str().unwrap().to_owned(), token.as_str().unwrap().to_owned())
        };
        let (user, _) = someone(EMAIL, PASSWORD).await;
        let (agent, agent_token) = someone(gateway::DEMO_ADMIN.email, gateway::DEMO_ADMIN.password).await;
        Self { stop, task, url, user, agent, agent_token, http, published: AtomicU64::new(0) }
    }

    async fn publish(&self, channel: &str, data: Value) {
        self.tell(&[&self.user], &[], channel, data).await;
    }

    /// Publishes an event to these users and rooms.
    async fn tell(&self, users: &[&str], rooms: &[&str], channel: &str, data: Value) {
        let body = json!({ "channel": channel, "users": users, "rooms": rooms, "data": data });
        let call = self.http.post(format!("{}/api/v1/events", self.url)).bearer_auth(SERVICE_TOKEN).json(&body);
        let call = call.header("Idempotency-Key", format!("{}", self.published.fetch_add(1, Ordering::Relaxed)));
        let answer = call.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// Sends a REST request as the agent; returns the `data` of its answer.
    async fn call(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let call = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.agent_token).json(body);
        let answer: Value = call.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["success"], true, "{answer}");
        answer["data"].clone()
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
    }
}

/// A client that receives pushes.
async fn client_of(resident: &ResidentProcess<'_>) -> IpcClient {
    IpcClient::open(&resident.endpoint().unwrap(), PeerKind::Watcher).await
}

async fn listed(client: &IpcClient, criteria: Criteria) -> Vec<i64> {
    let page: Page = client.call(Request::List { criteria, before: None, limit: 200 }).await;
    page.items.iter().map(|row| row.id).collect()
}

fn of(criteria: Criteria) -> RowSelector {
    ListSelector { criteria, grouped: false }.into()
}

fn all() -> Criteria {
    Criteria::default()
}

#[tokio::test(flavor = "multi_thread")]
async fn ipc_requests_filter_archive_count_export_and_delete() {
    let Some(desktop) = support::desktop() else { return };
    let Some(mut resident) = ResidentProcess::new(&desktop) else { return };
    let gateway = InProcessGateway::start().await;
    resident.login(&gateway.url).await;
    resident.start().await;
    let mut client = client_of(&resident).await;
    client.until("online", |now| matches!(now.connection, domain::connection::ConnectionState::Online { .. })).await;
    for n in 0..4 {
        let data = json!({ "bookingId": format!("b-{n}"), "pnr": format!("PNR00{n}"), "status": "PENDING",
            "flightNumber": "AA123", "origin": "JFK", "destination": "LAX", "totalPrice": 450, "currency": "USD" });
        gateway.publish("booking:created", data).await;
    }
    for (flight, affected) in [("f-1", 2), ("f-2", 3)] {
        let affected: Vec<_> = (0..affected).map(|n| format!("b-{n}")).collect();
        let data = json!({ "flightId": flight, "flightNumber": "LH400", "oldStatus": "SCHEDULED", "newStatus": "DELAYED",
            "affectedBookings": affected });
        gateway.publish("flight:status-changed", data).await;
    }
    client.until("six rows", |now| now.total == 6).await;

    filters_and_done(&mut client).await;
    let desk: DeskView = client.call(Request::Desk).await;
    assert_eq!((desk.minutes.len(), desk.minutes.iter().sum::<u32>()), (60, 6));
    assert_eq!(
        desk.kinds.iter().map(|kind| (kind.kind, kind.count)).collect::<Vec<_>>()[0],
        (EventKind::BookingCreated, 4)
    );
    assert_eq!(desk.flights.iter().map(|flight| flight.bookings).collect::<Vec<_>>(), [3, 2]);
    assert!(desk.last_event_at.is_some() && desk.lag_ms.is_some_and(|lag| lag < 10_000), "{desk:?}");

    files(&client, &resident).await;
    let (mut client, added) = fill(&mut resident, client).await;
    let export = Request::Export { format: ExportFormat::Json, from: None, to: None };
    let error = client.call_and_cancel(export.clone(), JobKind::Export).await;
    assert!(error.code == ErrorCode::Cancelled, "{error}");
    let files = || std::fs::read_dir(resident.profile().join("downloads")).unwrap().count();
    eventually("there is no file of it", async || (files() == 4).then_some(())).await;
    let left = client_of(&resident).await.call_and_disconnect(export, JobKind::Export).await;
    client.until("it goes on", |now| now.jobs.first().is_some_and(|work| work.done > left)).await;
    client.call::<()>(Request::Cancel { work: JobKind::Export }).await;
    client.until("and that is over", |now| now.jobs.is_empty()).await;
    eventually("stopped, too, without a file", async || (files() == 4).then_some(())).await;

    let error = client.call_and_cancel(Request::Reindex, JobKind::Reindex).await;
    assert!(error.code == ErrorCode::Cancelled, "{error}");
    assert!(!listed(&client, Criteria { text: "pnr".to_owned(), ..all() }).await.is_empty(), "what is there is found");

    let error = client.call_and_cancel(Request::SignOut { wipe: true }, JobKind::Wipe).await;
    assert!(error.code == ErrorCode::Cancelled, "{error}");
    resident.login(&gateway.url).await;
    let left = client.until("what is left is there again", |now| now.total > 0).await.total;
    assert!(left < added.unsigned_abs() + 6, "{left}");
    client.call_to_end(Request::SignOut { wipe: true }).await;
    resident.login(&gateway.url).await;
    client.until("signed in", |now| now.account.is_some()).await;
    assert!(listed(&client, all()).await.is_empty());
    resident.stop().await;
    gateway.stop().await;
}

async fn filters_and_done(client: &mut IpcClient) {
    let flights = listed(client, Criteria { kinds: vec![EventKind::FlightStatus], ..all() }).await;
    assert_eq!(flights.len(), 2);
    assert_eq!(
        listed(client, Criteria { flight: Some("lh400".to_owned()), text: "dela".to_owned(), ..all() }).await,
        flights
    );
    let by = async |room: &str| listed(client, Criteria { room: Some(Room::from(room.to_owned())), ..all() }).await;
    assert_eq!((by("user:").await.len(), by("admin").await.len()), (6, 0));
    let which =
        RowSelector { ids: vec![flights[0]], threads: vec!["booking:b-1".to_owned()], ..RowSelector::default() };
    let done: Undoable = client.call(Request::SetDone { selector: which, done: true }).await;
    assert_eq!(done.changed, 2);
    let away = listed(client, Criteria { place: Mailbox::Done, ..all() }).await;
    assert_eq!((away.len(), away[0], listed(client, all()).await.len()), (2, flights[0], 4));
    client.until("done is read, too", |now| (now.total, now.unread) == (4, 4)).await;
    let threads = Request::Threads { criteria: Criteria { place: Mailbox::Done, ..all() }, before: None, limit: 50 };
    let threads: ThreadPage = client.call(threads).await;
    assert_eq!(threads.items.len(), 2);
    let page: Page = client.call(Request::Thread { thread: "booking:b-1".to_owned(), before: None, limit: 50 }).await;
    assert!(page.items[0].done && page.items[0].read);
    assert!(client.call::<bool>(Request::Undo { undo: done.undo.unwrap() }).await);
    client.until("all of it is back", |now| (now.total, now.unread) == (6, 6)).await;
    assert!(listed(client, Criteria { place: Mailbox::Done, ..all() }).await.is_empty());
    let delays = of(Criteria { kinds: vec![EventKind::FlightStatus], text: "dela".to_owned(), ..all() });
    let done: Undoable = client.call(Request::SetDone { selector: delays, done: true }).await;
    assert_eq!((done.changed, listed(client, all()).await.len()), (2, 4), "all that fit");
    let done = of(Criteria { place: Mailbox::Done, ..all() });
    client.call::<Undoable>(Request::SetDone { selector: done, done: false }).await;
    let unread = of(Criteria { kinds: vec![EventKind::FlightStatus], ..all() });
    client.call::<Undoable>(Request::SetRead { selector: unread, read: false }).await;
    client.until("and back again", |now| (now.total, now.unread) == (6, 6)).await;
}

async fn files(client: &IpcClient, resident: &ResidentProcess<'_>) {
    let export = async |format| {
        let file: ExportResult = client.call(Request::Export { format, from: None, to: None }).await;
        assert_eq!(file.rows, 6);
        assert!(Path::new(&file.path).starts_with(resident.profile().join("downloads")), "{}", file.path);
        std::fs::read_to_string(file.path).unwrap()
    };
    let flights = of(Criteria { kinds: vec![EventKind::FlightStatus], ..all() });
    let done: Undoable = client.call(Request::SetDone { selector: flights, done: true }).await;
    let rows: Vec<Value> = serde_json::from_str(&export(ExportFormat::Json).await).unwrap();
    assert_eq!((rows.len(), rows.iter().filter(|row| row["done"] == true).count()), (6, 2));
    let table = export(ExportFormat::Csv).await;
    assert_eq!((table.lines().count(), table.lines().filter(|line| line.ends_with(",true")).count()), (7, 2));
    let text = export(ExportFormat::Markdown).await;
    assert!(text.contains("6 notifications (4 booked, 2 flight changes).") && !text.contains(EMAIL), "{text}");
    assert_eq!(text.lines().filter(|line| line.ends_with("| DELAYED | Done |")).count(), 2, "{text}");
    assert_eq!(export(ExportFormat::Markdown).await, text, "a second one, beside the first");
    let printed = resident.run(&["export", "--format", "markdown"], "").await;
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), text);
    assert!(client.call::<bool>(Request::Undo { undo: done.undo.unwrap() }).await);
}

/// Adds rows until a job takes long on this machine, however fast; returns the new client and the number of rows.
async fn fill(resident: &mut ResidentProcess<'_>, mut client: IpcClient) -> (IpcClient, i64) {
    let mut added = 0;
    for many in [20_000, 40_000, 80_000, 160_000] {
        drop(client);
        resident.stop().await;
        resident.add_rows(added..added + many);
        added += many;
        resident.start().await;
        client = client_of(resident).await;
        let begun = Instant::now();
        client.call_to_end(Request::Reindex).await;
        if begun.elapsed() > LONG {
            break;
        }
    }
    (client, added)
}

#[tokio::test(flavor = "multi_thread")]
async fn catch_up_can_be_cancelled_and_resumes_later() {
    let gateway = InProcessGateway::start().await;
    let mut engine = TestEngine::online(&gateway.url).await;
    let event = async |n: u64| {
        gateway.publish("booking:updated", json!({ "bookingId": format!("b-{n}"), "status": "CONFIRMED" })).await;
    };
    event(0).await;
    engine.rows(1).await;
    engine.stop().await;
    for n in 1..=MISSED {
        event(n).await;
    }
    engine.restart().await;
    let is_catching_up = |now: &Snapshot| now.jobs.iter().any(|view| view.kind == JobKind::CatchUp);
    let seen = engine.until("it catches up", is_catching_up).await;
    assert_eq!(seen.jobs[0].total, None);
    engine.engine().cancel(JobKind::CatchUp);
    let cancelled = engine.until("it is stopped", |now| !is_catching_up(now) && !now.degraded.is_empty()).await;
    assert!(cancelled.degraded[0].contains("not verified yet: it was stopped"), "{:?}", cancelled.degraded);
    assert!(cancelled.digest.is_none(), "no digest before the gap is verified");
    // Live events are stored and do not move the cursor.
    event(MISSED + 1).await;
    let came = engine.until("a live event", |now| now.total > cancelled.total).await.total;
    assert!(came < MISSED, "{came} of {MISSED}");
    engine.engine().reconnect().await;
    let now = engine.until("all of it is here", |now| now.total == MISSED + 2).await;
    assert!(!is_catching_up(&now) || now.jobs[0].done > 0);
    engine.until("and verified", |now| now.degraded.is_empty() && now.jobs.is_empty() && now.digest.is_some()).await;
    engine.stop().await;
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_own_bookings_are_distinguished_also_after_a_gap() {
    let gateway = InProcessGateway::start().await;
    let mut engine = TestEngine::start().await;
    let account = Account {
        server: ServerUrl::parse(&gateway.url).unwrap(),
        auth_url: None,
        booking_url: None,
        email: gateway::DEMO_ADMIN.email.to_owned(),
    };
    engine.engine().sign_in(account, Secret::new(gateway::DEMO_ADMIN.password)).await.unwrap();
    engine.until_online().await;
    engine.engine().subscribe("admin".to_owned()).await;
    engine.until("joined", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    let created = async |id: &str, of: &str| {
        let data = json!({ "bookingId": id, "pnr": "ABC123", "status": "PENDING" });
        gateway.tell(&[of], &["admin"], "booking:created", data).await;
    };
    let by = async |engine: &TestEngine, room: Room| {
        let criteria = Criteria { room: Some(room), ..all() };
        let items = engine.engine().list(criteria, None, 50).await.unwrap().items;
        items.into_iter().map(|row| row.booking_id.unwrap_or(row.channel)).collect::<Vec<_>>()
    };
    let admin = || Room::Named("admin".to_owned());
    created("own", &gateway.agent).await;
    created("other", &gateway.user).await;
    gateway.tell(&[&gateway.agent], &[], "payment:completed", json!({ "bookingId": "own", "amount": 450 })).await;
    engine.rows(3).await;
    assert_eq!(by(&engine, Room::Own).await, ["own", "own"]);
    assert_eq!(by(&engine, admin()).await, ["other", "own"]);

    engine.stop().await;
    created("own, missed", &gateway.agent).await;
    created("other, missed", &gateway.user).await;
    engine.restart().await;
    engine.rows(5).await;
    assert_eq!(by(&engine, Room::Own).await, ["own, missed", "own", "own"]);
    assert_eq!(by(&engine, admin()).await, ["other, missed", "own, missed", "other", "own"]);

    // A flight's change reaches the agent by `admin` alone; the log says that the agent is on board.
    engine.until("joined again", |now| now.rooms.iter().any(|room| room.state == RoomState::Joined)).await;
    let flights = gateway.call(reqwest::Method::GET, "/api/v1/flights", &json!({})).await;
    let flight = flights[0]["id"].as_str().unwrap();
    let passenger = json!({ "type": "ADULT", "title": "Ms", "firstName": "Ada", "lastName": "Admin",
        "dateOfBirth": "1990-01-01" });
    let booking = json!({ "flightId": flight, "cabinClass": "ECONOMY", "passengers": [passenger],
        "contactInfo": { "email": "a@b.c", "phone": "+1234567890" } });
    gateway.call(reqwest::Method::POST, "/api/v1/bookings", &booking).await;
    let delayed = json!({ "status": "DIVERTED" });
    gateway.call(reqwest::Method::PATCH, &format!("/api/v1/flights/{flight}/status"), &delayed).await;
    engine.rows(7).await;
    let changed = || "flight:status-changed".to_owned();
    assert!(by(&engine, admin()).await.contains(&changed()));
    engine.engine().reconnect().await;
    eventually("the log was read", async || by(&engine, Room::Own).await.contains(&changed()).then_some(())).await;
    engine.stop().await;
    gateway.stop().await;
}
