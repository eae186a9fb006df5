//! The two tokens of a session, and the claims of the access token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Secret;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// An access token this close to its end is refreshed before it is used.
pub const REFRESH_MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// What login and refresh give. Serialised only into the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// The JWT of the handshake and of REST calls.
    pub access: Secret,
    /// Opaque; may be missing on servers that cannot refresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Secret>,
}

/// The claims that matter here (W9). Read without verifying: the server verifies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Claims {
    /// Seconds since 1970.
    pub exp: Option<i64>,
    /// Such as CUSTOMER or ADMIN.
    pub role: Option<String>,
}

impl Tokens {
    /// The access token's claims; empty when it is not a JWT.
    pub fn claims(&self) -> Claims {
        claims(self.access.expose()).unwrap_or_default()
    }

    /// The text for the keychain.
    pub fn to_secret(&self) -> Secret {
        let json = serde_json::json!({
            "access": self.access.expose(),
            "refresh": self.refresh.as_ref().map(Secret::expose),
        });
        Secret::new(json.to_string())
    }

    /// What [`Tokens::to_secret`] wrote; `None` for anything else.
    pub fn from_secret(secret: &Secret) -> Option<Self> {
        serde_json::from_str(secret.expose()).ok()
    }
}

impl Claims {
    /// The moment of expiry; `None` when the token names none.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.exp.and_then(|secs| Timestamp::from_second(secs).ok())
    }

    /// Whether the token should be refreshed before its next use.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.expires_at().is_some_and(|at| at.duration_since(now) < REFRESH_MARGIN)
    }

    /// Whether the token is of no more use.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at().is_some_and(|at| at <= now)
    }
}

fn claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// `{"sub":"u-1","role":"ADMIN","exp":1700000000}` between two other parts.
    const TOKEN: &str = "e30.eyJzdWIiOiJ1LTEiLCJyb2xlIjoiQURNSU4iLCJleHAiOjE3MDAwMDAwMDB9.c2ln";

    #[test]
    fn reads_claims_without_verifying() {
        let tokens = Tokens { access: Secret::new(TOKEN), refresh: None };
        let claims = tokens.claims();
        assert_eq!(claims.role.as_deref(), Some("ADMIN"));
        let expiry = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(claims.expires_at(), Some(expiry));
        assert!(claims.is_due(expiry - SignedDuration::from_secs(59)));
        assert!(!claims.is_due(expiry - SignedDuration::from_secs(61)));
        assert!(claims.is_expired(expiry));
    }

    #[test]
    fn an_opaque_token_never_expires_by_itself() {
        for token in ["", "opaque", "a.b.c", "a.%%%.c"] {
            let tokens = Tokens { access: Secret::new(token), refresh: None };
            assert_eq!(tokens.claims(), Claims::default(), "{token}");
        }
    }

    #[test]
    fn survives_the_keychain() {
        let tokens = Tokens { access: Secret::new(TOKEN), refresh: Some(Secret::new("r\"1")) };
        assert_eq!(Tokens::from_secret(&tokens.to_secret()), Some(tokens));
        assert_eq!(Tokens::from_secret(&Secret::new("rubbish")), None);
    }
}
