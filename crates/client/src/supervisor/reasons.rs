//! Why the link is down, as a code and a sentence for people.

use std::time::Duration;

use domain::connection::{Reason, ReasonCode};
use socketio::{CloseReason, ConnectError};

use crate::ports::KeychainError;
use crate::rest::RestError;

/// What a failed connection attempt means.
pub(super) enum Verdict {
    /// The token was not accepted.
    TokenRefused,
    /// Try again later, not before `retry_after` where the server named one.
    Later { reason: Reason, retry_after: Option<Duration> },
}

/// What a failed connection attempt means. `host` names the server in the sentence.
pub(super) fn connect_failed(error: &ConnectError, host: &str) -> Verdict {
    let (code, message) = match error {
        ConnectError::Dns(_) => (ReasonCode::Unreachable, format!("The name {host} cannot be resolved")),
        ConnectError::Tcp(_) => (ReasonCode::Unreachable, format!("Nothing answers at {host}")),
        ConnectError::Certificate(why) => (ReasonCode::Certificate, format!("Certificate not trusted: {why}")),
        ConnectError::Tls(_) => (ReasonCode::Certificate, format!("The connection to {host} cannot be secured")),
        ConnectError::Http { status: 401 | 403, .. } => return Verdict::TokenRefused,
        ConnectError::Http { status: status @ (429 | 500..=599), retry_after, .. } => {
            let retry_after = retry_after.as_deref().and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
            let reason = Reason::new(ReasonCode::ServerBusy, format!("The server is busy (HTTP {status})"));
            return Verdict::Later { reason, retry_after };
        }
        ConnectError::Http { status, .. } => {
            (ReasonCode::NotABookingService, format!("{host} answers with HTTP {status} instead of a connection"))
        }
        ConnectError::Address(_) | ConnectError::Protocol(_) => {
            (ReasonCode::NotABookingService, format!("{host} does not speak Socket.IO"))
        }
        ConnectError::Refused { message, data } => {
            let code = data.as_ref().and_then(|data| data.get("code")).and_then(|code| code.as_str());
            if matches!(code, None | Some("UNAUTHORIZED" | "TOKEN_EXPIRED" | "INVALID_TOKEN" | "FORBIDDEN")) {
                return Verdict::TokenRefused;
            }
            let said = domain::sanitize::line(message, 120);
            (ReasonCode::ServerBusy, format!("The server refused the connection: {said}"))
        }
        ConnectError::Closed(reason) => return Verdict::Later { reason: closed(reason), retry_after: None },
        ConnectError::Timeout(stage) => (ReasonCode::Timeout, format!("No answer from {host} while {stage}")),
    };
    Verdict::Later { reason: Reason::new(code, message), retry_after: None }
}

/// Why a session ended.
pub(super) fn closed(reason: &CloseReason) -> Reason {
    match reason {
        CloseReason::ServerDisconnect | CloseReason::EngineClose => {
            Reason::new(ReasonCode::ServerClosed, "The server ended the connection")
        }
        CloseReason::TransportClosed { .. } | CloseReason::Local => {
            Reason::new(ReasonCode::ServerClosed, "The connection was closed")
        }
        CloseReason::TransportError(_) => Reason::new(ReasonCode::ConnectionLost, "The connection was lost"),
        CloseReason::PingTimeout => Reason::new(ReasonCode::Timeout, "The server fell silent"),
        CloseReason::TooLarge { size } => Reason::new(
            ReasonCode::ConnectionLost,
            format!("The server sent a message of {} MB, more than Gatecall takes", size.div_ceil(1_000_000)),
        ),
        CloseReason::Protocol(_) => {
            Reason::new(ReasonCode::ConnectionLost, "The server sent something that is not Socket.IO")
        }
    }
}

/// Why the tokens could not be refreshed for now.
pub(super) fn refresh_failed(error: &RestError, host: &str) -> Reason {
    match error {
        RestError::Busy(status) => Reason::new(ReasonCode::ServerBusy, format!("The server is busy (HTTP {status})")),
        RestError::Unreachable(_) => Reason::new(ReasonCode::Unreachable, format!("Nothing answers at {host}")),
        RestError::NotABookingService | RestError::Absent | RestError::Refused { .. } => {
            Reason::new(ReasonCode::NotABookingService, format!("{host} does not answer as a booking service"))
        }
    }
}

/// Why there are no tokens to be had.
pub(super) fn keychain_failed(error: &KeychainError) -> Reason {
    let sentence = match error {
        KeychainError::Locked => "The keychain is locked",
        KeychainError::Denied => "The keychain denies access to the sign-in",
        KeychainError::Unavailable(_) => "No keychain answers, so the sign-in cannot be read",
        KeychainError::Timeout => "The keychain does not answer",
    };
    Reason::new(ReasonCode::Keychain, sentence)
}

pub(super) fn not_signed_in() -> Reason {
    Reason::new(ReasonCode::NotSignedIn, "Nobody is signed in")
}

pub(super) fn token_refused() -> Reason {
    Reason::new(ReasonCode::TokenRefused, "The server no longer accepts the sign-in")
}
