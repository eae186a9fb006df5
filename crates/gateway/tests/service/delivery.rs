//! Nothing lost: between `connected` and the first page, over a restart, a kill, and a socket that was too slow.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::Secret;
use gateway::{DEMO_CUSTOMER, GatewayConfig};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{SERVICE_TOKEN, TestGateway, TestSocket, http_client, seq, text, with_ingest};

/// Ends what a socket is read for.
const LAST: &str = "test:last";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_falls_between_the_greeting_and_the_first_page() {
    let service = Arc::new(TestGateway::start(with_ingest()).await);
    let user = service.customer().await;
    let start = service.head(&user).await;
    let going = Arc::new(AtomicBool::new(true));
    let mut publishers = JoinSet::new();
    for publisher in 0..4 {
        let (service, going) = (Arc::clone(&service), Arc::clone(&going));
        let body = json!({ "channel": "gate:changed", "users": [user.id], "data": {} });
        publishers.spawn(async move {
            let mut published = 0;
            while going.load(Ordering::Relaxed) {
                assert_eq!(service.ingest(&format!("{publisher}-{published}"), &body).await.0, 201);
                published += 1;
            }
            published
        });
    }
    // Sockets come in while events do; each client has been away since the one before came in.
    let (mut peers, mut missed, mut kept) = (Vec::new(), Vec::new(), start.clone());
    for _ in 0..60 {
        let mut peer = TestSocket::connect(&service.options(&user.token)).await.unwrap();
        // A live event may come before `connected`; what was read here is put back for the end.
        let mut early = Vec::new();
        let cursor = loop {
            let (name, raw) = peer.next().await;
            let message: Value = serde_json::from_str(&raw).unwrap();
            match name.as_str() {
                "connected" => break text(&message["sync"]["cursor"]),
                _ => early.push(seq(&message["id"])),
            }
        };
        let (page, next) = service.catch_up(&user, &kept, "").await;
        missed.push((seq(&json!(kept)), page.iter().map(|item| seq(&item["id"])).collect::<Vec<_>>()));
        peers.push((peer, seq(&json!(cursor)), early));
        kept = next;
    }
    going.store(false, Ordering::Relaxed);
    let published: u64 = publishers.join_all().await.into_iter().sum();
    let last = json!({ "channel": LAST, "users": [user.id], "data": {} });
    let end = seq(&service.ingest("last", &last).await.1["data"]["id"]);
    assert_eq!(end, published + 1, "ids are gapless");

    for ((mut peer, cursor, early), (from, page)) in peers.into_iter().zip(missed) {
        let mut live = early;
        loop {
            let (name, raw) = peer.next().await;
            live.push(seq(&serde_json::from_str::<Value>(&raw).unwrap()["id"]));
            if name == LAST {
                break;
            }
        }
        assert!(live.windows(2).all(|pair| pair[0] < pair[1]), "each once and in order: {live:?}");
        let since: Vec<u64> = live.iter().copied().filter(|seq| *seq > cursor).collect();
        assert_eq!(since, (cursor + 1..=end).collect::<Vec<_>>(), "what the greeting's cursor does not cover is live");
        // The emitter may be behind a page that was read before the socket came in: known, so dropped by its id.
        let all: BTreeSet<u64> = page.iter().chain(&live).copied().filter(|seq| *seq > from).collect();
        assert!(all.iter().copied().eq(from + 1..=end), "page and socket leave no gap: {from} {cursor} {end} {all:?}");
    }
    let (all, _) = service.catch_up(&user, &start, "").await;
    assert!(all.iter().map(|item| seq(&item["id"])).eq(1..=end));
    println!("60 sockets came in among {published} events");
}

#[tokio::test]
async fn a_socket_that_was_too_slow_gets_the_rest_by_catching_up() {
    let service = TestGateway::start(with_ingest()).await;
    let admin = service.admin().await;
    let (mut slow, cursor) = service.socket_at(&admin).await;
    let rooms: Vec<String> = (0..50).map(|room| format!("room-{room}")).collect();
    let names: Vec<&str> = rooms.iter().map(String::as_str).collect();
    slow.subscribe(&names).await;
    // Nobody reads the socket now. Fifty copies of each event fill the network's buffers, then its own.
    let data = json!({ "text": "x".repeat(4000) });
    let body = json!({ "channel": "note:sent", "users": [admin.id], "rooms": rooms, "data": data });
    let mut published = 0;
    while service.get("/health", "").await.1["data"]["refusedEmits"] == 0 {
        assert!(published < 2000, "the socket never overflowed");
        assert_eq!(service.ingest(&published.to_string(), &body).await.0, 201);
        published += 1;
    }
    let (items, end) = service.catch_up(&admin, &cursor, "").await;
    assert!(items.iter().map(|item| seq(&item["id"])).eq(1..=published));

    // The socket lives, and what it still holds is known already.
    let known: BTreeSet<u64> = (1..=published).collect();
    for read in 0_u32.. {
        // An answer finds the buffer full as well, until enough of it was read.
        if read % 500 == 0 {
            slow.emitter.emit("unsubscribe", [json!({ "rooms": [] })]).unwrap();
        }
        let (name, raw) = slow.next().await;
        if name == "unsubscribed" {
            break;
        }
        assert!(known.contains(&seq(&serde_json::from_str::<Value>(&raw).unwrap()["id"])), "{name}");
    }
    assert_eq!(seq(&service.ingest("more", &body).await.1["data"]["id"]), published + 1);
    let arrived = async {
        loop {
            let (name, raw) = slow.next().await;
            if name == "note:sent" && seq(&serde_json::from_str::<Value>(&raw).unwrap()["id"]) == published + 1 {
                return;
            }
        }
    };
    arrived.await;
    assert_eq!(service.catch_up(&admin, &end, "").await.0.len(), 1);
    println!("the socket overflowed after {published} events");
}

