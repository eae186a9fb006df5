//! `/api/v1/flights`: search is open to everyone, the status belongs to ADMIN.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, patch};
use serde::Deserialize;

use super::{Body, Reply};
use crate::app::App;
use crate::auth::Caller;
use crate::desk;
use crate::error::ApiError;
use crate::store::flights::{self, Flight};

/// The routes, below `/api/v1/flights`.
pub fn router() -> Router<App> {
    Router::new().route("/", get(list)).route("/{id}", get(one)).route("/{id}/status", patch(set_status))
}

#[derive(Deserialize)]
struct StatusChange {
    status: String,
}

async fn list(State(app): State<App>) -> Result<Reply<Vec<Flight>>, ApiError> {
    let flights = app.store.call(|work| flights::all(&work.tx)).await?;
    Ok(Reply::new(flights, "Flights by departure"))
}

async fn one(State(app): State<App>, Path(id): Path<String>) -> Result<Reply<Flight>, ApiError> {
    let flight = app.store.call(move |work| flights::by_id(&work.tx, &id)).await?;
    Ok(Reply::new(flight.ok_or(ApiError::NotFound("Flight"))?, "Flight found"))
}

async fn set_status(
    State(app): State<App>,
    Path(id): Path<String>,
    caller: Caller,
    Body(change): Body<StatusChange>,
) -> Result<Reply<Flight>, ApiError> {
    if !caller.role.may_set_flight_status() {
        return Err(ApiError::Forbidden);
    }
    let flight = app.store.call(move |work| desk::set_flight_status(work, &id, &change.status)).await?;
    Ok(Reply::new(flight, "Flight status set"))
}
