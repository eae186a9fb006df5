//! Which web pages may talk to the service.
//!
//! CORS guards the REST answers; it does not guard a WebSocket upgrade, which a browser sends to anyone. So the
//! socket endpoint checks the `Origin` header itself. A request without one comes from a native client and passes.

use std::fmt;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// The allowed origins of `WEBSOCKET_CORS_ORIGIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Every page.
    Any,
    /// These pages, by exact origin (`https://yourdomain.com`).
    Only(Vec<String>),
}

/// Why a list of origins cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin such as https://yourdomain.com")]
pub struct OriginError(String);

impl Origins {
    /// Reads `*`, or origins separated by commas.
    ///
    /// # Errors
    /// [`OriginError`] names the first entry that is not `http://` or `https://` and a host.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let mut origins = Vec::new();
        for entry in text.split(',') {
            let origin = entry.trim().trim_end_matches('/').to_ascii_lowercase();
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let usable = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' ', '*']));
            if !usable || HeaderValue::from_str(&origin).is_err() {
                return Err(OriginError(entry.trim().to_owned()));
            }
            origins.push(origin);
        }
        Ok(Self::Only(origins))
    }

    /// Whether a request with this `Origin` header may pass.
    pub fn allows(&self, origin: Option<&HeaderValue>) -> bool {
        match (self, origin) {
            (Self::Any, _) | (_, None) => true,
            (Self::Only(allowed), Some(origin)) => {
                origin.to_str().is_ok_and(|origin| allowed.iter().any(|it| it.eq_ignore_ascii_case(origin)))
            }
        }
    }

    /// The CORS answers that go with these origins.
    pub(crate) fn cors(&self) -> CorsLayer {
        let origin = match self {
            Self::Any => AllowOrigin::from(Any),
            Self::Only(allowed) => {
                AllowOrigin::list(allowed.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
            }
        };
        let headers: [HeaderName; 2] = [header::AUTHORIZATION, header::CONTENT_TYPE];
        CorsLayer::new()
            .allow_origin(origin)
            .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
            .allow_headers(headers)
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Only(origins) => f.write_str(&origins.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_pages_pass_and_native_clients_always_do() {
        let origins = Origins::parse("https://fly.example, http://localhost:5173/").expect("two origins");
        let allows = |origin: &'static str| origins.allows(Some(&HeaderValue::from_static(origin)));
        assert!(allows("https://fly.example"));
        assert!(allows("http://localhost:5173"));
        assert!(!allows("https://fly.example.evil.example"));
        assert!(!allows("http://fly.example"));
        assert!(!allows("null"));
        assert!(origins.allows(None));
        assert!(Origins::Any.allows(Some(&HeaderValue::from_static("https://evil.example"))));
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in ["", "fly.example", "https://", "https://fly.example/path", "https://*.example", "*,https://a.b"] {
            assert!(Origins::parse(text).is_err(), "{text}");
        }
    }
}
