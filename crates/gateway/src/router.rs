//! Routers of the two listeners.

use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use tower_http::cors::CorsLayer;

use crate::error::ApiError;
use crate::rest::{auth, bookings, events, flights, health, notifications};
use crate::state::AppState;

/// Largest request body.
const BODY_MAX_BYTES: usize = 64 * 1024;

/// The booking service: sign-in, bookings, flights, notifications, health, and the socket endpoint when there is one.
pub fn booking_service(state: AppState, socket: Option<Router<AppState>>, cors: CorsLayer) -> Router {
    let rest = Router::new().nest("/api/v1", resources(state.service_token.is_some())).merge(sign_in());
    let rest = with_defaults(rest);
    let all = match socket {
        Some(socket) => rest.merge(socket),
        None => rest,
    };
    all.layer(cors).with_state(state)
}

/// Sign-in and health alone, for the second listener.
pub fn auth_service(state: AppState, cors: CorsLayer) -> Router {
    with_defaults(sign_in()).layer(cors).with_state(state)
}

/// Bookings, flights and notifications, below `/api/v1`, and the events of other services when `ingest` says so.
fn resources(ingest: bool) -> Router<AppState> {
    let router = Router::new()
        .nest("/bookings", bookings::router())
        .nest("/flights", flights::router())
        .nest("/notifications", notifications::router());
    match ingest {
        true => router.nest("/events", events::router()),
        false => router,
    }
}

fn sign_in() -> Router<AppState> {
    Router::new().nest("/api/v1/auth", auth::router()).route("/health", get(health::health))
}

fn with_defaults(router: Router<AppState>) -> Router<AppState> {
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
