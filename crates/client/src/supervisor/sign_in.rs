//! Why a sign-in did not work.

use domain::Language;
use domain::settings::Account;

use super::reasons;
use crate::rest::RestError;

/// Why a sign-in did not work. Every message is a sentence for a person.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong e-mail address or password; the message is the server's.
    #[error("{0}")]
    Refused(String),
    /// Nothing answers, or not now.
    #[error("{0}")]
    Unreachable(String),
    /// Something answers that is no booking service.
    #[error("{0} does not answer as a booking service. Is the address right?")]
    NotABookingService(String),
    /// The program is ending.
    #[error("Gatecall is ending")]
    Ending,
}

impl SignInError {
    /// What a failed login means.
    pub(crate) fn of(error: RestError, account: &Account) -> Self {
        let host = account.auth().as_url().host_str().unwrap_or("The server").to_owned();
        match error {
            RestError::Refused { message, .. } => Self::Refused(message),
            RestError::Absent | RestError::NotABookingService => Self::NotABookingService(host),
            RestError::Busy { status, .. } => {
                Self::Unreachable(format!("{host} is busy (HTTP {status}). Try again soon."))
            }
            error @ (RestError::Unreachable(_) | RestError::Timeout | RestError::Certificate(_) | RestError::Proxy) => {
                Self::Unreachable(format!("{}.", reasons::rest_failed(&error, &host, false, Language::En).message))
            }
        }
    }
}
