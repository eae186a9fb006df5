//! Errors as they cross the connection: a code to act on and a sentence to show.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A failed request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
#[ts(export)]
pub struct ErrorBody {
    /// The code that the caller can act on.
    pub code: ErrorCode,
    /// One sentence for the user.
    pub message: String,
}

/// Failures that a caller handles differently from one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ErrorCode {
    /// The server address is invalid.
    InvalidServer,
    /// The auth service's address is invalid.
    InvalidAuthUrl,
    /// The booking service's address is invalid.
    InvalidBookingUrl,
    /// The e-mail address is invalid.
    InvalidEmail,
    /// Wrong e-mail address or password.
    SignInRefused,
    /// The server does not answer, or not as a booking service.
    Unreachable,
    /// The keychain could not store the tokens.
    Keychain,
    /// The inbox could not be read or written.
    Store,
    /// The desktop shows no toasts.
    Toasts,
    /// The proxy's address, or an entry of its bypass list, is invalid.
    InvalidProxy,
    /// The file holds no certificates.
    InvalidCaFile,
    /// A file could not be written.
    File,
    /// The operation is not available on this system or in this mode.
    Unsupported,
    /// The user cancelled the job.
    Cancelled,
    /// The resident is shutting down.
    ShuttingDown,
}
