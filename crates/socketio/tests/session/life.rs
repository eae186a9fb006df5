//! From the greeting to the end.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use socketio::{Args, CloseReason, Session};
use tokio_tungstenite::tungstenite::Message;

use crate::peer::{accept_namespace, end, receive, send_text, serve, session};

#[tokio::test]
async fn every_end_has_its_reason() {
    let cases: [(&str, CloseReason); 4] = [
        ("41", CloseReason::ServerDisconnect),
        ("1", CloseReason::EngineClose),
        ("4x", CloseReason::Protocol("invalid packet type".into())),
        ("42{}", CloseReason::Protocol("a payload that is no JSON array".into())),
    ];
    for (last_word, reason) in cases {
        let (mut session, emitter, server) = session(move |mut peer| async move {
            accept_namespace(&mut peer).await;
            send_text(&mut peer, last_word).await;
            while let Some(Ok(_)) = peer.next().await {}
        })
        .await;
        assert_eq!(end(&mut session).await, reason);
        assert_eq!(end(&mut session).await, reason, "the end stays the end");
        assert!(emitter.emit("x", Args::new()).is_err());
        drop(session);
        server.await.unwrap();
    }
}

#[tokio::test]
async fn a_lost_connection_and_a_giant_message() {
    let (mut lost, _emitter, server) = session(|mut peer| async move {
        accept_namespace(&mut peer).await;
        drop(peer);
    })
    .await;
    assert!(matches!(end(&mut lost).await, CloseReason::TransportError(_)));
    server.await.unwrap();

    let (mut options, _server) = serve(|mut peer| async move {
        accept_namespace(&mut peer).await;
        let _ = peer.send(Message::text(format!(r#"42["{}"]"#, "x".repeat(5000)))).await;
        while let Some(Ok(_)) = peer.next().await {}
    })
    .await;
    options.max_message_bytes = 4096;
    let (mut session, _emitter) = Session::connect(&options).await.unwrap();
    assert!(matches!(end(&mut session).await, CloseReason::TooLarge { size } if size > 5000));
}

#[tokio::test]
async fn silence_ends_the_session_exactly_when_promised() {
    let (mut session, _emitter, server) = session(|mut peer| async move {
        accept_namespace(&mut peer).await;
        while let Some(Ok(_)) = peer.next().await {}
    })
    .await;
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    assert_eq!(end(&mut session).await, CloseReason::PingTimeout);
    let waited = start.elapsed();
    assert!(waited >= Duration::from_secs(44) && waited <= Duration::from_secs(46), "{waited:?}");
    tokio::time::resume();
    drop(session);
    server.await.unwrap();
}

#[tokio::test]
async fn close_says_goodbye_and_drop_frees_the_socket() {
    let (session, _emitter, server) = session(|mut peer| async move {
        accept_namespace(&mut peer).await;
        let goodbye = receive(&mut peer).await;
        (goodbye, matches!(peer.next().await, Some(Ok(Message::Close(_)))))
    })
    .await;
    session.close().await;
    assert_eq!(server.await.unwrap(), ("41".to_owned(), true));

    let (dropped, _emitter, server) = self::session(|mut peer| async move {
        accept_namespace(&mut peer).await;
        while let Some(Ok(_)) = peer.next().await {}
    })
    .await;
    drop(dropped);
    server.await.unwrap();
}
