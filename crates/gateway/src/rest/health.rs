//! `GET /health`: whether the service works, and the two figures that say how well.

use axum::extract::State;
use serde::Serialize;

use super::http::SuccessResponse;
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::GatewayStoreError;

/// The answer's data.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    status: &'static str,
    version: &'static str,
    /// Open sockets.
    connections: usize,
    /// Events that sockets with a full buffer missed, since the start.
    refused_emits: u64,
}

/// Answers once the store has answered.
pub async fn health(State(app): State<AppState>) -> Result<SuccessResponse<Health>, ApiError> {
    app.store.call(|work| work.tx.query_row("SELECT 1", [], |_| Ok(())).map_err(GatewayStoreError::from)).await?;
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        connections: app.connections.taken(),
        refused_emits: app.refused.count(),
    };
    Ok(SuccessResponse::new(health, "The service is up"))
}
