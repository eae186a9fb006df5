//! The caller of a request: the `Authorization: Bearer` header of a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::token::TokenError;
use crate::error::ApiError;
use crate::rights::Role;
use crate::state::AppState;

/// The user of a request, by the claims of their token.
pub struct Caller {
    /// User id.
    pub id: String,
    /// Their rights.
    pub role: Role,
}

impl Caller {
    /// Whether the caller may see and change what belongs to `owner`.
    pub fn may_handle(&self, owner: &str) -> bool {
        self.id == owner || self.role.is_staff()
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Self::Rejection> {
        let token = bearer(&parts.headers).ok_or(TokenError::Missing)?;
        let claims = app.tokens.verify(token)?;
        let role = claims.role();
        Ok(Self { id: claims.sub, role })
    }
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Proof that a request came with the service token.
pub struct CallingService;

impl FromRequestParts<AppState> for CallingService {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Self::Rejection> {
        let expected = app.service_token.as_ref().ok_or(ApiError::NotFound("Path"))?;
        let holds = bearer(&parts.headers).is_some_and(|token| expected.is(token));
        holds.then_some(Self).ok_or(ApiError::NoServiceToken)
    }
}
