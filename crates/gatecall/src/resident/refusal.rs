//! Why a request brought nothing, as it crosses the line: a code that the other side can act on, and a sentence in the
//! language of whoever reads it.

use client::ports::ToastError;
use client::{ApplyNetworkError, CommandError, SignInError, StoreError};
use domain::Language;
use domain::account::ServerUrlError;
use domain::text::{ActionFailure, failure};
use ipc::{ErrorBody, ErrorCode};

/// Why a request brought nothing.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum Refusal {
    Command(#[from] CommandError),
    SignIn(#[from] SignInError),
    Way(#[from] ApplyNetworkError),
    Toasts(#[from] ToastError),
    /// The address in the field of this code is none.
    Address(ServerUrlError, ErrorCode),
    /// The e-mail address is none.
    Email,
    /// The start with the session could not be read or changed.
    Autostart(std::io::Error),
    /// The session cannot start this program.
    NoAutostart,
    /// A file could not be written, with the causes in one line.
    File(String),
    /// The demo did not start.
    Demo(std::io::Error),
    /// This program has none.
    NoDemo,
    /// An answer that is no JSON: a fault of ours.
    Unspeakable(#[from] serde_json::Error),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Command(error.into())
    }
}

impl Refusal {
    /// As it is told.
    pub fn told(&self, language: Language) -> ErrorBody {
        let say = |what: &ActionFailure<'_>| failure(what, language);
        let (code, message) = match self {
            Self::Command(CommandError::Store(error)) => {
                (ErrorCode::Store, say(&ActionFailure::Said(&error.said(language))))
            }
            Self::Command(CommandError::Keychain(error)) => {
                (ErrorCode::Keychain, say(&ActionFailure::SignInKept(error.fault())))
            }
            Self::Command(CommandError::Cancelled) => (ErrorCode::Cancelled, say(&ActionFailure::Stopped)),
            Self::Command(CommandError::Ending) | Self::Way(ApplyNetworkError::Ending) => {
                (ErrorCode::ShuttingDown, say(&ActionFailure::Ending))
            }
            Self::SignIn(error) => (sign_in_code(error), error.said(language)),
            Self::Way(error) => (way_code(error), error.to_string()),
            Self::Toasts(error) => (ErrorCode::Toasts, say(&ActionFailure::Said(&error.said(language)))),
            Self::Address(error, code) => (*code, say(&ActionFailure::Address(error))),
            Self::Email => (ErrorCode::InvalidEmail, say(&ActionFailure::Email)),
            Self::Autostart(error) => (ErrorCode::File, say(&ActionFailure::Autostart(&error.to_string()))),
            Self::NoAutostart => (ErrorCode::Unsupported, say(&ActionFailure::NoAutostart)),
            Self::File(why) => (ErrorCode::File, say(&ActionFailure::File(why))),
            Self::Demo(error) => (ErrorCode::File, say(&ActionFailure::Demo(&error.to_string()))),
            Self::NoDemo => (ErrorCode::Unsupported, say(&ActionFailure::NoDemo)),
            Self::Unspeakable(_) => (ErrorCode::Store, say(&ActionFailure::Own)),
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

fn way_code(error: &ApplyNetworkError) -> ErrorCode {
    match error {
        ApplyNetworkError::Proxy(_) => ErrorCode::InvalidProxy,
        ApplyNetworkError::CaFile(_) => ErrorCode::InvalidCaFile,
        ApplyNetworkError::Unusable(_) => ErrorCode::Unsupported,
        ApplyNetworkError::Ending => ErrorCode::ShuttingDown,
    }
}
