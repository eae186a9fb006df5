//! Other services: one shared token, compared in a time that says nothing about it.

use std::hint::black_box;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Secret;
use sha2::{Digest, Sha256};

use super::caller::bearer;
use crate::error::ApiError;
use crate::state::AppState;

/// Proof that a request came with the service token.
pub struct CallingService;

/// The service token, as the hash that requests are compared with.
#[derive(Clone)]
pub struct ServiceToken([u8; 32]);

impl ServiceToken {
    /// Hashes the token.
    pub fn new(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose().as_bytes()).into())
    }

    /// Whether `token` equals the service token. Hashes have one length, and all of their bytes are always looked at.
    fn is(&self, token: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let difference =
            self.0.iter().zip(given).fold(0, |difference, (ours, theirs)| black_box(difference | (ours ^ theirs)));
        difference == 0
    }
}

impl FromRequestParts<AppState> for CallingService {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Self::Rejection> {
        let expected = app.service_token.as_ref().ok_or(ApiError::NotFound("Path"))?;
        let holds = bearer(&parts.headers).is_some_and(|token| expected.is(token));
        holds.then_some(Self).ok_or(ApiError::NoServiceToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_holds() {
        let token = ServiceToken::new(&Secret::new("0123456789abcdef0123456789abcdef"));
        assert!(token.is("0123456789abcdef0123456789abcdef"));
        for other in [
            "",
            "0123456789abcdef0123456789abcdee",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef0",
        ] {
            assert!(!token.is(other), "{other}");
        }
    }
}
