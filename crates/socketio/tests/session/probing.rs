//! A look at a server, without joining it.

use std::time::Duration;

use futures_util::StreamExt;
use socketio::{ConnectError, ConnectOptions, ConnectStage, probe};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::peer::{OPEN, send_text, serve};

#[tokio::test]
async fn the_greeting_is_enough_and_nothing_is_joined() {
    let (options, server) = serve(|mut peer| async move {
        send_text(&mut peer, OPEN).await;
        peer.next().await.unwrap().unwrap()
    })
    .await;
    probe(&options).await.unwrap();
    let received = server.await.unwrap();
    assert!(received.is_close(), "the close frame is all that was sent: {received:?}");
}

#[tokio::test]
async fn how_far_it_came_is_told() {
    let (options, _server) = serve(|mut peer| async move { send_text(&mut peer, "hello").await }).await;
    assert!(matches!(probe(&options).await, Err(ConnectError::Protocol(_))));

    let (mut options, _server) = serve(|mut peer| async move { while let Some(Ok(_)) = peer.next().await {} }).await;
    options.connect_timeout = Duration::from_millis(300);
    assert!(matches!(probe(&options).await, Err(ConnectError::Timeout(ConnectStage::Open))));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = ConnectOptions::new(format!("http://{}", listener.local_addr().unwrap()).parse().unwrap());
    let page = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    });
    assert!(matches!(probe(&options).await, Err(ConnectError::Http { status: 200, .. })));
    page.await.unwrap();
    assert!(matches!(probe(&options).await, Err(ConnectError::Tcp(_))), "nobody listens any more");
}
