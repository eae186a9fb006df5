//! A server that does what a real one would not do on demand: scripted below HTTP, WebSocket, Engine.IO and Socket.IO.
//!
//! One listener speaks all of it: the REST side with a [`ServerScript`] of its own, and the socket by a list of [`ScriptStep`]s
//! that each new connection walks through. It counts what it sees and owns every task.

mod conversation;
mod http;

pub use conversation::{broken_text_frame, masked_frame, torn_frame, unknown_frame};
pub use http::{PORTAL, http_date, response};

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use crate::PATIENCE;

/// One step of a conversation, in the order in which it is listed.
#[derive(Debug, Clone)]
pub enum ScriptStep {
    /// These bytes instead of an upgrade, and the end.
    Answer(String),
    /// Nothing more is said; held until the client goes.
    Silence,
    /// 101.
    Upgrade,
    /// Engine.IO OPEN.
    Open,
    /// Waits for the client's CONNECT.
    AwaitConnect,
    /// Looks at the token; one that is not good meets this.
    Check(TokenRejection),
    /// CONNECT, with a new place for recovery.
    Accept,
    /// CONNECT with the place that the client named: its session is taken up again.
    Resume,
    /// The event `connected`.
    Greet,
    /// A text message as it is.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// Bytes below the WebSocket.
    Bytes(Vec<u8>),
    /// A close frame.
    Close(u16, &'static str),
    /// The end, without a word.
    Fin,
    /// Pings, answers, and obeys orders until the client goes.
    Live,
    /// As [`ScriptStep::Live`], but never pings.
    LiveWithoutPings,
    /// Gives the acknowledgements that were held back, the last one first.
    ReleaseAcks,
}

/// How a token that is not good is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRejection {
    /// CONNECT, and then DISCONNECT of the namespace (W11).
    Kick,
    /// CONNECT_ERROR with data.
    Error,
}

/// How a REST path answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestReply {
    /// With new tokens; the refresh token is a new one each time.
    Ok,
    /// With this status and a JSON refusal.
    Status(u16),
    /// With a page, as a captive portal does.
    Html,
    /// Never.
    Silence,
    /// The connection ends without an answer.
    Fin,
}

/// Which tokens are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPolicy {
    /// All.
    All,
    /// None.
    None,
    /// Only what the refresh path gave out.
    Refreshed,
}

/// How acknowledgements are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AckPolicy {
    /// Once.
    Once,
    /// Never.
    Never,
    /// Twice, the second with other content.
    Twice,
    /// Once, all of them with [`ScriptStep::ReleaseAcks`].
    Held,
}

