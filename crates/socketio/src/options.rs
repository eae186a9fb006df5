//! How to connect.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;
use url::Url;

use crate::proxy::Proxy;
use crate::recovery::Recovery;

/// Everything that a connection attempt needs. Cheap to clone but for `auth`.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// `http`, `https`, `ws` or `wss`, with an optional path prefix below which [`ConnectOptions::path`] lies.
    pub url: Url,
    /// The Engine.IO path; `/socket.io/` unless the server was told otherwise.
    pub path: String,
    /// The namespace; `/` is the main one.
    pub namespace: String,
    /// The payload of the CONNECT packet; null sends none.
    pub auth: Value,
    /// Extra headers for the upgrade request.
    pub headers: HeaderMap,
    /// From the name look-up to the CONNECT answer. Default 10 s.
    pub connect_timeout: Duration,
    /// Largest WebSocket message taken, in bytes; a larger one ends the session. Default 4 MiB: servers limit
    /// what clients send (1 MB in `socket.io`), not what they send themselves.
    pub max_message_bytes: usize,
    /// Trust for `https` and `wss`; `None` uses [`crate::tls::platform_config`].
    pub tls: Option<Arc<rustls::ClientConfig>>,
    /// Which way the connection goes. Default: the environment's, see [`Proxy::from_env`].
    pub proxy: Proxy,
    /// The session to take up, where the server can do that.
    pub recover: Option<Recovery>,
}

impl ConnectOptions {
    /// The defaults, towards `url`.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            path: "/socket.io/".to_owned(),
            namespace: "/".to_owned(),
            auth: Value::Null,
            headers: HeaderMap::new(),
            connect_timeout: Duration::from_secs(10),
            max_message_bytes: 4 << 20,
            tls: None,
            proxy: Proxy::from_env(),
            recover: None,
        }
    }

    pub(crate) fn is_tls(&self) -> bool {
        matches!(self.url.scheme(), "https" | "wss")
    }

    /// The upgrade request's address.
    pub(crate) fn endpoint(&self) -> String {
        let scheme = if self.is_tls() { "wss" } else { "ws" };
        let host = &self.url[url::Position::BeforeHost..url::Position::AfterPort];
        let prefix = self.url.path().trim_end_matches('/');
        format!("{scheme}://{host}{prefix}{}?EIO=4&transport=websocket", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_keeps_port_and_prefix() {
        let cases = [
            ("http://localhost:3004", "ws://localhost:3004/socket.io/?EIO=4&transport=websocket"),
            ("https://fly.example/booking/", "wss://fly.example/booking/socket.io/?EIO=4&transport=websocket"),
            ("ws://[::1]:9", "ws://[::1]:9/socket.io/?EIO=4&transport=websocket"),
        ];
        for (url, endpoint) in cases {
            assert_eq!(ConnectOptions::new(url.parse().expect(url)).endpoint(), endpoint);
        }
    }
}
