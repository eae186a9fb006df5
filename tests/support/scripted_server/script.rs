//! The script of a server: the steps of a connection, and the policies of REST, tokens and acknowledgements.

use std::sync::Arc;
use std::time::Duration;

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
