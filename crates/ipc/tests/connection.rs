//! Client and server together, over a real socket or pipe.
#![allow(clippy::unwrap_used, reason = "tests")]

use domain::criteria::RowSelector;
use ipc::{
    CallError, Client, Endpoint, ErrorBody, ErrorCode, IpcConnectError, MAX_FRAME_BYTES, Page, PeerKind, Push, Request,
    Server, ServerFrame, ThreadPage, Undoable,
};
use serde_json::value::to_raw_value;

/// Socket path or pipe name of a test.
fn socket_path(dir: &tempfile::TempDir) -> String {
    if cfg!(windows) {
        format!(r"\\.\pipe\gatecall-{}", dir.path().file_name().unwrap().to_str().unwrap())
    } else {
        dir.path().join("ipc.sock").to_str().unwrap().to_owned()
    }
}

fn endpoint(dir: &tempfile::TempDir) -> Endpoint {
    Endpoint::from_text(&socket_path(dir))
}

/// Raw listener without the protocol; accepts the first connection.
#[cfg(unix)]
fn listen(path: &str) -> impl Future<Output = tokio::net::UnixStream> + use<> {
    let listener = tokio::net::UnixListener::bind(path).unwrap();
    async move { listener.accept().await.unwrap().0 }
}

#[cfg(windows)]
fn listen(path: &str) -> impl Future<Output = tokio::net::windows::named_pipe::NamedPipeServer> + use<> {
    let pipe = tokio::net::windows::named_pipe::ServerOptions::new().create(path).unwrap();
    async move {
        pipe.connect().await.unwrap();
        pipe
    }
}

/// Raw client without the protocol.
#[cfg(unix)]
async fn call(path: &str) -> tokio::net::UnixStream {
    tokio::net::UnixStream::connect(path).await.unwrap()
}

#[cfg(windows)]
async fn call(path: &str) -> tokio::net::windows::named_pipe::NamedPipeClient {
    tokio::net::windows::named_pipe::ClientOptions::new().open(path).unwrap()
}

#[tokio::test]
async fn calls_answers_failures_and_pushes() {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = endpoint(&dir);
    let mut server = Server::bind(&endpoint).unwrap();
    let resident = tokio::spawn(async move {
        let mut peer = server.accept().await.unwrap();
        peer.greet().await.unwrap();
        assert_eq!(peer.peer(), PeerKind::Watcher);
        peer.send(&ServerFrame::Push { push: Box::new(Push::Reload) }).await.unwrap();
        while let Some((id, request)) = peer.recv().await.unwrap() {
            let frame = match request {
                Request::SetRead { read: true, .. } => {
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
    let (client, driver, mut pushes) = Client::connect(&endpoint, PeerKind::Watcher).await.unwrap();
    let driver = tokio::spawn(driver.run());
    assert_eq!(pushes.recv().await, Some(Push::Reload));
    let answer: Undoable =
        client.call(Request::SetRead { selector: RowSelector::everything(), read: true }).await.unwrap();
    assert_eq!(answer, Undoable { changed: 2, undo: Some(7) });
    let refused = client.call::<()>(Request::Pause).await.unwrap_err();
    assert!(matches!(refused, CallError::Refused(body) if body.code == ErrorCode::InvalidEmail));
    drop(client);
    driver.await.unwrap().unwrap();
    resident.await.unwrap();
    assert!(!dir.path().join("ipc.sock").exists(), "the socket file goes with the server");
}

#[tokio::test]
async fn a_missing_resident_and_another_version_are_distinct_errors() {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = endpoint(&dir);
    assert!(matches!(Client::connect(&endpoint, PeerKind::Caller).await, Err(IpcConnectError::NotRunning(_))));

    let calling = listen(&socket_path(&dir));
    let old = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = calling.await;
        let hello = br#"{"version":0}"#;
        stream.write_all(&u32::try_from(hello.len()).unwrap().to_be_bytes()).await.unwrap();
        stream.write_all(hello).await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    assert!(matches!(
        Client::connect(&endpoint, PeerKind::Caller).await,
        Err(IpcConnectError::OtherVersion { theirs: 0 })
    ));
    old.await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_socket_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let _server = Server::bind(&endpoint(&dir)).unwrap();
    let mode = std::fs::metadata(socket_path(&dir)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_client_that_leaves_at_once_blocks_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = endpoint(&dir);
    let mut server = Server::bind(&endpoint).unwrap();
    drop(call(&socket_path(&dir)).await);
    // The first client has left whether or not it was accepted.
    drop(server.accept().await);
    let greeted = async { server.accept().await.unwrap().greet().await };
    let (connected, greeted) = tokio::join!(Client::connect(&endpoint, PeerKind::Caller), greeted);
    assert!(connected.is_ok());
    greeted.unwrap();
}

#[tokio::test]
async fn an_oversized_frame_ends_the_connection() {
    use tokio::io::AsyncWriteExt;
    let dir = tempfile::tempdir().unwrap();
    let endpoint = endpoint(&dir);
    let mut server = Server::bind(&endpoint).unwrap();
    let mut raw = call(&socket_path(&dir)).await;
    let mut peer = server.accept().await.unwrap();
    raw.write_all(&u32::MAX.to_be_bytes()).await.unwrap();
    assert!(peer.greet().await.is_err());
}

#[test]
fn rows_never_outgrow_a_frame() {
    use domain::outcome::{OutcomeCode, Ruling, RulingReason};
    let row = |id| domain::view::Notification {
        id,
        channel: "booking:created".into(),
        kind: domain::event::EventKind::BookingCreated,
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
        // Longer than sanitising allows, and every character has to be escaped.
        title: "\"".repeat(50_000),
        body: String::new(),
        away: None,
        done: false,
        reconstructed: false,
        rooms: domain::rooms::Rooms::default(),
        outcome: domain::text::outcome(
            &Ruling::new(OutcomeCode::Popped, RulingReason::NewBooking),
            domain::Language::En,
        ),
        repeats: 0,
        thread: None,
    };
    let rows: Vec<_> = (0..200).map(row).collect();
    let view = |latest: &domain::view::Notification| domain::view::ThreadView {
        thread: None,
        latest: latest.clone(),
        unread: 1,
        total: 1,
        trail: Vec::new(),
        choice: domain::view::ThreadPreference::default(),
    };
    let threads = ThreadPage::fitting(rows.iter().map(view).collect(), false).unwrap();
    assert!(threads.has_more && !threads.items.is_empty());
    assert!(serde_json::to_vec(&threads).unwrap().len() < MAX_FRAME_BYTES);
    let page = Page::fitting(rows.clone(), false).unwrap();
    assert!(page.has_more && !page.items.is_empty());
    assert!(serde_json::to_vec(&page).unwrap().len() < MAX_FRAME_BYTES);
    assert_eq!(Push::changed(rows.clone()).unwrap(), Push::Reload);
    assert_eq!(Page::fitting(rows[..3].to_vec(), true).unwrap(), Page { items: rows[..3].to_vec(), has_more: true });
    assert!(matches!(Push::changed(rows[..3].to_vec()).unwrap(), Push::Changed { items } if items.len() == 3));
}