/// How the server behaves towards connections that come from now on.
#[derive(Debug, Clone)]
pub struct ServerScript {
    /// The socket.
    pub socket: Vec<ScriptStep>,
    /// `POST /api/v1/auth/login`.
    pub login: RestReply,
    /// `POST /api/v1/auth/refresh`.
    pub refresh: RestReply,
    /// What [`ScriptStep::Check`] goes by.
    pub trust: TokenPolicy,
    /// How events that ask for it are acknowledged.
    pub acks: AckPolicy,
    /// Said in OPEN, and kept by [`ScriptStep::Live`].
    pub ping_interval: Duration,
    /// Said in OPEN.
    pub ping_timeout: Duration,
    /// With it, the server speaks TLS.
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

impl Default for ServerScript {
    fn default() -> Self {
        Self {
            socket: healthy(),
            login: RestReply::Ok,
            refresh: RestReply::Ok,
            trust: TokenPolicy::All,
            acks: AckPolicy::Once,
            ping_interval: Duration::from_millis(1_000),
            ping_timeout: Duration::from_millis(1_000),
            tls: None,
        }
    }
}

/// What a server does that has nothing to hide.
pub fn healthy() -> Vec<ScriptStep> {
    use ScriptStep::{Accept, AwaitConnect, Check, Greet, Live, Open, Upgrade};
    vec![Upgrade, Open, AwaitConnect, Check(TokenRejection::Kick), Accept, Greet, Live]
}

/// What was seen so far.
#[derive(Debug, Clone, Default)]
pub struct ServerObservations {
    /// Requests for the socket.
    pub sockets: u64,
    /// CONNECT packets.
    pub connects: u64,
    /// The token of the last one.
    pub last_token: Option<String>,
    /// Logins and refreshes.
    pub logins: u64,
    /// Refreshes.
    pub refreshes: u64,
    /// The refresh token of the last one.
    pub last_refresh: Option<String>,
    /// Pongs.
    pub pongs: u64,
    /// Texts of the client that are no pongs and no CONNECT.
    pub texts: Vec<String>,
    /// Connections in [`ScriptStep::Live`] now.
    pub live: usize,
    /// Connections that came so far, REST included.
    pub connections: u64,
}

pub(crate) struct ServerState {
    script: Mutex<ServerScript>,
    seen: watch::Sender<ServerObservations>,
    injected: broadcast::Sender<ScriptStep>,
    issued: Mutex<u64>,
}

/// A running server.
pub struct ScriptedServer {
    address: SocketAddr,
    state: Arc<ServerState>,
    _serving: AbortOnDropHandle<()>,
}

trait ServerStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> ServerStream for T {}

impl ScriptedServer {
    /// Starts one on a free port.
    pub async fn start(script: ServerScript) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (injected, _) = broadcast::channel(1024);
        let state = Arc::new(ServerState {
            script: Mutex::new(script),
            seen: watch::Sender::new(ServerObservations::default()),
            injected,
            issued: Mutex::new(0),
        });
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(listener, Arc::clone(&state))));
        Self { address, state, _serving: serving }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes how it behaves towards connections that come from now on.
    pub fn set(&self, change: impl FnOnce(&mut ServerScript)) {
        change(&mut self.state.script.lock().unwrap());
    }

    /// Every live connection does this, now.
    pub fn inject(&self, step: ScriptStep) {
        // Without a live connection there is nobody to obey.
        let _ = self.state.injected.send(step);
    }

    /// What was seen so far.
    pub fn seen(&self) -> ServerObservations {
        self.state.seen.borrow().clone()
    }

    /// Waits until it has seen this.
    pub async fn until(&self, what: &str, is_so: impl FnMut(&ServerObservations) -> bool) -> ServerObservations {
        let mut seen = self.state.seen.subscribe();
        let found = tokio::time::timeout(PATIENCE, seen.wait_for(is_so)).await;
        match found {
            Ok(found) => found.unwrap().clone(),
            Err(_) => panic!("the server waited in vain: {what}; it has seen {:?}", self.seen()),
        }
    }
}

impl ServerState {
    fn script(&self) -> ServerScript {
        self.script.lock().unwrap().clone()
    }

    fn note(&self, change: impl FnOnce(&mut ServerObservations)) {
        self.seen.send_modify(change);
    }

    /// New tokens, none like the other.
    fn issue(&self) -> Value {
        let mut issued = self.issued.lock().unwrap();
        *issued += 1;
        json!({
            "accessToken": access_token(3600, &format!("issued-{issued}")),
            "refreshToken": format!("refresh-{issued}"),
            "expiresIn": 3600,
        })
    }
}

/// A token of the usual form that expires in `secs`; `serial` tells it from others. No server here verifies it.
pub fn access_token(secs: i64, serial: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let exp = i64::try_from(now).unwrap() + secs;
    let claims =
        json!({ "sub": "user-1", "email": crate::engine::EMAIL, "role": "CUSTOMER", "jti": serial, "exp": exp });
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(&claims.to_string()), part("unsigned"))
}

fn was_issued(token: &str) -> bool {
    let payload = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).unwrap_or_default();
    String::from_utf8_lossy(&payload).contains("\"issued-")
}

async fn serve(listener: TcpListener, state: Arc<ServerState>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                state.note(|seen| seen.connections += 1);
                connections.spawn(connection(stream, Arc::clone(&state)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, state: Arc<ServerState>) {
    let script = state.script();
    // A socket that refuses the option still works.
    let _ = stream.set_nodelay(true);
    let mut stream: Box<dyn ServerStream> = match &script.tls {
        Some(config) => match tokio_rustls::TlsAcceptor::from(Arc::clone(config)).accept(stream).await {
            Ok(stream) => Box::new(stream),
            // A client that does not trust us.
            Err(_) => return,
        },
        None => Box::new(stream),
    };
    let Some(request) = http::read(&mut stream).await else { return };
    // The client may be gone at any moment; that is no news here.
    let _ = if request.path.starts_with("/socket.io/") {
        state.note(|seen| seen.sockets += 1);
        conversation::run(stream, &request, &script, &state).await
    } else {
        http::answer(stream, &request, &script, &state).await
    };
}
