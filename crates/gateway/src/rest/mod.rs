//! The REST side: routes, what they read and how they answer.
//!
//! An answer is `{success: true, data, message}`, with `meta` beside it for pages; a refusal is
//! [`crate::error::ApiError`].

mod bookings;
mod events;
mod flights;
mod health;
mod notifications;
mod paging;

use axum::Router;
use axum::extract::{FromRequest, FromRequestParts, Json, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::ApiError;

pub use health::health;
pub use paging::PageMeta;

/// Bookings, flights and notifications, below `/api/v1`, and the events of other services when `ingest` says so.
pub fn router(ingest: bool) -> Router<App> {
    let router = Router::new()
        .nest("/bookings", bookings::router())
        .nest("/flights", flights::router())
        .nest("/notifications", notifications::router());
    match ingest {
        true => router.nest("/events", events::router()),
        false => router,
    }
}

/// A successful answer.
#[derive(Serialize)]
pub struct Reply<T> {
    #[serde(skip)]
    status: StatusCode,
    success: bool,
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<PageMeta>,
    message: &'static str,
}

impl<T> Reply<T> {
    /// 200 with `data`.
    pub fn new(data: T, message: &'static str) -> Self {
        Self { status: StatusCode::OK, success: true, data, meta: None, message }
    }

    /// 201 with `data`.
    pub fn created(data: T, message: &'static str) -> Self {
        Self { status: StatusCode::CREATED, ..Self::new(data, message) }
    }

    /// 200 with a page.
    pub fn page(data: T, meta: PageMeta, message: &'static str) -> Self {
        Self { meta: Some(meta), ..Self::new(data, message) }
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}

/// A JSON body; what cannot be read is answered in the service's own form.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let Json(body) = Json::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// A query string; what cannot be read is answered in the service's own form.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Query(params) = Query::from_request_parts(parts, state).await?;
        Ok(Self(params))
    }
}
