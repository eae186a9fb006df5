//! The way through a proxy.

use socketio::{ConnectError, ConnectOptions, Proxy, ProxyFailure, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::peer::{accept_namespace, name, send_text, serve};

/// A proxy for one connection that answers `answer` and, when that is a yes, leads to `server`. Gives the request.
async fn proxy(answer: &'static str, server: Option<String>) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let task = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(client.read_u8().await.unwrap());
        }
        client.write_all(answer.as_bytes()).await.unwrap();
        if let Some(server) = server {
            let mut server = TcpStream::connect(server).await.unwrap();
            // Ends when either side does.
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
        String::from_utf8(request).unwrap()
    });
    (address, task)
}

/// Options towards a name that only the proxy knows.
fn options(proxy: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new("http://booking.test:3004".parse().unwrap());
    options.proxy = Proxy::new(proxy, &[]).unwrap();
    options
}

#[tokio::test]
async fn the_proxy_resolves_the_name_and_gets_the_credentials() {
    let (direct, server) = serve(|mut peer| async move {
        accept_namespace(&mut peer).await;
        send_text(&mut peer, r#"42["hello"]"#).await;
    })
    .await;
    let target = direct.url.as_str().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let (address, task) = proxy("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n", Some(target)).await;
    let (mut session, _emitter) = Session::connect(&options(&format!("http://u:p@{address}"))).await.unwrap();
    assert_eq!(name(&mut session).await, "hello");
    drop(session);
    server.await.unwrap();
    assert_eq!(
        task.await.unwrap(),
        "CONNECT booking.test:3004 HTTP/1.1\r\nHost: booking.test:3004\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
    );
}

#[tokio::test]
async fn a_proxy_that_does_not_open_the_way_is_named() {
    let cases = [
        ("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n", "asks for a sign-in"),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "answered with HTTP status 502"),
        ("HTTP/1.1 200 OK\r\n\r\nand more", "does not answer as a proxy"),
        ("SSH-2.0-proxy\r\n", "does not answer as a proxy"),
        ("", "does not answer as a proxy"),
    ];
    for (answer, expected) in cases {
        let (address, task) = proxy(answer, None).await;
        let error = Session::connect(&options(&format!("http://{address}"))).await.unwrap_err();
        let ConnectError::Proxy { proxy, failure } = error else { panic!("{answer:?}: {error:?}") };
        assert_eq!(failure.to_string(), expected, "{answer:?}");
        assert_eq!(proxy, address);
        task.await.unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = Session::connect(&options(&format!("http://{address}"))).await.unwrap_err();
    assert!(matches!(error, ConnectError::Proxy { failure: ProxyFailure::Unreachable(_), .. }), "{error:?}");
}
