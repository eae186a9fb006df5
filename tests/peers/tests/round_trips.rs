//! Packets of our client and Node's `socket.io-parser` decode each other, over a real connection.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use peers::bench::NodeServer;
use serde_json::{Value, json};
use socketio::{Args, ConnectError, ConnectOptions, Emitter, ServerEvent, Session, SessionEvent};

/// The deadline of a wait on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

async fn connect(server: &NodeServer, namespace: &str) -> Result<(Session, Emitter), ConnectError> {
    let mut options = ConnectOptions::new(format!("http://127.0.0.1:{}", server.port).parse().unwrap());
    options.namespace = namespace.to_owned();
    options.auth = json!({ "token": "a \"quoted\" tökén" });
    Session::connect(&options).await
}

async fn event(session: &mut Session) -> ServerEvent {
    match tokio::time::timeout(PATIENCE, session.next()).await.unwrap() {
        SessionEvent::Event(event) => event,
        SessionEvent::Closed(reason) => panic!("closed: {reason}"),
    }
}

fn values(event: &ServerEvent) -> Vec<Value> {
    event.args.iter().map(|arg| serde_json::from_str(arg.get()).unwrap()).collect()
}

/// Arguments of every JSON type, and hard cases for parsers: digits, quotes, placeholders, commas, slashes, none.
fn arguments() -> Vec<Vec<Value>> {
    let mut all = vec![
        vec![],
        vec![Value::Null],
        vec![json!(true), json!(false), json!(0), json!(-1.5), json!(9_007_199_254_740_991_i64)],
        vec![json!("")],
        vec![json!("12-[\"x\"]"), json!("/admin,7[]"), json!("\u{1e}\u{0}\u{7f}\\\"\n\r\t\u{2028}")],
        vec![json!("𝄞 ✈️ ﷽ \u{202e}right to left")],
        vec![json!([]), json!({}), json!([[[[[]]]]]), json!({ "": { "a/b": [null, { "c": "d" }] } })],
        vec![json!({ "_placeholder": "true", "num": "0" })],
        vec![json!({ "totalPrice": 450.25, "currency": "USD", "list": [1, 2, 3] }), json!("offset-like")],
        vec![json!("x".repeat(900_000))],
    ];
    // Pseudo-random shapes, the same in each run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for _ in 0..200 {
        let mut value = json!(next(1_000_000));
        for _ in 0..next(6) {
            let text: String =
                (0..next(12)).filter_map(|_| char::from_u32(u32::try_from(next(0x3000)).ok()?)).collect();
            value = match next(3) {
                0 => json!([value, text]),
                1 => json!({ text: value }),
                _ => json!([{ "n": next(9), "inner": value }]),
            };
        }
        all.push(vec![value]);
    }
    all
}

#[tokio::test]
async fn events_of_the_server_arrive_as_they_were_sent() {
    if support::node::folder().is_none() {
        return;
    }
    let mut server = NodeServer::start(25_000, 20_000).await;
    let (mut session, _emitter) = connect(&server, "/").await.unwrap();
    assert_eq!(event(&mut session).await.name, "connected");
    for (number, args) in arguments().into_iter().enumerate() {
        let name = if number % 2 == 0 { format!("event {number}") } else { format!("\"{number}\", [/…]") };
        let mut packet = vec![json!(name)];
        packet.extend(args.clone());
        server.emit(Value::from(packet)).await;
        let event = event(&mut session).await;
        assert_eq!((event.name.as_str(), values(&event)), (name.as_str(), args));
        assert!(event.attachments.is_empty() && event.ack.is_none());
    }
    session.close().await;
}

#[tokio::test]
async fn binary_attachments_arrive_intact_and_in_order() {
    if support::node::folder().is_none() {
        return;
    }
    let mut server = NodeServer::start(25_000, 20_000).await;
    let (mut session, _emitter) = connect(&server, "/").await.unwrap();
    event(&mut session).await;
    let bytes: [&[u8]; 4] = [b"\x1e\x00\x1e", b"\xff", &[0x1e; 70_000], b"last"];
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let binary = |index: usize| json!({ "binary": hex(bytes[index]) });
    server.emit(json!(["photos", binary(0), { "deep": [1, binary(1)] }, "between", [binary(2)], binary(3)])).await;
    server.emit(json!(["after"])).await;
    let photos = event(&mut session).await;
    let place = |num: u64| json!({ "_placeholder": true, "num": num });
    assert_eq!(
        values(&photos),
        [place(0), json!({ "deep": [1, place(1)] }), json!("between"), json!([place(2)]), place(3)]
    );
    assert_eq!(photos.attachments, bytes.map(<[u8]>::to_vec));
    assert_eq!(event(&mut session).await.name, "after");
    session.close().await;
}

