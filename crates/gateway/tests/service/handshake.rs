//! Who may open a socket, and for how long.

use std::num::NonZeroUsize;
use std::time::Duration;

use gateway::{GatewayConfig, Origins};
use serde_json::{Value, json};
use socketio::{CloseReason, ConnectError};

use crate::support::{TestGateway, TestSocket};

fn refusal(error: ConnectError) -> String {
    match error {
        ConnectError::Refused { message, .. } => message,
        other => panic!("not refused but {other:?}"),
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_with_a_message() {
    let service = TestGateway::demo().await;
    let tampered = format!("{}x", service.customer().await.token);
    for (auth, reason) in [
        (Value::Null, "needed"),
        (json!({}), "needed"),
        (json!({ "token": null }), "needed"),
        (json!({ "token": 7 }), "needed"),
        (json!(["token"]), "not valid"),
        (json!({ "token": "a.b.c" }), "not valid"),
        (json!({ "token": tampered }), "not valid"),
    ] {
        let mut options = service.options("");
        options.auth = auth.clone();
        let message = refusal(TestSocket::connect(&options).await.err().unwrap());
        assert!(message.starts_with("Unauthorized: ") && message.contains(reason), "{auth} {message}");
    }
}

#[tokio::test]
async fn the_token_may_come_as_a_header() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let mut options = service.options("");
    options.auth = Value::Null;
    options.headers.insert("authorization", format!("Bearer {}", user.token).parse().unwrap());
    let mut peer = TestSocket::connect(&options).await.unwrap();
    let connected = peer.expect("connected").await;
    assert_eq!(connected["userId"], *user.id);
    assert!(!connected["message"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_socket_ends_with_its_token() {
    let config = GatewayConfig { access_ttl: Duration::from_secs(3), ..GatewayConfig::embedded() };
    let service = TestGateway::start(config).await;
    let user = service.customer().await;
    let mut peer = service.socket(&user).await;
    assert_eq!(peer.closed().await, CloseReason::ServerDisconnect);
    let message = refusal(TestSocket::connect(&service.options(&user.token)).await.err().unwrap());
    assert_eq!(message, "Unauthorized: The access token has expired");
}

#[tokio::test]
async fn a_page_from_elsewhere_may_not_connect() {
    let cors_origin = Origins::parse("https://fly.example").unwrap();
    let service = TestGateway::start(GatewayConfig { cors_origin, ..GatewayConfig::embedded() }).await;
    let user = service.customer().await;
    let mut options = service.options(&user.token);
    assert!(TestSocket::connect(&options).await.is_ok(), "a native client sends no origin");
    options.headers.insert("origin", "https://fly.example".parse().unwrap());
    assert!(TestSocket::connect(&options).await.is_ok());
    options.headers.insert("origin", "https://evil.example".parse().unwrap());
    let refused = TestSocket::connect(&options).await.err().unwrap();
    assert!(matches!(refused, ConnectError::Http { status: 403, .. }), "{refused:?}");

    let polling = format!("{}/socket.io/?EIO=4&transport=polling", service.url);
    let answer = service.http.get(&polling).header("origin", "https://evil.example").send().await.unwrap();
    assert_eq!(answer.status(), 403);
    let answer = service.http.get(&polling).header("origin", "https://fly.example").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://fly.example");
    assert!(answer.text().await.unwrap().starts_with("0{"), "Engine.IO OPEN, for clients that begin with polling");
}

#[tokio::test]
async fn one_socket_too_many_is_told_to_come_back() {
    let config = GatewayConfig { max_connections: NonZeroUsize::new(2).unwrap(), ..GatewayConfig::embedded() };
    let service = TestGateway::start(config).await;
    let user = service.customer().await;
    let first = service.socket(&user).await;
    let _second = service.socket(&user).await;
    service.until_connections(2).await;
    let refused = TestSocket::connect(&service.options(&user.token)).await.err().unwrap();
    assert!(
        matches!(&refused, ConnectError::Http { status: 503, retry_after: Some(after), .. } if after == "5"),
        "{refused:?}"
    );
    first.close().await;
    service.until_connections(1).await;
    service.socket(&user).await;
}

#[tokio::test]
async fn a_disabled_endpoint_is_not_there() {
    let service = TestGateway::start(GatewayConfig { websocket_enabled: false, ..GatewayConfig::embedded() }).await;
    let user = service.customer().await;
    let refused = TestSocket::connect(&service.options(&user.token)).await.err().unwrap();
    assert!(matches!(refused, ConnectError::Http { status: 404, .. }), "{refused:?}");
    service.book(&user).await;
}
