//! The state that all connections of a scripted server share, and the tokens that it issues.

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{broadcast, watch};

use super::script::{ScriptStep, ServerScript};

/// What the server has received so far.
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

/// The shared state of the connections.
pub(super) struct ServerState {
    pub(super) script: Mutex<ServerScript>,
    pub(super) seen: watch::Sender<ServerObservations>,
    pub(super) injected: broadcast::Sender<ScriptStep>,
    pub(super) issued: Mutex<u64>,
}

impl ServerState {
    pub(super) fn script(&self) -> ServerScript {
        self.script.lock().unwrap().clone()
    }

    pub(super) fn note(&self, change: impl FnOnce(&mut ServerObservations)) {
        self.seen.send_modify(change);
    }

    /// Issues new tokens, each of them unique.
    pub(super) fn issue(&self) -> Value {
        let mut issued = self.issued.lock().unwrap();
        *issued += 1;
        json!({
            "accessToken": access_token(3600, &format!("issued-{issued}")),
            "refreshToken": format!("refresh-{issued}"),
            "expiresIn": 3600,
        })
    }
}

/// The transport of a connection: TCP, or TLS on it.
pub(super) trait ScriptedStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> ScriptedStream for T {}

/// An unsigned access token that expires in `secs`; `serial` makes it unique.
pub fn access_token(secs: i64, serial: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let exp = i64::try_from(now).unwrap() + secs;
    let claims =
        json!({ "sub": "user-1", "email": crate::engine::EMAIL, "role": "CUSTOMER", "jti": serial, "exp": exp });
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(&claims.to_string()), part("unsigned"))
}

pub(super) fn was_issued(token: &str) -> bool {
    let payload = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).unwrap_or_default();
    String::from_utf8_lossy(&payload).contains("\"issued-")
}
