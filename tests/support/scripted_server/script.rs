//! The script of a server: the steps of a connection, and the policies of REST, tokens and acknowledgements.

use std::sync::Arc;
use std::time::Duration;

/// One step of a conversation, in the order in which it is listed.
#[derive(Debug, Clone)]
pub enum ScriptStep {
    /// This text instead of an upgrade, and the end.
    Answer(String),
    /// Silence until the client disconnects.
    Silence,
    /// 101.
    Upgrade,
    /// Engine.IO OPEN.
    Open,
    /// Waits for the client's CONNECT.
    AwaitConnect,
    /// Checks the token by the policy; a bad one is rejected like this.
    Check(TokenRejection),
    /// CONNECT, with a new session id for recovery.
    Accept,
    /// CONNECT with the session id that the client sent: its session is resumed.
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
    /// The end of the stream without a close frame.
    Fin,
    /// Pings, acknowledges, and runs injected steps until the client disconnects.
    Live,
    /// As [`ScriptStep::Live`], but never pings.
    LiveWithoutPings,
    /// Sends the acknowledgements that were held back, the last one first.
    ReleaseAcks,
}

/// How a bad token is rejected.
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

/// Which tokens are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPolicy {
    /// All.
    All,
    /// None.
    None,
    /// Only what the refresh path gave out.
    Refreshed,
}

/// How acknowledgements are sent.
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

/// The behaviour towards new connections.
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

/// The steps of a server without faults.
pub fn healthy() -> Vec<ScriptStep> {
    use ScriptStep::{Accept, AwaitConnect, Check, Greet, Live, Open, Upgrade};
    vec![Upgrade, Open, AwaitConnect, Check(TokenRejection::Kick), Accept, Greet, Live]
}
