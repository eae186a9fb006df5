//! The session against a scripted raw WebSocket server: what a real one would not do on demand.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use socketio::{AckError, CloseReason, ConnectError, ConnectOptions, Emitter, Incoming, Session, Stage};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

const OPEN: &str = r#"0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;

type Peer = WebSocketStream<TcpStream>;

/// Runs `script` as the server of one connection.
async fn serve<F, T>(script: impl FnOnce(Peer) -> F + Send + 'static) -> (ConnectOptions, JoinHandle<T>)
where
    F: Future<Output = T> + Send,
    T: Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        script(tokio_tungstenite::accept_async(stream).await.unwrap()).await
    });
    (ConnectOptions::new(url.parse().unwrap()), server)
}

async fn say(peer: &mut Peer, text: &str) {
    peer.send(Message::text(text)).await.unwrap();
}

async fn hear(peer: &mut Peer) -> String {
    loop {
        match peer.next().await {
            Some(Ok(Message::Text(text))) => return text.to_string(),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => panic!("expected text, got {other:?}"),
        }
    }
}

/// The usual greeting, up to an accepted namespace.
async fn welcome(peer: &mut Peer) -> String {
    say(peer, OPEN).await;
    let connect = hear(peer).await;
    say(peer, r#"40{"sid":"n"}"#).await;
    connect
}

async fn session<F, T>(script: impl FnOnce(Peer) -> F + Send + 'static) -> (Session, Emitter, JoinHandle<T>)
where
    F: Future<Output = T> + Send,
    T: Send + 'static,
{
    let (options, server) = serve(script).await;
    let (session, emitter) = Session::connect(&options).await.unwrap();
    (session, emitter, server)
}

async fn name(session: &mut Session) -> String {
    match session.next().await {
        Incoming::Event(event) => event.name,
        Incoming::Closed(reason) => panic!("closed: {reason}"),
    }
}

async fn end(session: &mut Session) -> CloseReason {
    loop {
        if let Incoming::Closed(reason) = session.next().await {
            return reason;
        }
    }
}

#[tokio::test]
async fn sends_auth_and_keeps_the_order_of_events() {
    let (mut options, server) = serve(|mut peer| async move {
        let connect = welcome(&mut peer).await;
        for n in 0..1000 {
            say(&mut peer, &format!(r#"42["e{n}",{n}]"#)).await;
        }
        peer.close(None).await.unwrap();
        connect
    })
    .await;
    options.auth = json!({"token": "t"});
    let (mut session, _emitter) = Session::connect(&options).await.unwrap();
    for n in 0..1000 {
        assert_eq!(name(&mut session).await, format!("e{n}"));
    }
    assert!(matches!(end(&mut session).await, CloseReason::TransportClosed { .. }));
    assert_eq!(server.await.unwrap(), r#"40{"token":"t"}"#);
}

#[tokio::test]
async fn early_pings_are_answered_and_early_events_kept() {
    let (mut session, _emitter, server) = session(|mut peer| async move {
        say(&mut peer, OPEN).await;
        say(&mut peer, "2").await;
        say(&mut peer, r#"42["missed","offset"]"#).await;
        let heard = [hear(&mut peer).await, hear(&mut peer).await];
        say(&mut peer, r#"40{"sid":"n","pid":"p"}"#).await;
        say(&mut peer, r#"42["live"]"#).await;
        heard
    })
    .await;
    assert_eq!(name(&mut session).await, "missed");
    assert_eq!(name(&mut session).await, "live");
    assert_eq!(server.await.unwrap(), ["40".to_owned(), "3".to_owned()]);
}

#[tokio::test]
async fn a_refusal_carries_message_and_data() {
    let (options, _server) = serve(|mut peer| async move {
        say(&mut peer, OPEN).await;
        hear(&mut peer).await;
        say(&mut peer, r#"44{"message":"bad token","data":{"code":"EXPIRED"}}"#).await;
        peer.next().await
    })
    .await;
    let error = Session::connect(&options).await.unwrap_err();
    let ConnectError::Refused { message, data } = error else { panic!("{error:?}") };
    assert_eq!((message.as_str(), data), ("bad token", Some(json!({"code": "EXPIRED"}))));
}

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
            welcome(&mut peer).await;
            say(&mut peer, last_word).await;
            while let Some(Ok(_)) = peer.next().await {}
        })
        .await;
        assert_eq!(end(&mut session).await, reason);
        assert_eq!(end(&mut session).await, reason, "the end stays the end");
        assert!(emitter.emit("x", &[]).is_err());
        drop(session);
        server.await.unwrap();
    }
}

#[tokio::test]
async fn a_lost_connection_and_a_giant_message() {
    let (mut lost, _emitter, server) = session(|mut peer| async move {
        welcome(&mut peer).await;
        drop(peer);
    })
    .await;
    assert!(matches!(end(&mut lost).await, CloseReason::TransportError(_)));
    server.await.unwrap();

    let (mut options, _server) = serve(|mut peer| async move {
        welcome(&mut peer).await;
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
        welcome(&mut peer).await;
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
async fn silence_while_connecting_is_bounded_and_named() {
    for (script, stage) in [("", Stage::Open), (OPEN, Stage::Connect)] {
        let (mut options, _server) = serve(move |mut peer| async move {
            if !script.is_empty() {
                say(&mut peer, script).await;
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
async fn acks_have_unique_ids_and_every_caller_gets_its_own() {
    let (mut session, emitter, server) = session(|mut peer| async move {
        welcome(&mut peer).await;
        let mut ids = Vec::new();
        for _ in 0..300 {
            let text = hear(&mut peer).await;
            let id = text.strip_prefix("42").unwrap().split('[').next().unwrap().to_owned();
            ids.push(id);
        }
        for id in ids.iter().rev() {
            say(&mut peer, &format!("43{id}[{id}]")).await;
            say(&mut peer, &format!("43{id}[\"again\"]")).await;
        }
        say(&mut peer, "439999[]").await;
        while let Some(Ok(_)) = peer.next().await {}
        ids
    })
    .await;
    let calls: Vec<_> = (0..300)
        .map(|n| {
            let emitter = emitter.clone();
            tokio::spawn(async move { emitter.emit_with_ack("ask", &[json!(n)], Duration::from_secs(30)).await })
        })
        .collect();
    let driver = tokio::spawn(async move { (end(&mut session).await, session) });
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap().unwrap()[0].get().to_owned());
    }
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), 300);
    let late = emitter.emit_with_ack("ask", &[], Duration::from_millis(20)).await;
    assert_eq!(late.unwrap_err(), AckError::Timeout);
    let waiting = tokio::spawn(async move { emitter.emit_with_ack("ask", &[], Duration::from_secs(30)).await });
    tokio::task::yield_now().await;
    driver.abort();
    assert!(driver.await.is_err());
    assert_eq!(waiting.await.unwrap().unwrap_err(), AckError::Closed);
    let mut ids = server.await.unwrap();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 300);
}

#[tokio::test]
async fn close_says_goodbye_and_drop_frees_the_socket() {
    let (session, _emitter, server) = session(|mut peer| async move {
        welcome(&mut peer).await;
        let goodbye = hear(&mut peer).await;
        (goodbye, matches!(peer.next().await, Some(Ok(Message::Close(_)))))
    })
    .await;
    session.close().await;
    assert_eq!(server.await.unwrap(), ("41".to_owned(), true));

    let (dropped, _emitter, server) = self::session(|mut peer| async move {
        welcome(&mut peer).await;
        while let Some(Ok(_)) = peer.next().await {}
    })
    .await;
    drop(dropped);
    server.await.unwrap();
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