#[tokio::test]
async fn a_restart_goes_on_in_the_same_log() {
    let folder = tempfile::tempdir().unwrap();
    let config = GatewayConfig {
        database: Some(folder.path().join("gateway.sqlite3")),
        jwt_secret: Some(Secret::new("0123456789abcdef0123456789abcdef")),
        ..with_ingest()
    };
    let service = TestGateway::start(config.clone()).await;
    let user = service.customer().await;
    let (_, start) = service.socket_at(&user).await;
    service.book(&user).await;
    let kept = service.head(&user).await;
    service.book(&user).await;
    service.stop().await;

    let service = TestGateway::start(config).await;
    let (mut peer, cursor) = service.socket_at(&user).await;
    let epoch = |cursor: &str| cursor.rsplit_once('-').unwrap().0.to_owned();
    assert_eq!((epoch(&cursor), seq(&json!(cursor))), (epoch(&start), 2));
    service.book(&user).await;
    assert_eq!(seq(&peer.expect("booking:created").await["id"]), 3, "and nothing of before is emitted again");
    let (items, _) = service.catch_up(&user, &kept, "").await;
    assert_eq!(items.iter().map(|item| seq(&item["id"])).collect::<Vec<_>>(), [2, 3]);
}

/// The program itself, on a free port.
struct Program {
    process: Child,
    url: String,
    /// Kept open: the program goes on writing to it.
    _stderr: Lines<BufReader<ChildStderr>>,
}

impl Program {
    fn start(database: &std::path::Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_gatecall-gateway"))
            .env("GATEWAY_LISTEN", "127.0.0.1:0")
            .env("GATEWAY_DATABASE", database)
            .env("GATEWAY_SERVICE_TOKEN", SERVICE_TOKEN)
            .env("GATEWAY_PASSWORD_MEMORY_KIB", "1024")
            .env("NO_COLOR", "1")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap()).lines();
        let line = stderr.find(|line| line.as_ref().unwrap().contains("address=")).unwrap().unwrap();
        let address = line.split_once("address=").unwrap().1.trim().to_owned();
        Self { process, url: format!("http://{address}"), _stderr: stderr }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL: the program has no chance to tidy up.
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[tokio::test]
async fn what_was_answered_is_in_the_log_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("gateway.sqlite3");
    let http = http_client();
    let mut last = 0;
    for round in 0..5 {
        let program = Program::start(&database);
        let credentials = json!({ "email": DEMO_CUSTOMER.email, "password": DEMO_CUSTOMER.password });
        let login = http.post(format!("{}/api/v1/auth/login", program.url)).json(&credentials);
        let user: Value = login.send().await.unwrap().json().await.unwrap();
        let token = text(&user["data"]["accessToken"]);
        let read = |query: String| {
            http.get(format!("{}/api/v1/notifications?{query}", program.url)).bearer_auth(&token).send()
        };
        let page: Value = read(String::new()).await.unwrap().json().await.unwrap();
        // One more than was answered may have been committed when the kill came.
        let head = seq(&page["data"]["next"]);
        assert!(head == last || head == last + 1, "{head} {last}");
        let epoch = text(&page["data"]["next"]);
        let from = format!("after={}-{}", epoch.rsplit_once('-').unwrap().0, head.saturating_sub(200));
        let page: Value = read(from).await.unwrap().json().await.unwrap();
        let items = page["data"]["items"].as_array().unwrap();
        assert!(items.iter().map(|item| seq(&item["id"])).eq(head.saturating_sub(200) + 1..=head), "{page}");

        let body = json!({ "channel": "gate:changed", "users": [user["data"]["user"]["id"]], "data": {} });
        let url = format!("{}/api/v1/events", program.url);
        for number in 0..20 + round {
            let request = http.post(&url).bearer_auth(SERVICE_TOKEN).json(&body);
            let answer = request.header("idempotency-key", format!("{round}-{number}")).send().await.unwrap();
            last = seq(&answer.json::<Value>().await.unwrap()["data"]["id"]);
        }
        // One more is on its way when the kill comes.
        let request = http.post(&url).bearer_auth(SERVICE_TOKEN).json(&body).header("idempotency-key", "late");
        let late = tokio::spawn(request.send());
        tokio::task::yield_now().await;
        drop(program);
        if let Ok(answer) = late.await.unwrap()
            && let Ok(answer) = answer.json::<Value>().await
        {
            last = last.max(seq(&answer["data"]["id"]));
        }
    }
}
