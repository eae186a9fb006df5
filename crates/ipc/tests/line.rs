//! Both sides of the line, over a real socket.
#![allow(clippy::unwrap_used, reason = "tests")]

use ipc::{
    CallError, Client, ConnectError, Endpoint, ErrorBody, ErrorCode, MAX_FRAME_BYTES, Page, Peer, Push, Request,
    Server, ServerFrame, Undoable,
};
use serde_json::value::to_raw_value;

fn endpoint(dir: &tempfile::TempDir) -> Endpoint {
    Endpoint::from_text(dir.path().join("line.sock").to_str().unwrap())
}

#[tokio::test]
async fn calls_answers_failures_and_pushes() {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = endpoint(&dir);
    let mut server = Server::bind(&endpoint).unwrap();
    let resident = tokio::spawn(async move {
        let mut peer = server.accept().await.unwrap();
        peer.greet().await.unwrap();
        assert_eq!(peer.peer(), Peer::Watcher);
        peer.send(&ServerFrame::Push { push: Box::new(Push::Reload) }).await.unwrap();
        while let Some((id, request)) = peer.recv().await.unwrap() {
            let frame = match request {
                Request::MarkAllRead => {
                    let value = Undoable { changed: 2, undo: Some(7) };
                    ServerFrame::Answer { id, value: to_raw_value(&value).unwrap() }
                }
                _ => {
                    let error = ErrorBody { code: ErrorCode::InvalidEmail, message: "no".into() };
                    ServerFrame::Failure { id, error }
                }
            };
            peer.send(&frame).await.unwrap();
        }
    });
    let (client, driver, mut pushes) = Client::connect(&endpoint, Peer::Watcher).await.unwrap();
    let driver = tokio::spawn(driver.run());
    assert_eq!(pushes.recv().await, Some(Push::Reload));
    let answer: Undoable = client.call(Request::MarkAllRead).await.unwrap();
    assert_eq!(answer, Undoable { changed: 2, undo: Some(7) });
    let refused = client.call::<()>(Request::Pause).await.unwrap_err();
    assert!(matches!(refused, CallError::Refused(body) if body.code == ErrorCode::InvalidEmail));
    drop(client);
    driver.await.unwrap().unwrap();
    resident.await.unwrap();
    assert!(!dir.path().join("line.sock").exists(), "the socket file goes with the server");
}

#[tokio::test]
async fn nobody_there_and_another_version_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = endpoint(&dir);
    assert!(matches!(Client::connect(&endpoint, Peer::Caller).await, Err(ConnectError::NotRunning(_))));

    let listener = tokio::net::UnixListener::bind(dir.path().join("line.sock")).unwrap();
    let old = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let hello = br#"{"version":0}"#;
        stream.write_all(&u32::try_from(hello.len()).unwrap().to_be_bytes()).await.unwrap();
        stream.write_all(hello).await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    assert!(matches!(Client::connect(&endpoint, Peer::Caller).await, Err(ConnectError::OtherVersion { theirs: 0 })));
    old.await.unwrap();
}

#[tokio::test]
async fn the_file_is_private_and_a_giant_frame_ends_the_line() {
    use std::os::unix::fs::PermissionsExt;
    use tokio::io::AsyncWriteExt;
    let dir = tempfile::tempdir().unwrap();
    let endpoint = endpoint(&dir);
    let mut server = Server::bind(&endpoint).unwrap();
    let mode = std::fs::metadata(dir.path().join("line.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut raw = tokio::net::UnixStream::connect(dir.path().join("line.sock")).await.unwrap();
    let mut peer = server.accept().await.unwrap();
    raw.write_all(&u32::MAX.to_be_bytes()).await.unwrap();
    assert!(peer.greet().await.is_err());
}

#[test]
fn rows_never_outgrow_a_frame() {
    use domain::outcome::{OutcomeCode, Reason, Ruling};
    let row = |id| domain::view::Notification {
        id,
        channel: "booking:created".into(),
        kind: domain::view::Kind::BookingCreated,
        received_at: jiff::Timestamp::UNIX_EPOCH,
        timestamp: None,
        read: false,
        booking_id: None,
        pnr: None,
        flight_id: None,
        flight_number: None,
        origin: None,
        destination: None,
        status: None,
        amount: None,
        urgency: domain::Urgency::Normal,
        // More than sanitising ever lets through, and all of it has to be escaped.
        title: "\"".repeat(50_000),
        body: String::new(),
        away: None,
        outcome: Ruling::new(OutcomeCode::Popped, Reason::NewBooking).outcome(domain::Language::En),
        repeats: 0,
        thread: None,
    };
    let rows: Vec<_> = (0..200).map(row).collect();
    let page = Page::fitting(rows.clone(), false).unwrap();
    assert!(page.has_more && !page.items.is_empty());
    assert!(serde_json::to_vec(&page).unwrap().len() < MAX_FRAME_BYTES);
    assert_eq!(Push::changed(rows.clone()).unwrap(), Push::Reload);
    assert_eq!(Page::fitting(rows[..3].to_vec(), true).unwrap(), Page { items: rows[..3].to_vec(), has_more: true });
    assert!(matches!(Push::changed(rows[..3].to_vec()).unwrap(), Push::Changed { items } if items.len() == 3));
}
