//! The scripted server, and what a test asks of a session.

use futures_util::{SinkExt, StreamExt};
use socketio::{CloseReason, ConnectOptions, Emitter, Session, SessionEvent};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// What a server says first.
pub const OPEN: &str = r#"0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;

/// The server's side of a connection.
pub type ServerSocket = WebSocketStream<TcpStream>;

/// Runs `script` as the server of one connection.
pub async fn serve<F, T>(script: impl FnOnce(ServerSocket) -> F + Send + 'static) -> (ConnectOptions, JoinHandle<T>)
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

pub async fn send_text(peer: &mut ServerSocket, text: &str) {
    peer.send(Message::text(text)).await.unwrap();
}

pub async fn receive(peer: &mut ServerSocket) -> String {
    loop {
        match peer.next().await {
            Some(Ok(Message::Text(text))) => return text.to_string(),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => panic!("expected text, got {other:?}"),
        }
    }
}

/// The usual greeting, up to an accepted namespace.
pub async fn accept_namespace(peer: &mut ServerSocket) -> String {
    send_text(peer, OPEN).await;
    let connect = receive(peer).await;
    send_text(peer, r#"40{"sid":"n"}"#).await;
    connect
}

pub async fn session<F, T>(script: impl FnOnce(ServerSocket) -> F + Send + 'static) -> (Session, Emitter, JoinHandle<T>)
where
    F: Future<Output = T> + Send,
    T: Send + 'static,
{
    let (options, server) = serve(script).await;
    let (session, emitter) = Session::connect(&options).await.unwrap();
    (session, emitter, server)
}

pub async fn name(session: &mut Session) -> String {
    match session.next().await {
        SessionEvent::Event(event) => event.name,
        SessionEvent::Closed(reason) => panic!("closed: {reason}"),
    }
}

pub async fn end(session: &mut Session) -> CloseReason {
    loop {
        if let SessionEvent::Closed(reason) = session.next().await {
            return reason;
        }
    }
}
