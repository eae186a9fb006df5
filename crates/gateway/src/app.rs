//! What the request handlers share, and the routers that are made of them.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use tower_http::cors::CorsLayer;

use crate::auth::ServiceToken;
use crate::auth::password::Passwords;
use crate::auth::token::Tokens;
use crate::error::ApiError;
use crate::publish::RefusedEmits;
use crate::socket::Seats;
use crate::store::Store;
use crate::{auth, rest};

/// Largest request body.
const BODY_MAX_BYTES: usize = 64 * 1024;

/// The state of every handler. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
pub struct Shared {
    /// Users, flights, bookings, events.
    pub store: Store,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Password hashes.
    pub passwords: Passwords,
    /// How long a refresh token lives.
    pub refresh_ttl_secs: i64,
    /// What other services show; without one there is no ingest.
    pub service_token: Option<ServiceToken>,
    /// Sockets that are open.
    pub seats: Seats,
    /// Emits that never left.
    pub refused: RefusedEmits,
}

impl App {
    /// Wraps the state.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Everything: sign-in, bookings, flights, notifications, health, and the socket endpoint when there is one.
    pub fn booking_router(self, socket: Option<Router<Self>>, cors: CorsLayer) -> Router {
        let rest = Router::new().nest("/api/v1", rest::router(self.service_token.is_some())).merge(sign_in());
        let rest = finish(rest);
        let all = match socket {
            Some(socket) => rest.merge(socket),
            None => rest,
        };
        all.layer(cors).with_state(self)
    }

    /// Sign-in and health alone, for the second listener.
    pub fn auth_router(self, cors: CorsLayer) -> Router {
        finish(sign_in()).layer(cors).with_state(self)
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

fn sign_in() -> Router<App> {
    Router::new().nest("/api/v1/auth", auth::router()).route("/health", get(rest::health))
}

fn finish(router: Router<App>) -> Router<App> {
    router
        .fallback(|| async { ApiError::NotFound("Path") })
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(middleware::from_fn(log))
}

/// One line for each request: the route as it was declared, since the real path may name a PNR.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    let elapsed_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, route, status = response.status().as_u16(), elapsed_ms, "answered");
    response
}
