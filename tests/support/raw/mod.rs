//! A server that does what a real one would not do on demand: scripted below HTTP, WebSocket, Engine.IO and Socket.IO.
//!
//! One listener speaks all of it: the REST side with a [`Manner`] of its own, and the socket by a list of [`Step`]s
//! that each new connection walks through. It counts what it sees and owns every task.

mod http;
mod talk;

pub use http::{PORTAL, http_date, response};
pub use talk::{broken_text_frame, masked_frame, torn_frame, unknown_frame};

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
pub enum Step {
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
    Check(Refusal),
    /// CONNECT, with a new place for recovery.
    Accept,
    /// CONNECT with the place that the client named: its session is taken up again.
    TakeUp,
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
    /// As [`Step::Live`], but never pings.
    LiveWithoutPings,
    /// Gives the acknowledgements that were held back, the last one first.
    ReleaseAcks,
}

/// How a token that is not good is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// CONNECT, and then DISCONNECT of the namespace (W11).
    Kick,
    /// CONNECT_ERROR with data.
    Error,
}

/// How a REST path answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
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
pub enum Trust {
    /// All.
    All,
    /// None.
    None,
    /// Only what the refresh path gave out.
    Refreshed,
}

/// How acknowledgements are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acks {
    /// Once.
    Once,
    /// Never.
    Never,
    /// Twice, the second with other content.
    Twice,
    /// Once, all of them with [`Step::ReleaseAcks`].
    Held,
}

/// How the server behaves towards connections that come from now on.
#[derive(Debug, Clone)]
pub struct Manner {
    /// The socket.
    pub socket: Vec<Step>,
    /// `POST /api/v1/auth/login`.
    pub login: Rest,
    /// `POST /api/v1/auth/refresh`.
    pub refresh: Rest,
    /// What [`Step::Check`] goes by.
    pub trust: Trust,
    /// How events that ask for it are acknowledged.
    pub acks: Acks,
    /// Said in OPEN, and kept by [`Step::Live`].
    pub ping_interval: Duration,
    /// Said in OPEN.
    pub ping_timeout: Duration,
    /// With it, the server speaks TLS.
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            socket: healthy(),
            login: Rest::Ok,
            refresh: Rest::Ok,
            trust: Trust::All,
            acks: Acks::Once,
            ping_interval: Duration::from_millis(1_000),
            ping_timeout: Duration::from_millis(1_000),
            tls: None,
        }
    }
}

/// What a server does that has nothing to hide.
pub fn healthy() -> Vec<Step> {
    use Step::{Accept, AwaitConnect, Check, Greet, Live, Open, Upgrade};
    vec![Upgrade, Open, AwaitConnect, Check(Refusal::Kick), Accept, Greet, Live]
}

/// What was seen so far.
#[derive(Debug, Clone, Default)]
pub struct Seen {
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
    /// Connections in [`Step::Live`] now.
    pub live: usize,
    /// Connections that came so far, REST included.
    pub connections: u64,
}

pub(crate) struct Shared {
    manner: Mutex<Manner>,
    seen: watch::Sender<Seen>,
    orders: broadcast::Sender<Step>,
    issued: Mutex<u64>,
}

/// A running server.
pub struct Raw {
    address: SocketAddr,
    shared: Arc<Shared>,
    _serving: AbortOnDropHandle<()>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Raw {
    /// Starts one on a free port.
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (orders, _) = broadcast::channel(1024);
        let shared = Arc::new(Shared {
            manner: Mutex::new(manner),
            seen: watch::Sender::new(Seen::default()),
            orders,
            issued: Mutex::new(0),
        });
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(listener, Arc::clone(&shared))));
        Self { address, shared, _serving: serving }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes how it behaves towards connections that come from now on.
    pub fn set(&self, change: impl FnOnce(&mut Manner)) {
        change(&mut self.shared.manner.lock().unwrap());
    }

    /// Every live connection does this, now.
    pub fn order(&self, step: Step) {
        // Without a live connection there is nobody to obey.
        let _ = self.shared.orders.send(step);
    }

    /// What was seen so far.
    pub fn seen(&self) -> Seen {
        self.shared.seen.borrow().clone()
    }

    /// Waits until it has seen this.
    pub async fn until(&self, what: &str, is_so: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.shared.seen.subscribe();
        let found = tokio::time::timeout(PATIENCE, seen.wait_for(is_so)).await;
        match found {
            Ok(found) => found.unwrap().clone(),
            Err(_) => panic!("the server waited in vain: {what}; it has seen {:?}", self.seen()),
        }
    }
}

impl Shared {
    fn manner(&self) -> Manner {
        self.manner.lock().unwrap().clone()
    }

    fn note(&self, change: impl FnOnce(&mut Seen)) {
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

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                shared.note(|seen| seen.connections += 1);
                connections.spawn(connection(stream, Arc::clone(&shared)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let manner = shared.manner();
    // A socket that refuses the option still works.
    let _ = stream.set_nodelay(true);
    let mut stream: Box<dyn Stream> = match &manner.tls {
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
        shared.note(|seen| seen.sockets += 1);
        talk::run(stream, &request, &manner, &shared).await
    } else {
        http::answer(stream, &request, &manner, &shared).await
    };
}
