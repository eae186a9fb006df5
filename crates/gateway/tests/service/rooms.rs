//! `subscribe` and `unsubscribe`: rights, answers, and payloads that make no sense.

use serde_json::{Value, json};

use crate::support::{TestGateway, TestSocket};

#[tokio::test]
async fn a_customer_joins_their_own_room_alone() {
    let service = TestGateway::demo().await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let mut peer = service.socket(&user).await;
    let own = format!("user:{}", user.id);
    let others = format!("user:{}", admin.id);
    let answer = peer.subscribe(&["admin", &own, &others, "analytics", "notifications"]).await;
    assert_eq!(answer, json!({ "rooms": [own], "refused": ["admin", others, "analytics", "notifications"] }));
    service.book(&admin).await;
    peer.expect_silence().await;
}

#[tokio::test]
async fn an_admin_joins_staff_rooms_but_nobody_s_own() {
    let service = TestGateway::demo().await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let mut peer = service.socket(&admin).await;
    let others = format!("user:{}", user.id);
    let answer = peer.subscribe(&["admin", "analytics", &others]).await;
    assert_eq!(answer, json!({ "rooms": ["admin", "analytics"], "refused": [others] }));
    peer.emitter.emit("unsubscribe", [json!({ "rooms": ["admin", "analytics", "never-joined"] })]).unwrap();
    assert_eq!(peer.expect("unsubscribed").await, json!({ "rooms": ["admin", "analytics"] }));
    service.book(&user).await;
    peer.expect_silence().await;
}

#[tokio::test]
async fn the_answer_comes_as_an_event_and_as_an_acknowledgement() {
    let service = TestGateway::demo().await;
    let mut peer = service.socket(&service.admin().await).await;
    let expected = json!({ "rooms": ["admin"], "refused": [] });
    let (ack, event) = peer.ask("subscribe", &[json!({ "rooms": ["admin"] })]).await;
    assert_eq!((ack, event), (expected.clone(), ("subscribed".to_owned(), expected)));
    let expected = json!({ "rooms": ["admin"] });
    let (ack, event) = peer.ask("unsubscribe", &[json!({ "rooms": ["admin"] })]).await;
    assert_eq!((ack, event), (expected.clone(), ("unsubscribed".to_owned(), expected)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscribe_right_after_connect_is_never_lost() {
    let service = TestGateway::demo().await;
    let admin = service.admin().await;
    let options = service.options(&admin.token);
    for round in 0..200 {
        let mut peer = TestSocket::connect(&options).await.unwrap();
        // Before `connected` has been read.
        peer.emitter.emit("subscribe", [json!({ "rooms": ["admin"] })]).unwrap();
        peer.expect("connected").await;
        assert_eq!(peer.expect("subscribed").await["rooms"], json!(["admin"]), "{round}");
    }
}

#[tokio::test]
async fn requests_are_answered_in_order() {
    let service = TestGateway::demo().await;
    let mut peer = service.socket(&service.admin().await).await;
    let room = json!({ "rooms": ["admin"] });
    for _ in 0..100 {
        peer.emitter.emit("subscribe", std::slice::from_ref(&room)).unwrap();
        peer.emitter.emit("unsubscribe", std::slice::from_ref(&room)).unwrap();
    }
    for _ in 0..100 {
        assert_eq!(peer.expect("subscribed").await["rooms"], json!(["admin"]));
        assert_eq!(peer.expect("unsubscribed").await["rooms"], json!(["admin"]));
    }
}

#[tokio::test]
async fn a_malformed_payload_is_answered_and_the_socket_lives() {
    let service = TestGateway::demo().await;
    let mut peer = service.socket(&service.admin().await).await;
    let many: Vec<String> = (0..51).map(|number| format!("room-{number}")).collect();
    let odd: [&[Value]; 9] = [
        &[],
        &[json!(null)],
        &[json!("admin")],
        &[json!(["admin"])],
        &[json!({ "room": "admin" })],
        &[json!({ "rooms": "admin" })],
        &[json!({ "rooms": [7] })],
        &[json!({ "rooms": ["x".repeat(101)] })],
        &[json!({ "rooms": many })],
    ];
    for args in odd {
        for event in ["subscribe", "unsubscribe"] {
            peer.emitter.emit(event, args).unwrap();
            let error = peer.expect("error").await;
            assert_eq!(error["code"], "BAD_REQUEST", "{args:?}");
            assert!(!error["message"].as_str().unwrap().is_empty());
        }
    }
    let (ack, event) = peer.ask("subscribe", &[json!({})]).await;
    assert_eq!((&ack["error"]["code"], event.0.as_str()), (&json!("BAD_REQUEST"), "error"));
    peer.emitter.emit("no-such-event", [json!({})]).unwrap();
    assert_eq!(peer.subscribe(&["admin"]).await["rooms"], json!(["admin"]));
}

#[tokio::test]
async fn a_socket_is_in_a_bounded_number_of_rooms() {
    let service = TestGateway::demo().await;
    let mut peer = service.socket(&service.admin().await).await;
    let mut joined = 1;
    for batch in 0..5 {
        let rooms: Vec<String> = (0..50).map(|number| format!("room-{batch}-{number}")).collect();
        let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
        let answer = peer.subscribe(&rooms).await;
        joined += answer["rooms"].as_array().unwrap().len();
    }
    assert_eq!(joined, 200);
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_that_socket_alone() {
    let service = TestGateway::demo().await;
    let admin = service.admin().await;
    let mut other = service.socket(&admin).await;
    let mut peer = service.socket(&admin).await;
    peer.emitter.emit("subscribe", [json!({ "rooms": ["x".repeat(70_000)] })]).unwrap();
    peer.closed().await;
    other.expect_silence().await;
}