#[tokio::test]
async fn emitted_events_reach_the_server_and_are_acknowledged() {
    if support::node::folder().is_none() {
        return;
    }
    let mut server = NodeServer::start(25_000, 20_000).await;
    let (mut session, emitter) = connect(&server, "/").await.unwrap();
    event(&mut session).await;
    let calls = async {
        for (number, args) in arguments().into_iter().enumerate() {
            // Servers accept 1 MB from a client; the largest argument is close to it.
            let answer = emitter.emit_with_ack("echo", args.as_slice(), PATIENCE).await.unwrap();
            let answer: Vec<Value> = answer.args.iter().map(|arg| serde_json::from_str(arg.get()).unwrap()).collect();
            assert_eq!(answer, args, "call {number}");
        }
        let many = (0..300).map(|n| {
            let emitter = emitter.clone();
            async move { emitter.emit_with_ack("echo", [json!(n)], PATIENCE).await.unwrap().args[0].get().to_owned() }
        });
        let answers = futures_util::future::join_all(many).await;
        assert!(answers.iter().enumerate().all(|(n, answer)| *answer == n.to_string()), "each call its own answer");
        let photo = emitter.emit_with_ack("photo", [], PATIENCE).await.unwrap();
        assert_eq!((photo.args.len(), photo.attachments.len()), (2, 1), "an answer with an attachment is one answer");
    };
    tokio::select! {
        () = calls => {}
        incoming = session.next() => panic!("{incoming:?}"),
    }
    emitter.emit("plain", [json!({ "rooms": ["admin"] }), json!("ü")]).unwrap();
    let log = async { server.wait_for_message("plain").await };
    let log = tokio::select! {
        log = log => log,
        incoming = session.next() => panic!("{incoming:?}"),
    };
    assert_eq!(log["args"], json!([{ "rooms": ["admin"] }, "ü"]));
    assert_eq!(log["auth"], json!({ "token": "a \"quoted\" tökén" }));
    let mut args = Args::from([json!("pass")]);
    let picture = args.attach(vec![0x1e, 0, 255]);
    args.push(json!({ "deep": [picture] }));
    args.push_binary(b"last".to_vec());
    emitter.emit("upload", args).unwrap();
    let log = tokio::select! {
        log = async { server.wait_for_message("upload").await } => log,
        incoming = session.next() => panic!("{incoming:?}"),
    };
    let buffer = |bytes: &[u8]| json!({ "type": "Buffer", "data": bytes });
    assert_eq!(log["args"], json!(["pass", { "deep": [buffer(&[0x1e, 0, 255])] }, buffer(b"last")]));
    session.close().await;
}

#[tokio::test]
async fn acknowledgements_are_sent_on_request() {
    if support::node::folder().is_none() {
        return;
    }
    let mut server = NodeServer::start(25_000, 20_000).await;
    let (mut session, emitter) = connect(&server, "/").await.unwrap();
    event(&mut session).await;
    for args in [vec![], vec![json!({ "a": [1, "é"] })], vec![json!({ "binary": "1e00" })]] {
        let mut question = vec![json!("question")];
        question.extend(args);
        server.command(json!({ "ask": question })).await;
        let event = event(&mut session).await;
        emitter
            .reply(event.ack.unwrap(), [json!({ "got": event.args.len(), "parts": event.attachments.len() })])
            .unwrap();
        let answer = tokio::select! {
            answer = server.line() => answer,
            incoming = session.next() => panic!("{incoming:?}"),
        };
        assert_eq!(answer, json!({ "answer": { "got": event.args.len(), "parts": event.attachments.len() } }));
    }
    session.close().await;
}

#[tokio::test]
async fn namespaces_are_separate_and_refuse_with_data() {
    if support::node::folder().is_none() {
        return;
    }
    let mut server = NodeServer::start(25_000, 20_000).await;
    let (mut main, _) = connect(&server, "/").await.unwrap();
    let (mut admin, emitter) = connect(&server, "/admin").await.unwrap();
    assert_eq!(
        (event(&mut main).await.name.as_str(), event(&mut admin).await.name.as_str()),
        ("connected", "connected")
    );
    server.command(json!({ "adminEmit": ["for admins", { "binary": "1e" }] })).await;
    server.emit(json!(["for all"])).await;
    let for_admins = event(&mut admin).await;
    assert_eq!((for_admins.name.as_str(), for_admins.attachments.len()), ("for admins", 1));
    assert_eq!(event(&mut main).await.name, "for all");
    let answer = tokio::select! {
        answer = emitter.emit_with_ack("echo", [json!("in /admin")], PATIENCE) => answer.unwrap(),
        incoming = admin.next() => panic!("{incoming:?}"),
    };
    assert_eq!(answer.args[0].get(), "\"in /admin\"");
    let Err(ConnectError::Refused { message, data }) = connect(&server, "/closed").await else {
        panic!("it was let in")
    };
    assert_eq!((message.as_str(), data), ("Not for you", Some(json!({ "code": "CLOSED", "rooms": [1, 2] }))));
    let Err(ConnectError::Refused { message, data }) = connect(&server, "/nowhere").await else {
        panic!("it was let in")
    };
    assert_eq!((message.as_str(), data), ("Invalid namespace", None));
    main.close().await;
    admin.close().await;
}
