//! Why the link is down, as a code and a sentence for people.

use std::io;
use std::time::Duration;

use domain::connection::{Reason, ReasonCode};
use rustls::CertificateError;
use socketio::{CloseReason, ConnectError, ProxyTrouble};

use super::link::Wires;
use crate::ports::KeychainError;
use crate::rest::RestError;

/// What a failed connection attempt means.
pub(super) enum Verdict {
    /// The token was not accepted; in the server's words, where it had some.
    TokenRefused { said: Option<String> },
    /// Try again later, not before `retry_after` where the server named one.
    Later { reason: Reason, retry_after: Option<Duration> },
}

/// What a failed connection attempt means. `host` names the server in the sentence.
pub(super) fn connect_failed(error: &ConnectError, host: &str, wires: &Wires) -> Verdict {
    let (code, message) = match error {
        ConnectError::Dns(_) | ConnectError::Tcp(_) | ConnectError::Timeout(_) if wires.network_is_down() => {
            return Verdict::Later { reason: no_network(), retry_after: None };
        }
        ConnectError::Tcp(error) if error.kind() == io::ErrorKind::NetworkUnreachable => {
            return Verdict::Later { reason: no_network(), retry_after: None };
        }
        ConnectError::Dns(_) => (ReasonCode::Unreachable, format!("The name {host} cannot be resolved")),
        ConnectError::Tcp(_) => (ReasonCode::Unreachable, format!("Nothing answers at {host}")),
        ConnectError::Proxy { trouble: ProxyTrouble::Unreachable(_), .. } if wires.network_is_down() => {
            return Verdict::Later { reason: no_network(), retry_after: None };
        }
        ConnectError::Proxy { .. } => (ReasonCode::Proxy, capitalised(error)),
        ConnectError::Certificate(why) => (ReasonCode::Certificate, certificate(why)),
        ConnectError::Tls(_) => (ReasonCode::Certificate, format!("The connection to {host} cannot be secured")),
        ConnectError::Http { status: 401 | 403, .. } => return Verdict::TokenRefused { said: None },
        ConnectError::Http { status: status @ (429 | 500..=599), retry_after, date, .. } => {
            if let Some(date) = date {
                wires.clock.note_date(date);
            }
            let retry_after = retry_after.as_deref().and_then(|text| wires.clock.retry_after(text));
            return Verdict::Later { reason: busy(*status), retry_after };
        }
        ConnectError::Http { status: 300..=399, location: Some(location), .. } => {
            let elsewhere = domain::sanitize::line(location, 120);
            (ReasonCode::NotABookingService, format!("{host} sends us on to {elsewhere}. Is the address right?"))
        }
        ConnectError::Http { status, .. } => {
            (ReasonCode::NotABookingService, format!("{host} answers with HTTP {status} instead of a connection"))
        }
        ConnectError::Address(_) | ConnectError::Protocol(_) => {
            (ReasonCode::NotABookingService, format!("{host} does not speak Socket.IO"))
        }
        ConnectError::Refused { message, data } => {
            let said = domain::sanitize::line(message, 120);
            let code = data.as_ref().and_then(|data| data.get("code")).and_then(|code| code.as_str());
            if matches!(code, None | Some("UNAUTHORIZED" | "TOKEN_EXPIRED" | "INVALID_TOKEN" | "FORBIDDEN")) {
                return Verdict::TokenRefused { said: Some(said) };
            }
            (ReasonCode::ServerBusy, format!("The server refused the connection: {said}"))
        }
        ConnectError::Closed(reason) => return Verdict::Later { reason: closed(reason), retry_after: None },
        ConnectError::Timeout(stage) => (ReasonCode::Timeout, format!("No answer from {host} while {stage}")),
    };
    Verdict::Later { reason: Reason::new(code, message), retry_after: None }
}

/// What is wrong with a certificate, in words for people.
pub(super) fn certificate(why: &CertificateError) -> String {
    let what = match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet. Is this computer's clock right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is made out to another name".to_owned()
        }
        CertificateError::UnknownIssuer => "nobody here knows who issued it".to_owned(),
        CertificateError::Revoked => "it has been revoked".to_owned(),
        other => other.to_string(),
    };
    format!("Certificate not trusted: {what}")
}

fn busy(status: u16) -> Reason {
    Reason::new(ReasonCode::ServerBusy, format!("The server is busy (HTTP {status})"))
}

/// An error's own words, as a sentence.
fn capitalised(error: &ConnectError) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
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

/// Why a REST call gave nothing.
pub(super) fn rest_failed(error: &RestError, host: &str, network_is_down: bool) -> Reason {
    match error {
        RestError::Busy { status, .. } => busy(*status),
        RestError::Unreachable(_) | RestError::Timeout if network_is_down => no_network(),
        RestError::Unreachable(_) => Reason::new(ReasonCode::Unreachable, format!("Nothing answers at {host}")),
        RestError::Timeout => Reason::new(ReasonCode::Timeout, format!("No answer from {host} in time")),
        RestError::Certificate(why) => Reason::new(ReasonCode::Certificate, certificate(why)),
        RestError::Proxy => Reason::new(ReasonCode::Proxy, "The proxy asks for a sign-in"),
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

/// The server refused a fresh token, too.
pub(super) fn token_refused(said: Option<&str>) -> Reason {
    let message = match said {
        Some(said) if !said.is_empty() => format!("The server no longer accepts the sign-in: {said}"),
        _ => "The server no longer accepts the sign-in".to_owned(),
    };
    Reason::new(ReasonCode::TokenRefused, message)
}

/// This machine is offline.
pub(super) fn no_network() -> Reason {
    Reason::new(ReasonCode::NoNetwork, "No network")
}

/// What to say when the keychain took no tokens.
pub(super) fn unsaved(error: &KeychainError) -> String {
    format!("Signed in for this session only: {error}.")
}

/// The disk does not keep up; events that are not kept may not be taken.
pub(super) fn inbox_is_full() -> Reason {
    Reason::new(ReasonCode::Inbox, "New events cannot be kept, so none are taken")
}

/// A fault of ours.
pub(super) fn own_fault() -> Reason {
    Reason::new(ReasonCode::OwnFault, "Something in Gatecall failed")
}
