//! Response bodies and request extractors of the REST API.

use axum::extract::{FromRequest, FromRequestParts, Json, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::paging::PaginationMeta;
use crate::error::ApiError;

/// A successful answer.
#[derive(Serialize)]
pub struct SuccessResponse<T> {
    #[serde(skip)]
    status: StatusCode,
    success: bool,
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<PaginationMeta>,
    message: &'static str,
}

impl<T> SuccessResponse<T> {
    /// 200 with `data`.
    pub fn new(data: T, message: &'static str) -> Self {
        Self { status: StatusCode::OK, success: true, data, meta: None, message }
    }

    /// 201 with `data`.
    pub fn created(data: T, message: &'static str) -> Self {
        Self { status: StatusCode::CREATED, ..Self::new(data, message) }
    }

    /// 200 with a page.
    pub fn page(data: T, meta: PaginationMeta, message: &'static str) -> Self {
        Self { meta: Some(meta), ..Self::new(data, message) }
    }
}

impl<T: Serialize> IntoResponse for SuccessResponse<T> {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}

/// A JSON body; what cannot be read is answered in the service's own form.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let Json(body) = Json::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// A query string; what cannot be read is answered in the service's own form.
pub struct QueryParams<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryParams<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let axum::extract::Query(params) = axum::extract::Query::from_request_parts(parts, state).await?;
        Ok(Self(params))
    }
}
