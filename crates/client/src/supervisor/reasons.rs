//! Why the link is down, as a code and a sentence for people. The sentences themselves are in the catalogue.

use std::io;
use std::time::Duration;

use domain::Language;
use domain::connection::{Reason, ReasonCode};
use domain::text::{self, CertificateFault, Stage, Trouble};
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

/// A reason in the person's language.
fn reason(code: ReasonCode, trouble: &Trouble<'_>, language: Language) -> Reason {
    Reason::new(code, text::trouble(trouble, language))
}

/// What a failed connection attempt means. `host` names the server in the sentence.
pub(super) fn connect_failed(error: &ConnectError, host: &str, wires: &Wires) -> Verdict {
    let language = wires.language();
    let mut retry_after = None;
    match error {
        ConnectError::Dns(_)
        | ConnectError::Tcp(_)
        | ConnectError::Timeout(_)
        | ConnectError::Proxy { trouble: ProxyTrouble::Unreachable(_), .. }
            if wires.network_is_down() =>
        {
            return Verdict::Later { reason: no_network(language), retry_after };
        }
        ConnectError::Http { status: 401 | 403, .. } => return Verdict::TokenRefused { said: None },
        ConnectError::Http { status: 429 | 500..=599, retry_after: stay_away, date, .. } => {
            if let Some(date) = date {
                wires.clock.note_date(date);
            }
            retry_after = stay_away.as_deref().and_then(|text| wires.clock.retry_after(text));
        }
        ConnectError::Refused { message, data } => {
            let code = data.as_ref().and_then(|data| data.get("code")).and_then(|code| code.as_str());
            if matches!(code, None | Some("UNAUTHORIZED" | "TOKEN_EXPIRED" | "INVALID_TOKEN" | "FORBIDDEN")) {
                return Verdict::TokenRefused { said: Some(said(message)) };
            }
        }
        _ => {}
    }
    Verdict::Later { reason: not_connected(error, host, language), retry_after }
}

/// A server's or a proxy's own words.
fn said(text: &str) -> String {
    domain::sanitize::line(text, 120)
}

/// Why there is no connection to `host`, whoever asks for it.
pub(crate) fn not_connected(error: &ConnectError, host: &str, language: Language) -> Reason {
    let (code, trouble) = match error {
        ConnectError::Tcp(error) if error.kind() == io::ErrorKind::NetworkUnreachable => return no_network(language),
        ConnectError::Dns(_) => (ReasonCode::Unreachable, Trouble::NameUnresolved(host)),
        ConnectError::Tcp(_) => (ReasonCode::Unreachable, Trouble::NothingAnswers(host)),
        ConnectError::Proxy { proxy, trouble } => (ReasonCode::Proxy, proxy_trouble(proxy, trouble)),
        ConnectError::Certificate(why) => return certificate(why, language),
        ConnectError::Tls(_) => (ReasonCode::Certificate, Trouble::NotSecured(host)),
        ConnectError::Http { status: status @ (429 | 500..=599), .. } => return busy(*status, language),
        ConnectError::Http { status: 300..=399, location: Some(location), .. } => {
            let elsewhere = said(location);
            return reason(ReasonCode::NotABookingService, &Trouble::SentOn(host, &elsewhere), language);
        }
        ConnectError::Http { status, .. } => (ReasonCode::NotABookingService, Trouble::OtherStatus(host, *status)),
        ConnectError::Address(_) | ConnectError::Protocol(_) => {
            (ReasonCode::NotABookingService, Trouble::NotSocketIo(host))
        }
        ConnectError::Refused { message, .. } => {
            return reason(ReasonCode::ServerBusy, &Trouble::Refused(&said(message)), language);
        }
        ConnectError::Closed(reason) => return closed(reason, language),
        ConnectError::Timeout(stage) => (ReasonCode::Timeout, Trouble::NoAnswer(host, Some(reached(*stage)))),
    };
    reason(code, &trouble, language)
}

fn proxy_trouble<'a>(proxy: &'a str, trouble: &ProxyTrouble) -> Trouble<'a> {
    match trouble {
        ProxyTrouble::Unreachable(_) => Trouble::ProxyUnreachable(proxy),
        ProxyTrouble::Authentication => Trouble::ProxySignIn(Some(proxy)),
        ProxyTrouble::Refused(status) => Trouble::ProxyStatus(proxy, *status),
        ProxyTrouble::Protocol => Trouble::ProxyMute(proxy),
        ProxyTrouble::Unsupported => Trouble::ProxyUnsupported(proxy),
    }
}

