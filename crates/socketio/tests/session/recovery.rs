//! Connection state recovery, and what a server may say before CONNECT.

use futures_util::StreamExt;
use serde_json::json;
use socketio::Session;

use crate::peer::{OPEN, end, name, receive, send_text, serve, session};

#[tokio::test]
async fn early_pings_are_answered_and_early_events_kept() {
    let (mut session, _emitter, server) = session(|mut peer| async move {
        send_text(&mut peer, OPEN).await;
        send_text(&mut peer, "2").await;
        send_text(&mut peer, r#"42["missed","offset"]"#).await;
        let received = [receive(&mut peer).await, receive(&mut peer).await];
        send_text(&mut peer, r#"40{"sid":"n","pid":"p"}"#).await;
        send_text(&mut peer, r#"42["live"]"#).await;
        received
    })
    .await;
    assert_eq!(name(&mut session).await, "missed");
    assert_eq!(name(&mut session).await, "live");
    assert_eq!(server.await.unwrap(), ["40".to_owned(), "3".to_owned()]);
}

#[tokio::test]
async fn a_session_is_taken_up_where_it_was_left() {
    let (mut first, _emitter, server) = session(|mut peer| async move {
        send_text(&mut peer, OPEN).await;
        let connect = receive(&mut peer).await;
        send_text(&mut peer, r#"40{"sid":"n","pid":"private"}"#).await;
        send_text(&mut peer, r#"42["a",{"x":1},"offset-1"]"#).await;
        // Neither of these carries an offset: an event that wants an answer, and one whose last argument is no text.
        send_text(&mut peer, r#"421["b","no offset"]"#).await;
        send_text(&mut peer, r#"42["c",2]"#).await;
        connect
    })
    .await;
    assert!(!first.recovered());
    for expected in ["a", "b", "c"] {
        assert_eq!(name(&mut first).await, expected);
    }
    end(&mut first).await;
    let place = first.recovery().unwrap().clone();
    assert_eq!(server.await.unwrap(), "40");
    assert!(!format!("{place:?}").contains("private"), "{place:?}");

    let (mut options, server) = serve(|mut peer| async move {
        send_text(&mut peer, OPEN).await;
        let connect = receive(&mut peer).await;
        send_text(&mut peer, r#"42["missed","offset-2"]"#).await;
        send_text(&mut peer, r#"40{"sid":"n","pid":"private"}"#).await;
        connect
    })
    .await;
    options.auth = json!({ "token": "t" });
    options.recover = Some(place.clone());
    let (mut second, _emitter) = Session::connect(&options).await.unwrap();
    assert!(second.recovered());
    assert_eq!(second.recovery(), Some(&place), "what was not given yet is not behind us");
    assert_eq!(name(&mut second).await, "missed");
    assert_ne!(second.recovery(), Some(&place));
    let connect: serde_json::Value = serde_json::from_str(server.await.unwrap().strip_prefix("40").unwrap()).unwrap();
    assert_eq!(connect, json!({ "token": "t", "pid": "private", "offset": "offset-1" }));
}

#[tokio::test]
async fn a_server_that_forgot_the_session_gives_a_new_one() {
    let (first, _emitter, _server) = session(|mut peer| async move {
        send_text(&mut peer, OPEN).await;
        receive(&mut peer).await;
        send_text(&mut peer, r#"40{"sid":"n","pid":"one"}"#).await;
        while let Some(Ok(_)) = peer.next().await {}
    })
    .await;
    let place = first.recovery().unwrap().clone();
    let (mut options, _server) = serve(|mut peer| async move {
        send_text(&mut peer, OPEN).await;
        receive(&mut peer).await;
        send_text(&mut peer, r#"40{"sid":"m","pid":"two"}"#).await;
        while let Some(Ok(_)) = peer.next().await {}
    })
    .await;
    options.recover = Some(place.clone());
    let (second, _emitter) = Session::connect(&options).await.unwrap();
    assert!(!second.recovered());
    assert_ne!(second.recovery(), Some(&place));
}
