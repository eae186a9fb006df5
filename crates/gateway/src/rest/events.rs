//! `POST /api/v1/events`: another service hands in an event. There only with a service token in the configuration.

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::routing::post;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::http::{JsonBody, SuccessResponse};
use crate::auth::CallingService;
use crate::error::ApiError;
use crate::event_log::Cursor;
use crate::ingest::{self, IngestRequest, Ingested};
use crate::state::AppState;

/// Longest idempotency key, in bytes.
const KEY_MAX_BYTES: usize = 128;

/// The routes, below `/api/v1/events`.
pub fn router() -> Router<AppState> {
    Router::new().route("/", post(append))
}

#[derive(Serialize)]
struct Appended {
    id: Cursor,
}

async fn append(
    State(app): State<AppState>,
    _: CallingService,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(body): JsonBody<Box<RawValue>>,
) -> Result<SuccessResponse<Appended>, ApiError> {
    // As text first: a repeat is the same body when it has the same bytes.
    let body_hash = Sha256::digest(body.get().as_bytes()).into();
    let posted: IngestRequest =
        serde_json::from_str(body.get()).map_err(|error| ApiError::BadRequest(format!("The event: {error}")))?;
    let ingested = app.store.call(move |work| ingest::ingest(work, &key, &body_hash, posted)).await?;
    let appended = |seq| Appended { id: app.store.epoch().at(seq) };
    Ok(match ingested {
        Ingested::New(seq) => SuccessResponse::created(appended(seq), "Event appended"),
        Ingested::Known(seq) => SuccessResponse::new(appended(seq), "Event was appended before"),
    })
}

/// The `Idempotency-Key` header.
struct IdempotencyKey(String);

impl FromRequestParts<AppState> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let key = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
        let usable = (1..=KEY_MAX_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        match usable && values.next().is_none() {
            true => Ok(Self(key.to_owned())),
            false => {
                Err(ApiError::BadRequest("One Idempotency-Key of 1 to 128 visible characters is needed".to_owned()))
            }
        }
    }
}
