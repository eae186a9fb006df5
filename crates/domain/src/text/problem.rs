//! Problems of the connection, as phrases without a full stop: they also stand after a colon.

use crate::catalogue::messages as say;
use crate::locale::Language;

/// What is wrong. Hosts and proxies are named as the person wrote them; the last text of some is the other side's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem<'a> {
    /// This machine is offline.
    NoNetwork,
    /// The name of this host cannot be resolved.
    NameUnresolved(&'a str),
    /// Nobody listens at this host.
    NothingAnswers(&'a str),
    /// This proxy cannot be reached.
    ProxyUnreachable(&'a str),
    /// The proxy wants credentials, or others.
    ProxySignIn(Option<&'a str>),
    /// This proxy answered with this HTTP status.
    ProxyStatus(&'a str, u16),
    /// This proxy does not speak as one.
    ProxyMute(&'a str),
    /// This proxy is of another kind than `http` and `https`.
    ProxyUnsupported(&'a str),
    /// TLS with this host failed.
    NotSecured(&'a str),
    /// The server's certificate is not trusted.
    Certificate(CertificateFault<'a>),
    /// The server asks us to come back later, with this HTTP status.
    Busy(u16),
    /// This host sends us on to that address.
    SentOn(&'a str, &'a str),
    /// This host answers with this HTTP status.
    OtherStatus(&'a str, u16),
    /// This host does not speak Socket.IO.
    NotSocketIo(&'a str),
    /// The server said no, in these words.
    Refused(&'a str),
    /// No answer from this host in time; at which stage, where that is known.
    NoAnswer(&'a str, Option<Stage>),
    /// The server ended the session.
    ServerEnded,
    /// The session was closed.
    Closed,
    /// The line broke.
    Lost,
    /// The server went silent.
    Silent,
    /// A message of this many megabytes.
    TooLarge(u64),
    /// What came is not Socket.IO.
    Protocol,
    /// The REST answers of this host are not those of a booking service.
    NotAService(&'a str),
    /// The keychain gave no tokens.
    Keychain(KeychainFault),
    /// Nobody is signed in.
    NotSignedIn,
    /// The token is not accepted; in the server's words, where it had some.
    TokenRefused(Option<&'a str>),
    /// The keychain took no tokens. This one is a whole sentence.
    Unsaved(KeychainFault),
    /// This machine has other addresses now.
    NetworkChanged,
    /// What was missed could not be fetched, for this reason. A whole sentence, too.
    Unverified(&'a str),
    /// A person stopped the fetching of it.
    Unwanted,
    /// The disk does not keep up.
    InboxFull,
    /// The inbox takes nothing, as [`super::inbox_fault`] says it. A whole sentence, as are the next three.
    Unkept(&'a str),
    /// The desktop shows no toasts, as [`super::toast_fault`] says it.
    Toasts(&'a str),
    /// The settings cannot be written, in the words of the system.
    Settings(&'a str),
    /// The inbox was damaged. The damaged file is at this path.
    Rescued {
        /// A good copy took its place.
        restored: bool,
        /// Where the damaged file is.
        path: &'a str,
    },
    /// A fault of ours.
    OwnFault,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault<'a> {
    /// Its time is over.
    Expired,
    /// Its time has not come, or the clock is wrong.
    NotValidYet,
    /// It is made out to another name.
    OtherName,
    /// Nobody here knows who issued it.
    UnknownIssuer,
    /// It was revoked.
    Revoked,
    /// Something else, in the words of the TLS library.
    Other(&'a str),
}

/// What is wrong with the keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeychainFault {
    /// It is locked.
    Locked,
    /// It refused this program.
    Denied,
    /// There is none.
    Away,
    /// It did not answer in time.
    Silent,
}

/// How far a connection came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Looking up the name.
    Name,
    /// Opening the TCP connection.
    Opening,
    /// Waiting for the proxy.
    Proxy,
    /// TLS.
    Securing,
    /// Asking for the WebSocket.
    WebSocket,
    /// Waiting for the server's first packet.
    Greeting,
    /// Waiting for the namespace.
    Namespace,
}

/// Says what is wrong.
pub fn problem(problem: &Problem<'_>, language: Language) -> String {
    match *problem {
        Problem::NoNetwork => say::trouble_no_network(language),
        Problem::NameUnresolved(host) => say::trouble_name_unresolved(language, host),
        Problem::NothingAnswers(host) => say::trouble_nothing_answers(language, host),
        Problem::ProxyUnreachable(proxy) => say::trouble_proxy_unreachable(language, proxy),
        Problem::ProxySignIn(Some(proxy)) => say::trouble_proxy_sign_in(language, proxy),
        Problem::ProxySignIn(None) => say::trouble_some_proxy_sign_in(language),
        Problem::ProxyStatus(proxy, status) => say::trouble_proxy_status(language, proxy, status.into()),
        Problem::ProxyMute(proxy) => say::trouble_proxy_mute(language, proxy),
        Problem::ProxyUnsupported(proxy) => say::trouble_proxy_unsupported(language, proxy),
        Problem::NotSecured(host) => say::trouble_not_secured(language, host),
        Problem::Certificate(fault) => certificate(fault, language),
        Problem::Busy(status) => say::trouble_busy(language, status.into()),
        Problem::SentOn(host, elsewhere) => say::trouble_sent_on(language, host, elsewhere),
        Problem::OtherStatus(host, status) => say::trouble_other_status(language, host, status.into()),
        Problem::NotSocketIo(host) => say::trouble_not_socketio(language, host),
        Problem::Refused(said) => say::trouble_refused(language, said),
        Problem::NoAnswer(host, stage) => say::trouble_no_answer(language, stage.map_or("any", stage_name), host),
        Problem::ServerEnded => say::trouble_server_ended(language),
        Problem::Closed => say::trouble_closed(language),
        Problem::Lost => say::trouble_lost(language),
        Problem::Silent => say::trouble_silent(language),
        Problem::TooLarge(megabytes) => say::trouble_too_large(language, megabytes),
        Problem::Protocol => say::trouble_protocol(language),
        Problem::NotAService(host) => say::trouble_not_a_service(language, host),
        Problem::Keychain(fault) => say::trouble_keychain(language, keychain_name(fault)),
        Problem::NotSignedIn => say::trouble_not_signed_in(language),
        Problem::TokenRefused(Some(said)) if !said.is_empty() => say::trouble_token_refused_saying(language, said),
        Problem::TokenRefused(_) => say::trouble_token_refused(language),
        Problem::Unsaved(fault) => say::trouble_unsaved(language, keychain_name(fault)),
        Problem::NetworkChanged => say::trouble_network_changed(language),
        Problem::Unverified(why) => say::trouble_unverified(language, why),
        Problem::Unwanted => say::trouble_unwanted(language),
        Problem::InboxFull => say::trouble_inbox_full(language),
        Problem::Unkept(why) => say::trouble_unkept(language, why),
        Problem::Toasts(why) => say::trouble_toasts(language, why),
        Problem::Settings(why) => say::trouble_settings(language, why),
        Problem::Rescued { restored, path } => {
            say::trouble_rescued(language, if restored { "copy" } else { "anew" }, path)
        }
        Problem::OwnFault => say::trouble_own_fault(language),
    }
}

fn certificate(fault: CertificateFault<'_>, language: Language) -> String {
    let (name, said) = match fault {
        CertificateFault::Expired => ("expired", ""),
        CertificateFault::NotValidYet => ("not_valid_yet", ""),
        CertificateFault::OtherName => ("other_name", ""),
        CertificateFault::UnknownIssuer => ("unknown_issuer", ""),
        CertificateFault::Revoked => ("revoked", ""),
        CertificateFault::Other(said) => ("other", said),
    };
    say::trouble_certificate(language, name, said)
}

pub(super) fn keychain_name(fault: KeychainFault) -> &'static str {
    match fault {
        KeychainFault::Locked => "locked",
        KeychainFault::Denied => "denied",
        KeychainFault::Away => "away",
        KeychainFault::Silent => "silent",
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Name => "name",
        Stage::Opening => "opening",
        Stage::Proxy => "proxy",
        Stage::Securing => "securing",
        Stage::WebSocket => "websocket",
        Stage::Greeting => "greeting",
        Stage::Namespace => "namespace",
    }
}
