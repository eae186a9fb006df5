//! `/api/v1/auth`: login, refresh, me, logout.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use domain::Secret;
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::password::PASSWORD_MAX_BYTES;
use super::refresh::{self, Exchange};
use super::token::TokenError;
use crate::app::App;
use crate::error::ApiError;
use crate::rest::{Body, Reply};
use crate::stamp::UnixMillis;
use crate::store::users::{self, User};

/// The routes, below `/api/v1/auth`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/login", post(login))
        .route("/refresh", post(renew))
        .route("/me", get(me))
        .route("/logout", post(logout))
}

#[derive(Deserialize)]
struct Login {
    email: String,
    password: Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefreshToken {
    refresh_token: Secret,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedIn {
    access_token: String,
    refresh_token: Secret,
    expires_in: i64,
    user: User,
}

async fn login(State(app): State<App>, Body(login): Body<Login>) -> Result<Reply<SignedIn>, ApiError> {
    if login.password.expose().len() > PASSWORD_MAX_BYTES {
        return Err(ApiError::InvalidCredentials);
    }
    let email = login.email.trim().to_owned();
    let (user, hash) = match app.store.call(move |work| users::by_email(&work.tx, &email)).await? {
        Some((user, hash)) => (Some(user), Some(hash)),
        None => (None, None),
    };
    let fits = app.passwords.verify(login.password, hash).await;
    let fits = fits.map_err(|error| ApiError::Crypto(error.to_string()))?;
    let user = user.filter(|_| fits).ok_or(ApiError::InvalidCredentials)?;
    let (user_id, ttl_secs) = (user.id.clone(), app.refresh_ttl_secs);
    let token = app.store.call(move |work| refresh::start(work, &user_id, ttl_secs)).await?;
    signed_in(&app, token, user, "Signed in")
}

async fn renew(State(app): State<App>, Body(body): Body<RefreshToken>) -> Result<Reply<SignedIn>, ApiError> {
    let ttl_secs = app.refresh_ttl_secs;
    match app.store.call(move |work| refresh::exchange(work, &body.refresh_token, ttl_secs)).await? {
        Exchange::Renewed(token, user) => signed_in(&app, token, user, "Token refreshed"),
        Exchange::Refused => Err(ApiError::InvalidRefreshToken),
    }
}

async fn me(State(app): State<App>, caller: Caller) -> Result<Reply<User>, ApiError> {
    let user = app.store.call(move |work| users::by_id(&work.tx, &caller.id)).await?;
    let user = user.ok_or(TokenError::UserGone)?;
    Ok(Reply::new(user, "This is you"))
}

async fn logout(State(app): State<App>, Body(body): Body<RefreshToken>) -> Result<Reply<()>, ApiError> {
    app.store.call(move |work| refresh::end(work, &body.refresh_token)).await?;
    Ok(Reply::new((), "Signed out"))
}

fn signed_in(app: &App, token: Secret, user: User, message: &'static str) -> Result<Reply<SignedIn>, ApiError> {
    let access = app.tokens.issue(&user, UnixMillis::now()).map_err(|error| ApiError::Crypto(error.to_string()))?;
    let expires_in = app.tokens.ttl_secs();
    Ok(Reply::new(SignedIn { access_token: access, refresh_token: token, expires_in, user }, message))
}