fn reached(stage: socketio::Stage) -> Stage {
    match stage {
        socketio::Stage::Dns => Stage::Name,
        socketio::Stage::Tcp => Stage::Opening,
        socketio::Stage::Proxy => Stage::Proxy,
        socketio::Stage::Tls => Stage::Securing,
        socketio::Stage::Upgrade => Stage::WebSocket,
        socketio::Stage::Open => Stage::Greeting,
        socketio::Stage::Connect => Stage::Namespace,
    }
}

/// What is wrong with a certificate.
fn certificate(why: &CertificateError, language: Language) -> Reason {
    let others = why.to_string();
    let fault = match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateFault::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => CertificateFault::NotValidYet,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFault::OtherName
        }
        CertificateError::UnknownIssuer => CertificateFault::UnknownIssuer,
        CertificateError::Revoked => CertificateFault::Revoked,
        _ => CertificateFault::Other(&others),
    };
    reason(ReasonCode::Certificate, &Trouble::Certificate(fault), language)
}

fn busy(status: u16, language: Language) -> Reason {
    reason(ReasonCode::ServerBusy, &Trouble::Busy(status), language)
}

/// Why a session ended.
pub(super) fn closed(why: &CloseReason, language: Language) -> Reason {
    let (code, trouble) = match why {
        CloseReason::ServerDisconnect | CloseReason::EngineClose => (ReasonCode::ServerClosed, Trouble::ServerEnded),
        CloseReason::TransportClosed { .. } | CloseReason::Local => (ReasonCode::ServerClosed, Trouble::Closed),
        CloseReason::TransportError(_) => (ReasonCode::ConnectionLost, Trouble::Lost),
        CloseReason::PingTimeout => (ReasonCode::Timeout, Trouble::Silent),
        CloseReason::TooLarge { size } => {
            (ReasonCode::ConnectionLost, Trouble::TooLarge(size.div_ceil(1_000_000) as u64))
        }
        CloseReason::Protocol(_) => (ReasonCode::ConnectionLost, Trouble::Protocol),
    };
    reason(code, &trouble, language)
}

/// Why a REST call gave nothing.
pub(super) fn rest_failed(error: &RestError, host: &str, network_is_down: bool, language: Language) -> Reason {
    let (code, trouble) = match error {
        RestError::Busy { status, .. } => return busy(*status, language),
        RestError::Certificate(why) => return certificate(why, language),
        RestError::Unreachable(_) | RestError::Timeout if network_is_down => return no_network(language),
        RestError::Unreachable(_) => (ReasonCode::Unreachable, Trouble::NothingAnswers(host)),
        RestError::Timeout => (ReasonCode::Timeout, Trouble::NoAnswer(host, None)),
        RestError::Proxy => (ReasonCode::Proxy, Trouble::ProxySignIn(None)),
        RestError::NotABookingService | RestError::Absent | RestError::Refused { .. } => {
            (ReasonCode::NotABookingService, Trouble::NotAService(host))
        }
    };
    reason(code, &trouble, language)
}

/// Why there are no tokens to be had.
pub(super) fn keychain_failed(error: &KeychainError, language: Language) -> Reason {
    reason(ReasonCode::Keychain, &Trouble::Keychain(error.fault()), language)
}

/// What to say when the keychain took no tokens.
pub(super) fn unsaved(error: &KeychainError, language: Language) -> String {
    text::trouble(&Trouble::Unsaved(error.fault()), language)
}

pub(super) fn not_signed_in(language: Language) -> Reason {
    reason(ReasonCode::NotSignedIn, &Trouble::NotSignedIn, language)
}

/// The server refused a fresh token, too.
pub(super) fn token_refused(said: Option<&str>, language: Language) -> Reason {
    reason(ReasonCode::TokenRefused, &Trouble::TokenRefused(said), language)
}

/// This machine is offline.
pub(super) fn no_network(language: Language) -> Reason {
    reason(ReasonCode::NoNetwork, &Trouble::NoNetwork, language)
}

/// This machine has other addresses than the connection was made from.
pub(super) fn network_changed(language: Language) -> Reason {
    reason(ReasonCode::ConnectionLost, &Trouble::NetworkChanged, language)
}

/// What was missed could not be fetched, for this reason.
pub(super) fn unverified(why: &Reason, language: Language) -> String {
    text::trouble(&Trouble::Unverified(&why.message), language)
}

/// A person did not want to wait for what was missed.
pub(super) fn unwanted(language: Language) -> String {
    text::trouble(&Trouble::Unverified(&text::trouble(&Trouble::Unwanted, language)), language)
}

/// The disk does not keep up; events that are not kept may not be taken.
pub(super) fn inbox_is_full(language: Language) -> Reason {
    reason(ReasonCode::Inbox, &Trouble::InboxFull, language)
}

/// A fault of ours.
pub(super) fn own_fault(language: Language) -> Reason {
    reason(ReasonCode::OwnFault, &Trouble::OwnFault, language)
}
