//! State shared by the request handlers.

use std::sync::Arc;

use crate::auth::ServiceToken;
use crate::auth::password::Passwords;
use crate::auth::token::AccessTokens;
use crate::publish::RefusedEmits;
use crate::socket::ConnectionLimit;
use crate::store::GatewayStore;

/// The state of every handler. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Users, flights, bookings, events.
    pub store: GatewayStore,
    /// Access tokens.
    pub tokens: Arc<AccessTokens>,
    /// Password hashes.
    pub passwords: Passwords,
    /// How long a refresh token lives.
    pub refresh_ttl_secs: i64,
    /// Token of other services; without one there is no ingest route.
    pub service_token: Option<ServiceToken>,
    /// Counts and limits the open sockets.
    pub connections: ConnectionLimit,
    /// Counts emits that a full socket buffer refused.
    pub refused: RefusedEmits,
}
