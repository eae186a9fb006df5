//! Access tokens: HS256 JWTs with `sub`, `email`, `role`, `iat`, `exp`, `iss` and `aud`.

use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::rights::Role;
use crate::store::users::UserRecord;
use crate::time::UnixMillis;

const ISSUER: &str = "gatecall-gateway";
const AUDIENCE: &str = "gatecall";

/// The claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessClaims {
    /// User id.
    pub sub: String,
    /// Address of the user.
    pub email: String,
    /// Role claim.
    pub role: String,
    /// Issued at, in seconds since 1970.
    pub iat: i64,
    /// Ends at, in seconds since 1970.
    pub exp: i64,
    iss: String,
    aud: String,
}

impl AccessClaims {
    /// The rights that the role claim stands for.
    pub fn role(&self) -> Role {
        Role::of_claim(&self.role)
    }
}

/// Why an access token is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There was none.
    #[error("An access token is needed")]
    Missing,
    /// Its time is over.
    #[error("The access token has expired")]
    Expired,
    /// Not ours, changed, or without a claim that it needs.
    #[error("The access token is not valid")]
    Invalid,
    /// It holds, but its user has been removed.
    #[error("The user of this access token does not exist any more")]
    UserGone,
}

/// Issues and verifies access tokens.
pub struct AccessTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    ttl_secs: i64,
}

impl AccessTokens {
    /// Signs with `secret`; tokens live for `ttl`.
    pub fn new(secret: &[u8], ttl: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // Issued and verified by the same clock; with leeway, a socket closed for its token could come straight back.
        validation.leeway = 0;
        // "On or after" `exp` is over (RFC 7519, 4.1.4); the library would take the second of `exp` itself.
        validation.reject_tokens_expiring_in_less_than = 1;
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            ttl_secs: i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX),
        }
    }

    /// How long a new token lives, in seconds.
    pub fn ttl_secs(&self) -> i64 {
        self.ttl_secs
    }

    /// A token for `user`.
    ///
    /// # Errors
    /// When the claims cannot be signed.
    pub fn issue(&self, user: &UserRecord, now: UnixMillis) -> Result<String, jsonwebtoken::errors::Error> {
        let iat = now.as_secs();
        let claims = AccessClaims {
            sub: user.id.clone(),
            email: user.email.clone(),
            role: user.role.clone(),
            iat,
            exp: iat.saturating_add(self.ttl_secs),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The claims of a token that holds.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub fn verify(&self, token: &str) -> Result<AccessClaims, TokenError> {
        match jsonwebtoken::decode::<AccessClaims>(token, &self.decoding, &self.validation) {
            Ok(data) => Ok(data.claims),
            Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => Err(TokenError::Expired),
            Err(_) => Err(TokenError::Invalid),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value, json};

    use super::*;

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn signed(claims: &Value, algorithm: Algorithm, secret: &[u8]) -> String {
        jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn good() -> Value {
        let now = UnixMillis::now().as_secs();
        json!({ "sub": "7", "email": "a@b.c", "role": "ADMIN", "iat": now, "exp": now + 60, "iss": ISSUER,
                "aud": AUDIENCE })
    }

    #[test]
    fn a_token_holds_only_with_every_claim() {
        let tokens = AccessTokens::new(SECRET, Duration::from_secs(60));
        assert_eq!(tokens.verify(&signed(&good(), Algorithm::HS256, SECRET)).unwrap().role(), Role::Admin);
        for claim in ["exp", "iss", "aud", "sub"] {
            let mut claims = good();
            claims.as_object_mut().unwrap().remove(claim);
            let error = tokens.verify(&signed(&claims, Algorithm::HS256, SECRET)).unwrap_err();
            assert_eq!(error, TokenError::Invalid, "{claim}");
        }
        for (claim, value) in [("iss", "elsewhere"), ("aud", "others")] {
            let mut claims = good();
            claims[claim] = json!(value);
            assert!(tokens.verify(&signed(&claims, Algorithm::HS256, SECRET)).is_err(), "{claim}");
        }
    }

    #[test]
    fn another_key_algorithm_or_time_is_refused() {
        let tokens = AccessTokens::new(SECRET, Duration::from_secs(60));
        let other_key = signed(&good(), Algorithm::HS256, b"another secret of at least 32 bytes!");
        assert_eq!(tokens.verify(&other_key).unwrap_err(), TokenError::Invalid);
        assert_eq!(tokens.verify(&signed(&good(), Algorithm::HS512, SECRET)).unwrap_err(), TokenError::Invalid);
        let mut late = good();
        late["exp"] = json!(UnixMillis::now().as_secs());
        assert_eq!(tokens.verify(&signed(&late, Algorithm::HS256, SECRET)).unwrap_err(), TokenError::Expired);
        assert_eq!(tokens.verify("eyJhbGciOiJub25lIn0.e30.").unwrap_err(), TokenError::Invalid);
    }
}
