//! Errors of requests, each with a code to act on and a sentence in the reader's language.

use client::ports::ToastError;
use client::{ApplyNetworkError, CommandError, SignInError, StoreError};
use domain::Language;
use domain::account::ServerUrlError;
use domain::text::{ActionFailure, failure};
use ipc::{ErrorBody, ErrorCode};

/// Error of a request.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum RequestError {
    Command(#[from] CommandError),
    SignIn(#[from] SignInError),
    Network(#[from] ApplyNetworkError),
    Toasts(#[from] ToastError),
    /// Invalid address in the field that the code names.
    Address(ServerUrlError, ErrorCode),
    /// Invalid e-mail address.
    Email,
    /// Autostart could not be read or changed.
    Autostart(std::io::Error),
    /// Autostart is not available.
    NoAutostart,
    /// A file could not be written; the text holds all causes.
    File(String),
    /// The demo could not be started.
    Demo(std::io::Error),
    /// This build has no demo.
    NoDemo,
    /// The result cannot be serialized; a bug.
    Encode(#[from] serde_json::Error),
}

impl From<StoreError> for RequestError {
    fn from(error: StoreError) -> Self {
        Self::Command(error.into())
    }
}

impl RequestError {
    /// Error as sent to the peer.
    pub fn to_body(&self, language: Language) -> ErrorBody {
        let message = |what: &ActionFailure<'_>| failure(what, language);
        let (code, message) = match self {
            Self::Command(CommandError::Store(error)) => {
                (ErrorCode::Store, message(&ActionFailure::Said(&error.message(language))))
            }
            Self::Command(CommandError::Keychain(error)) => {
                (ErrorCode::Keychain, message(&ActionFailure::SignInKept(error.fault())))
            }
            Self::Command(CommandError::Cancelled) => (ErrorCode::Cancelled, message(&ActionFailure::Stopped)),
            Self::Command(CommandError::Ending) | Self::Network(ApplyNetworkError::Ending) => {
                (ErrorCode::ShuttingDown, message(&ActionFailure::Ending))
            }
            Self::SignIn(error) => (sign_in_code(error), error.message(language)),
            Self::Network(error) => (network_error_code(error), error.to_string()),
            Self::Toasts(error) => (ErrorCode::Toasts, message(&ActionFailure::Said(&error.message(language)))),
            Self::Address(error, code) => (*code, message(&ActionFailure::Address(error))),
            Self::Email => (ErrorCode::InvalidEmail, message(&ActionFailure::Email)),
            Self::Autostart(error) => (ErrorCode::File, message(&ActionFailure::Autostart(&error.to_string()))),
            Self::NoAutostart => (ErrorCode::Unsupported, message(&ActionFailure::NoAutostart)),
            Self::File(why) => (ErrorCode::File, message(&ActionFailure::File(why))),
            Self::Demo(error) => (ErrorCode::File, message(&ActionFailure::Demo(&error.to_string()))),
            Self::NoDemo => (ErrorCode::Unsupported, message(&ActionFailure::NoDemo)),
            Self::Encode(_) => (ErrorCode::Store, message(&ActionFailure::Own)),
        };
        ErrorBody { code, message }
    }
}

fn sign_in_code(error: &SignInError) -> ErrorCode {
    match error {
        SignInError::Refused(_) => ErrorCode::SignInRefused,
        SignInError::Unanswered { .. } => ErrorCode::Unreachable,
        SignInError::Ending => ErrorCode::ShuttingDown,
    }
}

fn network_error_code(error: &ApplyNetworkError) -> ErrorCode {
    match error {
        ApplyNetworkError::Proxy(_) => ErrorCode::InvalidProxy,
        ApplyNetworkError::CaFile(_) => ErrorCode::InvalidCaFile,
        ApplyNetworkError::Unusable(_) => ErrorCode::Unsupported,
        ApplyNetworkError::Ending => ErrorCode::ShuttingDown,
    }
}
