//! Attempts that fail, and how.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::json;
use socketio::{ConnectError, ConnectOptions, ConnectStage, Session};
use tokio::net::TcpListener;

use crate::peer::{OPEN, receive, send_text, serve};

#[tokio::test]
async fn a_refusal_carries_message_and_data() {
    let (options, _server) = serve(|mut peer| async move {
        send_text(&mut peer, OPEN).await;
        receive(&mut peer).await;
        send_text(&mut peer, r#"44{"message":"bad token","data":{"code":"EXPIRED"}}"#).await;
        peer.next().await
    })
    .await;
    let error = Session::connect(&options).await.unwrap_err();
    let ConnectError::Refused { message, data } = error else { panic!("{error:?}") };
    assert_eq!((message.as_str(), data), ("bad token", Some(json!({"code": "EXPIRED"}))));
}

#[tokio::test]
async fn silence_while_connecting_is_bounded_and_named() {
    for (script, stage) in [("", ConnectStage::Open), (OPEN, ConnectStage::Connect)] {
        let (mut options, _server) = serve(move |mut peer| async move {
            if !script.is_empty() {
                send_text(&mut peer, script).await;
            }
            while let Some(Ok(_)) = peer.next().await {}
        })
        .await;
        options.connect_timeout = Duration::from_millis(300);
        let error = Session::connect(&options).await.unwrap_err();
        assert!(matches!(error, ConnectError::Timeout(at) if at == stage), "{error:?}");
    }
}

#[tokio::test]
async fn nobody_there_and_no_websocket_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = ConnectOptions::new(format!("http://{address}").parse().unwrap());
    let portal = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = [0; 4096];
        let _ = stream.read(&mut seen).await.unwrap();
        let answer = "HTTP/1.1 503 Busy\r\nRetry-After: 12\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    let error = Session::connect(&options).await.unwrap_err();
    let ConnectError::Http { status: 503, retry_after, .. } = error else { panic!("{error:?}") };
    assert_eq!(retry_after.as_deref(), Some("12"));
    portal.await.unwrap();
    assert!(matches!(Session::connect(&options).await, Err(ConnectError::Tcp(_))));
}
