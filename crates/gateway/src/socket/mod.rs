//! The Socket.IO endpoint: who may open a socket, the handshake, and its limits.
//!
//! Follows the guide's "WebSocket Connection" and the traps of the wire facts, section 4: the `Origin` is checked
//! here, the handlers are registered in the middleware (a `subscribe` that arrives right after CONNECT finds them),
//! messages are small and send buffers large. What happens on an open socket is in [`session`].

mod connection_limit;
mod session;
mod state;
mod sync;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use serde::Deserialize;
use socketioxide::SocketIo;
use socketioxide::extract::{Extension, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;

use crate::auth::bearer;
use crate::auth::token::{AccessClaims, AccessTokens, TokenError};
use crate::config::GatewayConfig;
use crate::error::ApiError;
use crate::origin::Origins;

pub use connection_limit::ConnectionLimit;
use session::PendingSocket;
pub use state::SocketState;
pub use sync::SyncPoint;

/// Clients speak of rooms and answer pings; more than this is no business of theirs.
const MESSAGE_MAX_BYTES: usize = 64 * 1024;

/// Packets that wait for one socket. The default of 128 loses events in a burst.
const SEND_BUFFER_PACKETS: usize = 4096;

/// As `socket.io` has it.
const PING_INTERVAL: Duration = Duration::from_secs(25);

/// A connection without an accepted CONNECT is closed after this. Short, since socketioxide keeps the session of a
/// refused one, and with it its connection permit, until this timer ends, even when the client has left before.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Builds the endpoint: its routes, and the handle that emits and closes.
///
/// The handlers hold the [`SocketState`] and never the handle: it owns them.
pub fn endpoint<S: Clone + Send + Sync + 'static>(
    config: &GatewayConfig,
    state: SocketState,
    connections: ConnectionLimit,
) -> (Router<S>, SocketIo) {
    let (service, io) = SocketIo::builder()
        .ping_interval(PING_INTERVAL)
        .ping_timeout(config.ping_timeout)
        .connect_timeout(CONNECT_TIMEOUT)
        .max_buffer_size(SEND_BUFFER_PACKETS)
        .max_payload(MESSAGE_MAX_BYTES as u64)
        .ws_max_message_size(MESSAGE_MAX_BYTES)
        .ws_max_frame_size(MESSAGE_MAX_BYTES)
        .build_svc();
    let state = Arc::new(state);
    let accept_state = Arc::clone(&state);
    // Handlers do their work before they return a future, since the futures are spawned and may overtake each other.
    let accept_socket = move |socket: SocketRef, Extension(pending): Extension<PendingSocket>| {
        session::accept_socket(&accept_state, socket, pending);
        std::future::ready(())
    };
    let authenticate = move |socket: SocketRef, TryData(auth): TryData<ConnectAuth>| {
        let verified = verify(&state.tokens, auth.ok(), &socket);
        if let Ok(claims) = &verified {
            session::prepare(&socket, claims.clone());
        }
        std::future::ready(verified.map(|_| ()).map_err(RejectedConnect))
    };
    io.ns("/", accept_socket.with(authenticate));

    let upgrade_guard = Arc::new(UpgradeGuard { origins: config.cors_origin.clone(), connections });
    let routes = Router::new()
        .route_service("/socket.io", service.clone())
        .route_service("/socket.io/", service)
        .layer(middleware::from_fn_with_state(upgrade_guard, check_upgrade));
    (routes, io)
}

/// The payload of CONNECT.
#[derive(Deserialize)]
struct ConnectAuth {
    token: Option<String>,
}

/// The text of CONNECT_ERROR. The library takes a message and no `data`.
struct RejectedConnect(TokenError);

impl fmt::Display for RejectedConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unauthorized: {}", self.0)
    }
}

/// The token of the handshake, or else of the upgrade's `Authorization` header.
fn verify(tokens: &AccessTokens, auth: Option<ConnectAuth>, socket: &SocketRef) -> Result<AccessClaims, TokenError> {
    let token = auth.and_then(|auth| auth.token);
    let token = token.as_deref().or_else(|| bearer(&socket.req_parts().headers)).ok_or(TokenError::Missing)?;
    let verified = tokens.verify(token);
    if let Err(reason) = &verified {
        tracing::info!(sid = %socket.id, %reason, "a socket was refused");
    }
    verified
}

/// Origins and connections that an upgrade is checked against.
struct UpgradeGuard {
    origins: Origins,
    connections: ConnectionLimit,
}

/// Lets a request through to Engine.IO, or not: pages from elsewhere, and sessions beyond the limit.
async fn check_upgrade(
    State(upgrade_guard): State<Arc<UpgradeGuard>>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if !upgrade_guard.origins.allows(request.headers().get(header::ORIGIN)) {
        tracing::info!("a page from another origin was refused");
        return Err(ApiError::OriginRefused);
    }
    if opens_session(request.uri()) {
        let Some(permit) = upgrade_guard.connections.take() else {
            tracing::warn!("every connection is taken");
            return Err(ApiError::TooManyConnections);
        };
        request.extensions_mut().insert(permit);
    }
    Ok(next.run(request).await)
}

/// Requests of a session carry its `sid`; the first one has none.
fn opens_session(uri: &Uri) -> bool {
    !uri.query().unwrap_or_default().split('&').any(|pair| pair.starts_with("sid="))
}
