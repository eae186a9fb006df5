//! Reasons for a link that is down: a code, and a sentence from the catalogue.

use std::io;
use std::time::Duration;

use domain::Language;
use domain::connection::{LinkReason, LinkReasonCode};
use domain::text::{self, CertificateFault, Problem, Stage};
use rustls::CertificateError;
use socketio::{CloseReason, ConnectError, ProxyFailure};

use crate::ports::KeychainError;
use crate::rest::RestError;
use crate::server_clock::ServerClock;

/// What a failed connection attempt means.
pub(super) enum ConnectFailure {
    /// The token was not accepted; in the server's words, where it had some.
    TokenRefused { server_message: Option<String> },
    /// Try again later, not before `retry_after` where the server named one.
    Later { reason: LinkReason, retry_after: Option<Duration> },
}

/// A reason in the person's language.
fn reason(code: LinkReasonCode, problem: &Problem<'_>, language: Language) -> LinkReason {
    LinkReason::new(code, text::problem(problem, language))
}

/// What a failed connection attempt means. `host` names the server in the sentence; `is_offline` when this machine is known
/// to have no network.
pub(super) fn connect_failed(
    error: &ConnectError,
    host: &str,
    clock: &ServerClock,
    is_offline: bool,
    language: Language,
) -> ConnectFailure {
    let mut retry_after = None;
    match error {
        ConnectError::Dns(_)
        | ConnectError::Tcp(_)
        | ConnectError::Timeout(_)
        | ConnectError::Proxy { failure: ProxyFailure::Unreachable(_), .. }
            if is_offline =>
        {
            return ConnectFailure::Later { reason: no_network(language), retry_after };
        }
        ConnectError::Http { status: 401 | 403, .. } => return ConnectFailure::TokenRefused { server_message: None },
        ConnectError::Http { status: 429 | 500..=599, retry_after: stay_away, date, .. } => {
            if let Some(date) = date {
                clock.note_date(date);
            }
            retry_after = stay_away.as_deref().and_then(|text| clock.retry_after(text));
        }
        ConnectError::Refused { message, data } => {
            let code = data.as_ref().and_then(|data| data.get("code")).and_then(|code| code.as_str());
            if matches!(code, None | Some("UNAUTHORIZED" | "TOKEN_EXPIRED" | "INVALID_TOKEN" | "FORBIDDEN")) {
                return ConnectFailure::TokenRefused { server_message: Some(server_message(message)) };
            }
        }
        _ => {}
    }
    ConnectFailure::Later { reason: not_connected(error, host, language), retry_after }
}

/// A server's or a proxy's own words.
fn server_message(text: &str) -> String {
    domain::sanitize::line(text, 120)
}

/// Why there is no connection to `host`, whoever asks for it.
pub(crate) fn not_connected(error: &ConnectError, host: &str, language: Language) -> LinkReason {
    let (code, problem) = match error {
        ConnectError::Tcp(error) if error.kind() == io::ErrorKind::NetworkUnreachable => return no_network(language),
        ConnectError::Dns(_) => (LinkReasonCode::Unreachable, Problem::NameUnresolved(host)),
        ConnectError::Tcp(_) => (LinkReasonCode::Unreachable, Problem::NothingAnswers(host)),
        ConnectError::Proxy { proxy, failure } => (LinkReasonCode::Proxy, proxy_trouble(proxy, failure)),
        ConnectError::Certificate(why) => return certificate(why, language),
        ConnectError::Tls(_) => (LinkReasonCode::Certificate, Problem::NotSecured(host)),
        ConnectError::Http { status: status @ (429 | 500..=599), .. } => return busy(*status, language),
        ConnectError::Http { status: 300..=399, location: Some(location), .. } => {
            let elsewhere = server_message(location);
            return reason(LinkReasonCode::NotABookingService, &Problem::SentOn(host, &elsewhere), language);
        }
        ConnectError::Http { status, .. } => (LinkReasonCode::NotABookingService, Problem::OtherStatus(host, *status)),
        ConnectError::Address(_) | ConnectError::Protocol(_) => {
            (LinkReasonCode::NotABookingService, Problem::NotSocketIo(host))
        }
        ConnectError::Refused { message, .. } => {
            return reason(LinkReasonCode::ServerBusy, &Problem::Refused(&server_message(message)), language);
        }
        ConnectError::Closed(reason) => return closed(reason, language),
        ConnectError::Timeout(stage) => (LinkReasonCode::Timeout, Problem::NoAnswer(host, Some(reached(*stage)))),
    };
    reason(code, &problem, language)
}

fn proxy_trouble<'a>(proxy: &'a str, problem: &ProxyFailure) -> Problem<'a> {
    match problem {
        ProxyFailure::Unreachable(_) => Problem::ProxyUnreachable(proxy),
        ProxyFailure::Authentication => Problem::ProxySignIn(Some(proxy)),
        ProxyFailure::Refused(status) => Problem::ProxyStatus(proxy, *status),
        ProxyFailure::Protocol => Problem::ProxyMute(proxy),
        ProxyFailure::Unsupported => Problem::ProxyUnsupported(proxy),
    }
}

