//! Connection state recovery: what a server needs to replay the events that were missed.
//!
//! Servers that offer it (`socket.io` ≥ 4.6) give a private session id with CONNECT and append an offset to every
//! event. A client that comes back with both gets its rooms back, and the missed events before its CONNECT.

use std::fmt;

use serde_json::Value;

/// Where a session was. Hand it to the next attempt as [`crate::ConnectOptions::recover`].
///
/// The private session id lets its holder take the session over; `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct Recovery {
    pub(crate) pid: String,
    pub(crate) offset: Option<String>,
}

impl Recovery {
    /// The CONNECT payload with the place in it: `auth` where it is an object, else an object of its own.
    pub(crate) fn add_to(&self, auth: &Value) -> Value {
        let mut payload = auth.as_object().cloned().unwrap_or_default();
        payload.insert("pid".to_owned(), self.pid.as_str().into());
        if let Some(offset) = &self.offset {
            payload.insert("offset".to_owned(), offset.as_str().into());
        }
        Value::Object(payload)
    }
}

impl fmt::Debug for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recovery").field("pid", &"<redacted>").field("offset", &self.offset).finish()
    }
}
