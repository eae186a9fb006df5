//! `POST /api/v1/events`: who may hand in events, and each exactly once.

use domain::Secret;
use gateway::{GatewayConfig, Listeners, ServeError};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{SERVICE_TOKEN, TestGateway, seq, text, with_ingest};

fn gate(users: &[&str]) -> Value {
    json!({ "channel": "gate:changed", "users": users, "rooms": ["admin"], "data": { "gate": "B7", "fee": 4.50 } })
}

async fn post(service: &TestGateway, token: &str, key: Option<&str>, body: &str) -> StatusCode {
    let request = service.http.post(format!("{}/api/v1/events", service.url)).body(body.to_owned());
    let request = request.header("content-type", "application/json").bearer_auth(token);
    let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn an_ingested_event_is_emitted_and_can_be_caught_up_on() {
    let service = TestGateway::start(with_ingest()).await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let (mut peer, start) = service.socket_at(&user).await;
    let mut admin_peer = service.socket(&admin).await;
    admin_peer.subscribe(&["admin"]).await;
    let mut body = gate(&[&user.id]);
    body["timestamp"] = json!("2025-11-10T12:00:00.000Z");
    let (status, answer) = service.ingest("one", &body).await;
    assert_eq!(status, 201);
    let id = text(&answer["data"]["id"]);
    let mut expected = json!({
        "event": "GATE_CHANGED",
        "data": { "gate": "B7", "fee": 4.50 },
        "timestamp": "2025-11-10T12:00:00.000Z",
        "id": id,
        "room": format!("user:{}", user.id)
    });
    assert_eq!(peer.expect("gate:changed").await, expected);
    expected["room"] = json!("admin");
    assert_eq!(admin_peer.expect("gate:changed").await, expected);
    let (items, end) = service.catch_up(&user, &start, "").await;
    assert_eq!((items[0]["channel"].as_str(), items[0]["id"].as_str()), (Some("gate:changed"), Some(id.as_str())));
    assert_eq!(end, id);

    let (status, again) = service.ingest("one", &body).await;
    assert_eq!((status.as_u16(), text(&again["data"]["id"])), (200, id));
    body["data"]["gate"] = json!("B8");
    let (status, answer) = service.ingest("one", &body).await;
    assert_eq!((status.as_u16(), &answer["error"]["code"]), (409, &json!("CONFLICT")));
    peer.expect_silence().await;
    admin_peer.expect_silence().await;
    assert_eq!(service.catch_up(&user, &start, "").await.0.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_at_once_append_one_event_for_each_key() {
    let service = TestGateway::start(with_ingest()).await;
    let user = service.customer().await;
    let start = service.head(&user).await;
    let body = gate(&[&user.id]);
    for round in 0..20 {
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let request = service.http.post(format!("{}/api/v1/events", service.url)).bearer_auth(SERVICE_TOKEN);
            let request = request.header("idempotency-key", format!("key-{round}")).json(&body);
            callers.spawn(async move {
                let response = request.send().await.unwrap();
                (response.status(), text(&response.json::<Value>().await.unwrap()["data"]["id"]))
            });
        }
        let answers = callers.join_all().await;
        assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| matches!(status.as_u16(), 200 | 201)), "{answers:?}");
        assert!(answers.iter().all(|(_, id)| *id == answers[0].1), "{answers:?}");
    }
    let (items, _) = service.catch_up(&user, &start, "").await;
    assert_eq!(items.iter().map(|item| seq(&item["id"])).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn only_the_service_token_opens_the_route() {
    let service = TestGateway::start(with_ingest()).await;
    let admin = service.admin().await;
    let body = gate(&["7"]).to_string();
    for token in ["", "wrong", &SERVICE_TOKEN[..SERVICE_TOKEN.len() - 1], &format!("{SERVICE_TOKEN}x"), &admin.token] {
        assert_eq!(post(&service, token, Some("1"), &body).await, 401, "{token}");
    }
    assert_eq!(post(&service, SERVICE_TOKEN, Some("1"), &body).await, 201);
    assert_eq!(service.get("/api/v1/events", SERVICE_TOKEN).await.0, 405);
    let closed = TestGateway::demo().await;
    assert_eq!(post(&closed, SERVICE_TOKEN, Some("1"), &body).await, 404);
    assert_eq!(closed.get("/api/v1/events", SERVICE_TOKEN).await.0, 404);
}

#[tokio::test]
async fn a_call_without_a_usable_key_or_body_is_refused_and_leaves_the_key_free() {
    let service = TestGateway::start(with_ingest()).await;
    let good = gate(&["7"]).to_string();
    let long = "k".repeat(129);
    for key in [None, Some(""), Some("a b"), Some("ä"), Some(long.as_str())] {
        assert_eq!(post(&service, SERVICE_TOKEN, key, &good).await, 400, "{key:?}");
    }
    for body in ["", "[]", "{}", "null", r#"{"channel":"disconnect","users":["7"],"data":{}}"#] {
        assert_eq!(post(&service, SERVICE_TOKEN, Some("key"), body).await, 400, "{body}");
    }
    let large = json!({ "channel": "a:b", "users": ["7"], "data": { "text": "x".repeat(70_000) } });
    assert_eq!(post(&service, SERVICE_TOKEN, Some("key"), &large.to_string()).await, 413);
    assert_eq!(post(&service, SERVICE_TOKEN, Some("key"), &good).await, 201);
    assert_eq!(post(&service, SERVICE_TOKEN, Some(&"k".repeat(128)), &good).await, 201);
    let spaced = format!("{good}\n");
    assert_eq!(post(&service, SERVICE_TOKEN, Some("key"), &spaced).await, 200, "space around it is not the body");
}

#[tokio::test]
async fn a_weak_service_token_is_refused() {
    let config = GatewayConfig { service_token: Some(Secret::new("short")), ..GatewayConfig::embedded() };
    let booking = tokio::net::TcpListener::bind(config.listen).await.unwrap();
    let outcome = gateway::serve(config, Listeners { booking, auth: None }, std::future::pending()).await;
    assert!(matches!(outcome.unwrap_err(), ServeError::WeakServiceToken));
}
