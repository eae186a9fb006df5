//! Starting, restarting and stopping; and the program itself.

use std::process::Command;
use std::time::{Duration, Instant};

use domain::Secret;
use gateway::{GatewayConfig, Listeners, OpenError, Seeding, ServeError};
use serde_json::json;

use crate::support::{TestGateway, http_client, text};

#[tokio::test]
async fn stopping_closes_sockets_and_waits_for_everything() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let mut peer = service.socket(&user).await;
    let url = service.url.clone();
    let polling = format!("{url}/socket.io/?EIO=4&transport=polling");
    assert_eq!(service.http.get(polling).send().await.unwrap().status(), 200);
    let start = Instant::now();
    let stopped = tokio::spawn(service.stop());
    peer.closed().await;
    stopped.await.unwrap();
    // No deadline was needed: each of them is 3 s.
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(http_client().get(url).send().await.is_err());
}

#[tokio::test]
async fn nothing_of_a_stopped_service_goes_on() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let mut peers = Vec::new();
    for _ in 0..5 {
        peers.push(service.socket(&user).await);
    }
    service.stop().await;
    // What was cut ends at its next turn.
    let ended = async {
        while tasks() > before {
            tokio::task::yield_now().await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(2), ended).await;
    assert!(ended.is_ok(), "{} tasks are left", tasks() - before);
}

#[tokio::test]
async fn a_file_keeps_bookings_and_sign_ins_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = GatewayConfig {
        database: Some(folder.path().join("gateway.sqlite3")),
        seed: Seeding::WhenNew,
        jwt_secret: Some(Secret::new("0123456789abcdef0123456789abcdef")),
        ..GatewayConfig::embedded()
    };
    let service = TestGateway::start(config.clone()).await;
    let user = service.customer().await;
    let booking = service.book(&user).await;
    service.stop().await;

    let service = TestGateway::start(config).await;
    let path = format!("/api/v1/bookings/{}", text(&booking["id"]));
    assert_eq!(service.get(&path, &user.token).await.1["data"], booking);
    let refresh = json!({ "refreshToken": user.refresh });
    assert_eq!(service.post("/api/v1/auth/refresh", "", refresh).await.0, 200);
    assert_eq!(service.get("/api/v1/flights", "").await.1["data"].as_array().unwrap().len(), 8, "seeded once");
    service.stop().await;
}

#[tokio::test]
async fn without_seeds_there_is_nobody() {
    let service = TestGateway::start(GatewayConfig { seed: Seeding::Never, ..GatewayConfig::embedded() }).await;
    let body = json!({ "email": "test@example.com", "password": "Test123!" });
    assert_eq!(service.post("/api/v1/auth/login", "", body).await.0, 401);
    assert_eq!(service.get("/api/v1/flights", "").await.1["data"], json!([]));
}

#[tokio::test]
async fn health_answers_with_figures() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let _peer = service.socket(&user).await;
    let (status, answer) = service.get("/health", "").await;
    assert_eq!(status, 200);
    let data = &answer["data"];
    assert_eq!((&data["status"], &data["connections"], &data["refusedEmits"]), (&json!("ok"), &json!(1), &json!(0)));
}

#[tokio::test]
async fn a_weak_secret_or_a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not-a-database");
    std::fs::write(&path, "x".repeat(4096)).unwrap();
    let outcome = |config: GatewayConfig| async {
        let booking = tokio::net::TcpListener::bind(config.listen).await.unwrap();
        gateway::serve(config, Listeners { booking, auth: None }, std::future::pending()).await.unwrap_err()
    };
    let weak = GatewayConfig { jwt_secret: Some(Secret::new("short")), ..GatewayConfig::embedded() };
    assert!(matches!(outcome(weak).await, ServeError::WeakSecret));
    let file = GatewayConfig { database: Some(path.clone()), ..GatewayConfig::embedded() };
    assert!(matches!(outcome(file).await, ServeError::Store(OpenError::Sqlite(_))));
    assert_eq!(std::fs::read_to_string(path).unwrap().len(), 4096);
}

#[test]
fn the_program_explains_itself_and_refuses_what_it_does_not_know() {
    let program = || Command::new(env!("CARGO_BIN_EXE_gatecall-gateway"));
    let help = program().arg("--help").output().unwrap();
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("WEBSOCKET_MAX_CONNECTIONS") && help.contains("GATEWAY_JWT_SECRET"), "{help}");
    assert_eq!(program().arg("--port").output().unwrap().status.code(), Some(2));
    let wrong = program().env("WEBSOCKET_TIMEOUT", "soon").output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().starts_with("WEBSOCKET_TIMEOUT: "));
}
