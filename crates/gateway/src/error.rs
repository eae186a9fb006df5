//! Errors of the API: one enum, with its HTTP statuses and codes.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::auth::token::TokenError;
use crate::store::GatewayStoreError;

/// Why a request was refused. Serialised as `{success: false, message, error: {code}}`.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 400: a field cannot be used.
    #[error("{0}")]
    BadRequest(String),
    /// The body could not be read; the status is the one that fits.
    #[error("{message}")]
    Body {
        /// 400, 413, 415 or 422.
        status: StatusCode,
        /// What is wrong with it.
        message: String,
    },
    /// 401: no access token, or one that does not hold.
    #[error(transparent)]
    Unauthorized(#[from] TokenError),
    /// 401: no service token, or another one.
    #[error("The service token is needed")]
    NoServiceToken,
    /// 401: unknown address or wrong password; never says which.
    #[error("The e-mail address or the password is wrong")]
    InvalidCredentials,
    /// 401: the refresh token is unknown, used, revoked or over.
    #[error("The refresh token is not valid any more; sign in again")]
    InvalidRefreshToken,
    /// 403: the role does not allow it.
    #[error("Your role does not allow this")]
    Forbidden,
    /// 404: no such thing, or not yours to see.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// 405: the path exists, the method does not.
    #[error("This path does not take this method")]
    MethodNotAllowed,
    /// 409: its state does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// 403: a page from an origin that is not allowed.
    #[error("This origin may not connect")]
    OriginRefused,
    /// 503: all sockets are taken.
    #[error("Too many connections; try again later")]
    TooManyConnections,
    /// 500: the store failed; logged here, not sent to the client.
    #[error("Something went wrong on our side")]
    Store(#[from] GatewayStoreError),
    /// 500: hashing or signing failed; logged here, not sent to the client.
    #[error("Something went wrong on our side")]
    Crypto(String),
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Body { status, .. } => *status,
            Self::Unauthorized(_) | Self::NoServiceToken | Self::InvalidCredentials | Self::InvalidRefreshToken => {
                StatusCode::UNAUTHORIZED
            }
            Self::Forbidden | Self::OriginRefused => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooManyConnections | Self::Store(GatewayStoreError::Gone) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Crypto(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) | Self::Body { .. } => "BAD_REQUEST",
            Self::Unauthorized(_) | Self::NoServiceToken => "UNAUTHORIZED",
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::InvalidRefreshToken => "INVALID_REFRESH_TOKEN",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict(_) => "CONFLICT",
            Self::OriginRefused => "ORIGIN_REFUSED",
            Self::TooManyConnections => "TOO_MANY_CONNECTIONS",
            Self::Store(GatewayStoreError::Gone) => "UNAVAILABLE",
            Self::Store(_) | Self::Crypto(_) => "INTERNAL",
        }
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        GatewayStoreError::from(error).into()
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        GatewayStoreError::from(error).into()
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        // A body of the wrong shape is the caller's mistake like any other: 400, as the guide's services answer.
        let status = match rejection.status() {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        Self::Body { status, message: rejection.body_text() }
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::BadRequest(rejection.body_text())
    }
}

#[derive(Serialize)]
struct ErrorResponse {
    success: bool,
    message: String,
    error: ApiErrorBody,
}

#[derive(Serialize)]
struct ApiErrorBody {
    code: &'static str,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match &self {
            Self::Store(error) => tracing::error!(error = error as &dyn std::error::Error, "the store failed"),
            Self::Crypto(reason) => tracing::error!(reason, "hashing or signing failed"),
            _ => {}
        }
        let status = self.status();
        let response_body =
            ErrorResponse { success: false, message: self.to_string(), error: ApiErrorBody { code: self.code() } };
        let mut response = (status, Json(response_body)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}
