//! Why a connection did not come about, and why a session ended.

use std::fmt;
use std::io;

use serde_json::Value;

/// The steps of a connection attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Looking up the name.
    Dns,
    /// Opening the TCP connection, to the server or to the proxy.
    Tcp,
    /// Waiting for the proxy to open the way.
    Proxy,
    /// Securing it.
    Tls,
    /// Asking for the WebSocket.
    Upgrade,
    /// Waiting for the Engine.IO OPEN packet.
    Open,
    /// Waiting for the answer to CONNECT.
    Connect,
}

impl fmt::Display for Stage {
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
    /// The proxy did not open the way.
    #[error("the proxy {proxy} {trouble}")]
    Proxy {
        /// Its host and port.
        proxy: String,
        /// What it did instead.
        trouble: ProxyTrouble,
    },
    /// The server's certificate is not trusted.
    #[error("the server's certificate is not trusted: {0}")]
    Certificate(rustls::CertificateError),
    /// Any other trouble with TLS.
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
    /// CONNECT_ERROR: a middleware of the server said no.
    #[error("the server refused the connection: {message}")]
    Refused {
        /// The server's message.
        message: String,
        /// The error's `data`, where the server gave any.
        data: Option<Value>,
    },
    /// The deadline passed.
    #[error("no answer in time while {0}")]
    Timeout(Stage),
}

/// What a proxy did instead of opening the way.
#[derive(Debug, thiserror::Error)]
pub enum ProxyTrouble {
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

/// Why a session ended. The last word of every session.
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
