//! Accounts: who is signed in, and where.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// A server's origin and optional path prefix, such as `https://fly.example` or `http://localhost:3004/api-host`.
///
/// Only `http` and `https`; no credentials, query or fragment; no trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(Url);

/// Why a text is not a server address. The message is for a person, beside the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerUrlError {
    /// Not a URL at all.
    #[error("This is not a web address. Try something like https://fly.example")]
    NotAUrl,
    /// A scheme other than http, https, ws and wss.
    #[error("The address has to start with https:// or http://")]
    Scheme,
    /// User name, password, query or fragment in the address.
    #[error("The address may not carry a user name, a password, a query or a fragment")]
    Extras,
}

impl ServerUrl {
    /// Reads what a person typed: a missing scheme becomes `https` (or `http` for this machine), `ws` and `wss`
    /// become their HTTP twins.
    ///
    /// # Errors
    /// See [`ServerUrlError`].
    pub fn parse(text: &str) -> Result<Self, ServerUrlError> {
        let text = text.trim();
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            let host = text.split(['/', ':']).next().unwrap_or_default();
            let local = host == "localhost" || host.starts_with("127.") || text.starts_with('[');
            format!("{}://{text}", if local { "http" } else { "https" })
        };
        let url = Url::parse(&with_scheme).map_err(|_| ServerUrlError::NotAUrl)?;
        let scheme = match url.scheme() {
            "http" | "ws" => "http",
            "https" | "wss" => "https",
            _ => return Err(ServerUrlError::Scheme),
        };
        let extras =
            !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some();
        if extras {
            return Err(ServerUrlError::Extras);
        }
        // `Url::set_scheme` refuses ws → http, so the text is put together again.
        let rest = &url[url::Position::BeforeHost..url::Position::AfterPath];
        let rest = rest.trim_end_matches('/');
        let clean = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| ServerUrlError::NotAUrl)?;
        if clean.host_str().is_none_or(str::is_empty) {
            return Err(ServerUrlError::NotAUrl);
        }
        Ok(Self(clean))
    }

    /// The address as a URL.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// `path` (with its leading slash) below this address.
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = ServerUrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> Self {
        url.to_string()
    }
}

/// `user@origin`: the key of everything that belongs to one account, in the keychain and in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(String);

impl AccountId {
    /// The account of `email` at `server`. E-mail addresses are compared without case.
    pub fn new(email: &str, server: &ServerUrl) -> Self {
        Self(format!("{}@{server}", email.trim().to_lowercase()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a user may do, as the token's `role` claim says. An open set: an unknown role is an ordinary customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Sees their own bookings.
    #[default]
    Traveler,
    /// May watch the `admin` room: every booking of an airline.
    Agent,
}

/// The room in which every booking is heard of.
pub(crate) const ADMIN_ROOM: &str = "admin";

impl Audience {
    /// Who sits in front of it: an agent is who may watch the desk's room and wants to.
    pub fn in_rooms<'a>(self, rooms: impl IntoIterator<Item = &'a str>) -> Self {
        let wants_to = rooms.into_iter().any(|room| room == ADMIN_ROOM);
        if wants_to { self } else { Self::Traveler }
    }

    /// The audience of a role claim. The server decides in the end; this only chooses what to offer.
    pub fn of_role(role: &str) -> Self {
        match role {
            "ADMIN" | "BUSINESS_OWNER" => Self::Agent,
            _ => Self::Traveler,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        let cases = [
            ("localhost:3004", "http://localhost:3004"),
            ("fly.example", "https://fly.example"),
            ("https://fly.example/", "https://fly.example"),
            ("wss://fly.example/booking/", "https://fly.example/booking"),
            (" http://[::1]:3004 ", "http://[::1]:3004"),
        ];
        for (typed, expected) in cases {
            assert_eq!(ServerUrl::parse(typed).expect(typed).to_string(), expected);
        }
    }

    #[test]
    fn refuses_what_is_no_server_address() {
        for typed in ["", "ftp://x", "https://u:p@x", "https://x/?a=1", "https://", "http:// x"] {
            assert!(ServerUrl::parse(typed).is_err(), "{typed}");
        }
    }
}
