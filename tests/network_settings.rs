//! Network settings: changed while the program runs, and used by the server check before a sign-in.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::SocketAddr;
use std::path::PathBuf;

use client::ApplyNetworkError;
use domain::account::ServerUrl;
use domain::connection::{ConnectionState, LinkReasonCode};
use domain::server_check::{CheckStep, ServerCheck};
use domain::settings::{NetworkSettings, ProxyChoice};
use support::certs::{CertificateAuthority, CertificateFlaw, TlsTerminator};
use support::engine::{PASSWORD, TestEngine};
use support::forward_proxy::{self, ForwardProxy, ProxyMode};
use support::node::PlainGateway;
use support::scripted_server::response;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use CheckStep::{Bad, Doubtful, Good, Unknown};

/// A name that only the proxy resolves.
const BEHIND_THE_PROXY: &str = "http://booking.test:3004";

fn upstream(server: &PlainGateway) -> SocketAddr {
    server.url().trim_start_matches("http://").parse().unwrap()
}

async fn check(engine: &TestEngine, address: &str) -> ServerCheck {
    engine.engine().check_server(&ServerUrl::parse(address).unwrap()).await
}

fn steps(check: &ServerCheck) -> [CheckStep; 3] {
    [check.reachable, check.encrypted, check.speaks]
}

fn by(proxy: &str) -> NetworkSettings {
    NetworkSettings { proxy: ProxyChoice::from(proxy.to_owned()), ..NetworkSettings::default() }
}

#[tokio::test]
async fn a_proxy_is_applied_at_once_is_saved_and_keeps_its_password() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let proxy = ForwardProxy::start(upstream(&server)).await;
    let mut engine = TestEngine::start().await;
    let found = check(&engine, BEHIND_THE_PROXY).await;
    assert_eq!(steps(&found), [Bad, Unknown, Unknown], "{found:?}");
    assert!(found.problem.unwrap().contains("booking.test"));

    engine.engine().set_network(by(&proxy.url())).await.unwrap();
    let found = check(&engine, BEHIND_THE_PROXY).await;
    assert_eq!((found.address.as_str(), steps(&found)), (BEHIND_THE_PROXY, [Good, Doubtful, Good]));
    assert!(found.problem.unwrap().contains("https"), "an unencrypted connection is reported");
    engine.sign_in(BEHIND_THE_PROXY, PASSWORD).await.unwrap();
    engine.until_online().await;

    let masked = engine.engine().network().await.unwrap().proxy.redacted();
    assert!(masked.contains("traveler:*@") && !masked.contains("word"), "{masked}");
    engine.engine().set_network(by(&masked)).await.unwrap();
    engine.until_online().await;
    assert_eq!(engine.engine().network().await.unwrap().proxy, ProxyChoice::At(proxy.url()));
    for wrong in
        ["socks5://u:hidden@p:1", "nonsense:hidden", "http://traveler:*@elsewhere.test:1", "http://u:hid/den@p"]
    {
        let error = engine.engine().set_network(by(wrong)).await.unwrap_err();
        assert!(matches!(&error, ApplyNetworkError::Proxy(said) if !said.contains("hid")), "{wrong}: {error:?}");
    }
    let bypass = NetworkSettings { bypass: vec!["http://x".to_owned()], ..NetworkSettings::default() };
    assert!(
        matches!(engine.engine().set_network(bypass).await, Err(ApplyNetworkError::Proxy(said)) if said.contains("http://x"))
    );
    engine.until_online().await;

    proxy.set(ProxyMode::RejectsPassword);
    let found = check(&engine, BEHIND_THE_PROXY).await;
    assert_eq!(steps(&found), [Bad, Unknown, Unknown]);
    let problem = found.problem.unwrap();
    assert!(problem.contains("asks for a sign-in") && !problem.contains(forward_proxy::PASSWORD), "{problem}");
    proxy.set(ProxyMode::ChecksPassword);
    engine.engine().set_network(by("none")).await.unwrap();
    engine.until_down(LinkReasonCode::Unreachable).await;
    engine.engine().set_network(by(&proxy.url())).await.unwrap();
    engine.until_online().await;
    engine.restart().await;
    engine.until_online().await;
    assert_eq!(server.seen().await["refused"], 0);
}

