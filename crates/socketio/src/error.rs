//! Errors of a connection attempt, and reasons for the end of a session.

use std::fmt;
use std::io;

use serde_json::Value;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error as WsError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// The steps of a connection attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectStage {
    /// Looking up the name.
    Dns,
    /// Opening the TCP connection, to the server or to the proxy.
    Tcp,
    /// Waiting for the proxy to open the tunnel.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// The WebSocket upgrade.
    Upgrade,
    /// Waiting for the Engine.IO OPEN packet.
    Open,
    /// Waiting for the answer to CONNECT.
    Connect,
}

impl fmt::Display for ConnectStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "looking up the name",
            Self::Tcp => "opening the connection",
            Self::Proxy => "waiting for the proxy",
            Self::Tls => "securing the connection",
            Self::Upgrade => "asking for the WebSocket",
            Self::Open => "waiting for the server's greeting",
            Self::Connect => "waiting for the namespace",
        })
    }
}

/// Why [`crate::Session::connect`] failed.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address has no host, or the namespace, path or headers cannot be sent.
    #[error("the address cannot be connected to: {0}")]
    Address(String),
    /// The name does not resolve.
    #[error("the server's name cannot be resolved")]
    Dns(#[source] io::Error),
    /// No address of the server accepted a connection.
    #[error("the server cannot be reached")]
    Tcp(#[source] io::Error),
    /// The proxy did not open the tunnel.
    #[error("the proxy {proxy} {failure}")]
    Proxy {
        /// Its host and port.
        proxy: String,
        /// Why it opened no tunnel.
        failure: ProxyFailure,
    },
    /// The server's certificate is not trusted.
    #[error("the server's certificate is not trusted: {0}")]
    Certificate(rustls::CertificateError),
    /// Any other TLS failure.
    #[error("the connection cannot be secured")]
    Tls(#[source] io::Error),
    /// The server answered the upgrade with something other than 101.
    #[error("the server answered with HTTP status {status}")]
    Http {
        /// Status code.
        status: u16,
        /// The `Retry-After` header, as it came.
        retry_after: Option<String>,
        /// The `Date` header, as it came.
        date: Option<String>,
        /// The `Location` header, as it came.
        location: Option<String>,
    },
    /// The other side does not speak WebSocket, Engine.IO 4 or Socket.IO 5.
    #[error("the server does not speak Socket.IO: {0}")]
    Protocol(String),
    /// The server closed the connection before it accepted the namespace.
    #[error("the server closed the connection: {0}")]
    Closed(CloseReason),
    /// CONNECT_ERROR: a middleware of the server rejected the connection.
    #[error("the server refused the connection: {message}")]
    Refused {
        /// The server's message.
        message: String,
        /// The error's `data`, where the server gave any.
        data: Option<Value>,
    },
    /// [`crate::ConnectOptions::connect_timeout`] passed at this step.
    #[error("no answer in time while {0}")]
    Timeout(ConnectStage),
}

/// Why a proxy did not open the tunnel.
#[derive(Debug, thiserror::Error)]
pub enum ProxyFailure {
    /// Its name does not resolve, or nothing answers there.
    #[error("cannot be reached")]
    Unreachable(#[source] io::Error),
    /// It wants credentials, or others than it got (HTTP 407).
    #[error("asks for a sign-in")]
    Authentication,
    /// It answered with another status.
    #[error("answered with HTTP status {0}")]
    Refused(u16),
    /// It closed the connection, or does not speak HTTP.
    #[error("does not answer as a proxy")]
    Protocol,
    /// It is of a kind that is not supported: only `http` and `https` are.
    #[error("is of a kind that is not supported")]
    Unsupported,
}

/// Why a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseReason {
    /// We closed it.
    Local,
    /// The server removed us from the namespace (a kick).
    ServerDisconnect,
    /// The server closed the Engine.IO session.
    EngineClose,
    /// The server closed the WebSocket, with this code.
    TransportClosed {
        /// The close frame's code; `None` when the frame or the code was missing.
        code: Option<u16>,
        /// The close frame's text.
        reason: String,
    },
    /// The connection broke.
    TransportError(String),
    /// No ping within `pingInterval + pingTimeout`.
    PingTimeout,
    /// A message larger than [`crate::ConnectOptions::max_message_bytes`].
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// Something that the protocol does not allow.
    Protocol(String),
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("closed by us"),
            Self::ServerDisconnect => f.write_str("disconnected by the server"),
            Self::EngineClose => f.write_str("closed by the server"),
            Self::TransportClosed { code: Some(code), .. } => write!(f, "WebSocket closed with code {code}"),
            Self::TransportClosed { code: None, .. } => f.write_str("WebSocket closed"),
            Self::TransportError(error) => write!(f, "connection lost: {error}"),
            Self::PingTimeout => f.write_str("the server fell silent"),
            Self::TooLarge { size } => write!(f, "a message of {size} bytes is over the limit"),
            Self::Protocol(what) => write!(f, "protocol violation: {what}"),
        }
    }
}

impl CloseReason {
    /// The reason for a close frame; `None` when the WebSocket ended without one.
    pub(crate) fn from_frame(frame: Option<CloseFrame>) -> Self {
        let reason = frame.as_ref().map(|frame| frame.reason.to_string()).unwrap_or_default();
        Self::TransportClosed { code: frame.map(|frame| frame.code.into()), reason }
    }
}

impl From<WsError> for CloseReason {
    fn from(error: WsError) -> Self {
        match error {
            WsError::ConnectionClosed | WsError::AlreadyClosed => Self::from_frame(None),
            WsError::Capacity(CapacityError::MessageTooLong { size, .. }) => Self::TooLarge { size },
            WsError::Io(error) => Self::TransportError(error.to_string()),
            WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
                Self::TransportError("the connection ended without a close frame".to_owned())
            }
            WsError::Utf8(_) => Self::Protocol("text that is not UTF-8".to_owned()),
            other => Self::Protocol(other.to_string()),
        }
    }
}
