//! `/api/v1/auth`: login, refresh, me, logout.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use domain::Secret;
use serde::{Deserialize, Serialize};

use super::http::{JsonBody, SuccessResponse};
use crate::auth::Caller;
use crate::auth::password::PASSWORD_MAX_BYTES;
use crate::auth::refresh::{self, RefreshOutcome};
use crate::auth::token::TokenError;
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::users::{self, UserRecord};
use crate::time::UnixMillis;

/// The routes, below `/api/v1/auth`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/login", post(login))
        .route("/refresh", post(refresh_tokens))
        .route("/me", get(me))
        .route("/logout", post(logout))
}

#[derive(Deserialize)]
struct LoginRequest {
    email: String,
    password: Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefreshRequest {
    refresh_token: Secret,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenPair {
    access_token: String,
    refresh_token: Secret,
    expires_in: i64,
    user: UserRecord,
}

async fn login(
    State(app): State<AppState>,
    JsonBody(login): JsonBody<LoginRequest>,
) -> Result<SuccessResponse<TokenPair>, ApiError> {
    if login.password.expose().len() > PASSWORD_MAX_BYTES {
        return Err(ApiError::InvalidCredentials);
    }
    let email = login.email.trim().to_owned();
    let (user, hash) = match app.store.call(move |work| users::by_email(&work.tx, &email)).await? {
        Some((user, hash)) => (Some(user), Some(hash)),
        None => (None, None),
    };
    let matches = app.passwords.verify(login.password, hash).await;
    let matches = matches.map_err(|error| ApiError::Crypto(error.to_string()))?;
    let user = user.filter(|_| matches).ok_or(ApiError::InvalidCredentials)?;
    let (user_id, ttl_secs) = (user.id.clone(), app.refresh_ttl_secs);
    let token = app.store.call(move |work| refresh::start(work, &user_id, ttl_secs)).await?;
    signed_in(&app, token, user, "Signed in")
}

async fn refresh_tokens(
    State(app): State<AppState>,
    JsonBody(body): JsonBody<RefreshRequest>,
) -> Result<SuccessResponse<TokenPair>, ApiError> {
    let ttl_secs = app.refresh_ttl_secs;
    match app.store.call(move |work| refresh::exchange(work, &body.refresh_token, ttl_secs)).await? {
        RefreshOutcome::Renewed(token, user) => signed_in(&app, token, user, "Token refreshed"),
        RefreshOutcome::Refused => Err(ApiError::InvalidRefreshToken),
    }
}

async fn me(State(app): State<AppState>, caller: Caller) -> Result<SuccessResponse<UserRecord>, ApiError> {
    let user = app.store.call(move |work| users::by_id(&work.tx, &caller.id)).await?;
    let user = user.ok_or(TokenError::UserGone)?;
    Ok(SuccessResponse::new(user, "This is you"))
}

async fn logout(
    State(app): State<AppState>,
    JsonBody(body): JsonBody<RefreshRequest>,
) -> Result<SuccessResponse<()>, ApiError> {
    app.store.call(move |work| refresh::end(work, &body.refresh_token)).await?;
    Ok(SuccessResponse::new((), "Signed out"))
}

fn signed_in(
    app: &AppState,
    token: Secret,
    user: UserRecord,
    message: &'static str,
) -> Result<SuccessResponse<TokenPair>, ApiError> {
    let access = app.tokens.issue(&user, UnixMillis::now()).map_err(|error| ApiError::Crypto(error.to_string()))?;
    let expires_in = app.tokens.ttl_secs();
    Ok(SuccessResponse::new(TokenPair { access_token: access, refresh_token: token, expires_in, user }, message))
}