#[tokio::test]
async fn a_certificate_authority_is_trusted_once_it_is_configured() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let authority = CertificateAuthority::new();
    let front = TlsTerminator::start(authority.server(CertificateFlaw::None), upstream(&server)).await;
    let engine = TestEngine::start().await;
    let found = check(&engine, &front.url).await;
    assert_eq!(steps(&found), [Good, Bad, Unknown]);
    let problem = found.problem.unwrap();
    assert!(problem.starts_with("Certificate not trusted") && problem.contains("in the network settings"), "{problem}");

    let trusting = |path: PathBuf| NetworkSettings { ca_file: Some(path), ..NetworkSettings::default() };
    let empty = engine.folder().join("empty.pem");
    std::fs::write(&empty, "nothing\n").unwrap();
    for (path, expected) in
        [(empty, "no certificate"), ("/nowhere/ca.pem".into(), "cannot be read"), ("/dev/zero".into(), "no file")]
    {
        let error = engine.engine().set_network(trusting(path)).await.unwrap_err();
        assert!(matches!(&error, ApplyNetworkError::CaFile(said) if said.contains(expected)), "{error:?}");
    }
    let file = authority.write(engine.folder());
    engine.engine().set_network(trusting(file)).await.unwrap();
    let found = check(&engine, &front.url).await;
    assert_eq!((steps(&found), found.problem), ([Good, Good, Good], None));
    engine.sign_in(&front.url, PASSWORD).await.unwrap();
    let now = engine.until_online().await;
    assert!(matches!(now.connection, ConnectionState::Online { .. }));
    engine.engine().set_network(NetworkSettings::default()).await.unwrap();
    engine.until_down(LinkReasonCode::Certificate).await;

    let flawed = TlsTerminator::start(authority.server(CertificateFlaw::Expired), upstream(&server)).await;
    engine.engine().set_network(trusting(engine.folder().join("authority.pem"))).await.unwrap();
    let found = check(&engine, &flawed.url).await;
    assert!(found.problem.unwrap().contains("expired"));
}

/// A server that answers each request by its request line: with this text, or with silence.
async fn server(answer: fn(&str) -> Option<String>) -> (String, AbortOnDropHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let count = stream.read(&mut head).await.unwrap();
            match answer(&String::from_utf8_lossy(&head[..count])) {
                Some(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                None => silent.push(stream),
            }
        }
    });
    (url, AbortOnDropHandle::new(serving))
}

#[tokio::test]
async fn servers_that_are_no_booking_service_are_recognised() {
    let engine = TestEngine::start().await;
    let Some(real) = PlainGateway::start("CUSTOMER").await else { return };
    let found = check(&engine, &real.url()).await;
    assert_eq!((steps(&found), found.problem), ([Good, Good, Good], None), "without a token, and nothing is joined");

    let closed = check(&engine, "http://127.0.0.1:1").await;
    assert_eq!(steps(&closed), [Bad, Unknown, Unknown]);
    assert!(closed.problem.unwrap().starts_with("Nothing answers at 127.0.0.1. Check"));

    let (page, _page) = server(|_| Some(response(200, &[("Content-Type", "text/html")], "<h1>Wi-Fi</h1>"))).await;
    let found = check(&engine, &page).await;
    assert_eq!(steps(&found), [Good, Good, Bad]);
    assert!(found.problem.unwrap().contains("HTTP 200"));

    let (mute, _mute) = server(|_| None).await;
    let found = check(&engine, &mute).await;
    assert_eq!(steps(&found), [Good, Good, Bad]);
    assert!(found.problem.unwrap().contains("No answer"), "within its time");

    // A proxy without WebSocket support: the upgrade fails, and polling works.
    let (blocked, _blocked) = server(|head| {
        let open = r#"0{"sid":"s","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}"#;
        let polling = head.starts_with("GET /socket.io/?EIO=4&transport=polling");
        Some(if polling { response(200, &[], open) } else { response(400, &[], "{}") })
    })
    .await;
    let found = check(&engine, &blocked).await;
    assert_eq!(steps(&found), [Good, Good, Bad]);
    assert!(found.problem.unwrap().contains("WebSockets"));
}
