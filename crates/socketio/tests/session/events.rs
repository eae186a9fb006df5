//! Events out and in: order, arguments, acknowledgements, attachments.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use socketio::{AckError, Args, CloseReason, Session, SessionEvent};
use tokio_tungstenite::tungstenite::Message;

use crate::peer::{accept_namespace, end, name, receive, send_text, serve, session};

#[tokio::test]
async fn sends_auth_and_keeps_the_order_of_events() {
    let (mut options, server) = serve(|mut peer| async move {
        let connect = accept_namespace(&mut peer).await;
        for n in 0..1000 {
            send_text(&mut peer, &format!(r#"42["e{n}",{n}]"#)).await;
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
async fn acks_have_unique_ids_and_every_caller_gets_its_own() {
    let (mut session, emitter, server) = session(|mut peer| async move {
        accept_namespace(&mut peer).await;
        let mut ids = Vec::new();
        for _ in 0..300 {
            let text = receive(&mut peer).await;
            let id = text.strip_prefix("42").unwrap().split('[').next().unwrap().to_owned();
            ids.push(id);
        }
        for id in ids.iter().rev() {
            send_text(&mut peer, &format!("43{id}[{id}]")).await;
            send_text(&mut peer, &format!("43{id}[\"again\"]")).await;
        }
        send_text(&mut peer, "439999[]").await;
        while let Some(Ok(_)) = peer.next().await {}
        ids
    })
    .await;
    let calls: Vec<_> = (0..300)
        .map(|n| {
            let emitter = emitter.clone();
            tokio::spawn(async move { emitter.emit_with_ack("ask", [json!(n)], Duration::from_secs(30)).await })
        })
        .collect();
    let driver = tokio::spawn(async move { (end(&mut session).await, session) });
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap().unwrap().args[0].get().to_owned());
    }
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), 300);
    let late = emitter.emit_with_ack("ask", Args::new(), Duration::from_millis(20)).await;
    assert_eq!(late.unwrap_err(), AckError::Timeout);
    let waiting = tokio::spawn(async move { emitter.emit_with_ack("ask", Args::new(), Duration::from_secs(30)).await });
    tokio::task::yield_now().await;
    driver.abort();
    assert!(driver.await.is_err());
    assert_eq!(waiting.await.unwrap().unwrap_err(), AckError::Closed);
    let mut ids = server.await.unwrap();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 300);
}

async fn event(session: &mut Session) -> socketio::ServerEvent {
    match session.next().await {
        SessionEvent::Event(event) => event,
        SessionEvent::Closed(reason) => panic!("closed: {reason}"),
    }
}

#[tokio::test]
async fn names_that_other_clients_keep_for_themselves_are_names_like_any_other() {
    let names = ["connect", "connect_error", "disconnect", "error", "close", "open", "message", ""];
    let (mut session, _emitter, server) = session(move |mut peer| async move {
        accept_namespace(&mut peer).await;
        for name in names {
            send_text(&mut peer, &format!("42{}", json!([name, 1, "two", null]))).await;
        }
    })
    .await;
    for expected in names {
        let event = event(&mut session).await;
        assert_eq!(event.name, expected);
        assert_eq!(event.args.iter().map(|arg| arg.get()).collect::<Vec<_>>(), ["1", "\"two\"", "null"]);
    }
    server.await.unwrap();
}

#[tokio::test]
async fn attachments_go_both_ways_and_may_hold_anything() {
    let (mut session, emitter, server) = session(|mut peer| async move {
        accept_namespace(&mut peer).await;
        send_text(&mut peer, r#"451-7["pass",{"picture":{"_placeholder":true,"num":0}}]"#).await;
        peer.send(Message::binary(vec![0x1e, 0x00, 0x34])).await.unwrap();
        let mut received = Vec::new();
        while received.len() < 5 {
            match peer.next().await {
                Some(Ok(Message::Text(text))) => received.push(text.to_string()),
                Some(Ok(Message::Binary(data))) => received.push(format!("{data:?}")),
                other => panic!("{other:?}"),
            }
        }
        received
    })
    .await;
    let event = event(&mut session).await;
    assert_eq!((event.name.as_str(), event.attachments[0].as_ref()), ("pass", &[0x1e, 0x00, 0x34][..]));
    let mut answer = Args::from([json!("kept")]);
    answer.push_binary(vec![0x1e]);
    emitter.reply(event.ack.unwrap(), answer).unwrap();
    let mut scan = Args::new();
    let (front, back) = (scan.attach(vec![1]), scan.attach(vec![2]));
    scan.push(json!({ "back": back, "front": front }));
    emitter.emit("scan", scan).unwrap();
    assert!(matches!(end(&mut session).await, CloseReason::TransportError(_)));
    assert_eq!(
        server.await.unwrap(),
        [
            r#"461-7["kept",{"_placeholder":true,"num":0}]"#,
            r#"b"\x1e""#,
            r#"452-["scan",{"back":{"_placeholder":true,"num":1},"front":{"_placeholder":true,"num":0}}]"#,
            r#"b"\x01""#,
            r#"b"\x02""#,
        ]
    );
}

#[tokio::test]
async fn an_acknowledgement_may_carry_bytes() {
    let (mut session, emitter, _server) = session(|mut peer| async move {
        accept_namespace(&mut peer).await;
        assert_eq!(receive(&mut peer).await, r#"420["picture"]"#);
        send_text(&mut peer, r#"461-0[{"_placeholder":true,"num":0},"jpeg"]"#).await;
        peer.send(Message::binary(vec![0xff, 0x1e])).await.unwrap();
        while let Some(Ok(_)) = peer.next().await {}
    })
    .await;
    let driver = tokio::spawn(async move { end(&mut session).await });
    let answer = emitter.emit_with_ack("picture", Args::new(), Duration::from_secs(30)).await.unwrap();
    assert_eq!(answer.args[1].get(), "\"jpeg\"");
    assert_eq!(answer.attachments[0].as_ref(), [0xff, 0x1e]);
    driver.abort();
}
