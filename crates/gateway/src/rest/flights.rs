//! `/api/v1/flights`: search is open to everyone, the status belongs to ADMIN.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, patch};
use serde::Deserialize;

use super::http::{JsonBody, SuccessResponse};
use crate::auth::Caller;
use crate::bookings;
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::flights::{self, FlightRecord};

/// The routes, below `/api/v1/flights`.
pub fn router() -> Router<AppState> {
    Router::new().route("/", get(list)).route("/{id}", get(one)).route("/{id}/status", patch(set_status))
}

#[derive(Deserialize)]
struct StatusChange {
    status: String,
}

async fn list(State(app): State<AppState>) -> Result<SuccessResponse<Vec<FlightRecord>>, ApiError> {
    let flights = app.store.call(|work| flights::all(&work.tx)).await?;
    Ok(SuccessResponse::new(flights, "Flights by departure"))
}

async fn one(State(app): State<AppState>, Path(id): Path<String>) -> Result<SuccessResponse<FlightRecord>, ApiError> {
    let flight = app.store.call(move |work| flights::by_id(&work.tx, &id)).await?;
    Ok(SuccessResponse::new(flight.ok_or(ApiError::NotFound("Flight"))?, "Flight found"))
}

async fn set_status(
    State(app): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    JsonBody(change): JsonBody<StatusChange>,
) -> Result<SuccessResponse<FlightRecord>, ApiError> {
    if !caller.role.may_set_flight_status() {
        return Err(ApiError::Forbidden);
    }
    let flight = app.store.call(move |work| bookings::set_flight_status(work, &id, &change.status)).await?;
    Ok(SuccessResponse::new(flight, "Flight status set"))
}