fn reached(stage: socketio::ConnectStage) -> Stage {
    match stage {
        socketio::ConnectStage::Dns => Stage::Name,
        socketio::ConnectStage::Tcp => Stage::Opening,
        socketio::ConnectStage::Proxy => Stage::Proxy,
        socketio::ConnectStage::Tls => Stage::Securing,
        socketio::ConnectStage::Upgrade => Stage::WebSocket,
        socketio::ConnectStage::Open => Stage::Greeting,
        socketio::ConnectStage::Connect => Stage::Namespace,
    }
}

/// What is wrong with a certificate.
fn certificate(why: &CertificateError, language: Language) -> LinkReason {
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
    reason(LinkReasonCode::Certificate, &Problem::Certificate(fault), language)
}

fn busy(status: u16, language: Language) -> LinkReason {
    reason(LinkReasonCode::ServerBusy, &Problem::Busy(status), language)
}

/// Why a session ended.
pub(super) fn closed(why: &CloseReason, language: Language) -> LinkReason {
    let (code, problem) = match why {
        CloseReason::ServerDisconnect | CloseReason::EngineClose => {
            (LinkReasonCode::ServerClosed, Problem::ServerEnded)
        }
        CloseReason::TransportClosed { .. } | CloseReason::Local => (LinkReasonCode::ServerClosed, Problem::Closed),
        CloseReason::TransportError(_) => (LinkReasonCode::ConnectionLost, Problem::Lost),
        CloseReason::PingTimeout => (LinkReasonCode::Timeout, Problem::Silent),
        CloseReason::TooLarge { size } => {
            (LinkReasonCode::ConnectionLost, Problem::TooLarge(size.div_ceil(1_000_000) as u64))
        }
        CloseReason::Protocol(_) => (LinkReasonCode::ConnectionLost, Problem::Protocol),
    };
    reason(code, &problem, language)
}

/// Why a REST call gave nothing.
pub(super) fn rest_failed(error: &RestError, host: &str, network_is_down: bool, language: Language) -> LinkReason {
    let (code, problem) = match error {
        RestError::Busy { status, .. } => return busy(*status, language),
        RestError::Certificate(why) => return certificate(why, language),
        RestError::Unreachable(_) | RestError::Timeout if network_is_down => return no_network(language),
        RestError::Unreachable(_) => (LinkReasonCode::Unreachable, Problem::NothingAnswers(host)),
        RestError::Timeout => (LinkReasonCode::Timeout, Problem::NoAnswer(host, None)),
        RestError::Proxy => (LinkReasonCode::Proxy, Problem::ProxySignIn(None)),
        RestError::NotABookingService | RestError::Absent | RestError::Refused { .. } => {
            (LinkReasonCode::NotABookingService, Problem::NotAService(host))
        }
    };
    reason(code, &problem, language)
}

/// Why there are no tokens to be had.
pub(super) fn keychain_failed(error: &KeychainError, language: Language) -> LinkReason {
    reason(LinkReasonCode::Keychain, &Problem::Keychain(error.fault()), language)
}

/// What to say when the keychain took no tokens.
pub(super) fn unsaved(error: &KeychainError, language: Language) -> String {
    text::problem(&Problem::Unsaved(error.fault()), language)
}

pub(super) fn not_signed_in(language: Language) -> LinkReason {
    reason(LinkReasonCode::NotSignedIn, &Problem::NotSignedIn, language)
}

/// The server refused a fresh token, too.
pub(super) fn token_refused(server_message: Option<&str>, language: Language) -> LinkReason {
    reason(LinkReasonCode::TokenRefused, &Problem::TokenRefused(server_message), language)
}

/// This machine is offline.
pub(super) fn no_network(language: Language) -> LinkReason {
    reason(LinkReasonCode::NoNetwork, &Problem::NoNetwork, language)
}

/// This machine has other addresses than the connection was made from; no network at all when `is_offline`.
pub(super) fn address_lost(is_offline: bool, language: Language) -> LinkReason {
    if is_offline {
        return no_network(language);
    }
    reason(LinkReasonCode::ConnectionLost, &Problem::NetworkChanged, language)
}

/// What was missed could not be fetched, for this reason.
pub(super) fn unverified(why: &LinkReason, language: Language) -> String {
    text::problem(&Problem::Unverified(&why.message), language)
}

/// A person did not want to wait for what was missed.
pub(super) fn unwanted(language: Language) -> String {
    text::problem(&Problem::Unverified(&text::problem(&Problem::Unwanted, language)), language)
}

/// The disk does not keep up; events that are not kept may not be taken.
pub(super) fn inbox_is_full(language: Language) -> LinkReason {
    reason(LinkReasonCode::Inbox, &Problem::InboxFull, language)
}

/// A fault of ours.
pub(super) fn own_fault(language: Language) -> LinkReason {
    reason(LinkReasonCode::OwnFault, &Problem::OwnFault, language)
}
