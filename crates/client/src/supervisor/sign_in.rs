//! Errors of a sign-in.

use domain::Language;
use domain::settings::Account;
use domain::text::{self, ActionFailure, ServerAdvice, server_problem};

use super::link_reasons;
use crate::rest::RestError;

/// Why a sign-in did not come about. What a person is told is [`SignInError::message`].
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong e-mail address or password; the message is the server's.
    #[error("{0}")]
    Refused(String),
    /// Nothing answers, or not now, or no booking service.
    #[error("{host}: {error}")]
    Unanswered {
        /// The host that was asked.
        host: String,
        /// What came of it.
        error: RestError,
    },
    /// The program is ending.
    #[error("Gatecall is ending")]
    Ending,
}

impl SignInError {
    /// What a failed login means.
    pub(crate) fn of(error: RestError, account: &Account) -> Self {
        match error {
            RestError::Refused { message, .. } => Self::Refused(message),
            error => {
                let host = account.auth().as_url().host_str().unwrap_or_default().to_owned();
                Self::Unanswered { host, error }
            }
        }
    }

    /// What a person is told: what is wrong, and what to do about it. A server's words are those of the server.
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Refused(server_message) => server_message.clone(),
            Self::Unanswered { host, error } => {
                let why = link_reasons::rest_failed(error, host, false, language).message;
                server_problem(&problem(error, &why), language)
            }
            Self::Ending => text::failure(&ActionFailure::Ending, language),
        }
    }
}

fn problem<'a>(error: &RestError, why: &'a str) -> ServerAdvice<'a> {
    match error {
        RestError::Unreachable(_) | RestError::Timeout => ServerAdvice::Unreachable(why),
        RestError::Proxy => ServerAdvice::Proxy(why),
        RestError::Certificate(_) => ServerAdvice::Certificate(why),
        RestError::Busy { .. } => ServerAdvice::Busy(why),
        RestError::NotABookingService | RestError::Absent | RestError::Refused { .. } => ServerAdvice::NotAService(why),
    }
}
