//! Secrets: text that is never printed, such as tokens and passwords.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A token or a password. `Debug` and `Display` print `<redacted>`; only [`Secret::expose`] gives the text.
///
/// Serialising writes the real text, since a password has to cross the ipc line; log fields never serialise.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text that must not be printed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Each call site is one place where a secret leaves our hands.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}
