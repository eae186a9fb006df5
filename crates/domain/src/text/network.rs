//! Advice about server addresses and network settings. Whole sentences.

use crate::catalogue::messages as say;
use crate::locale::Language;

/// What stands between the person and a server that is looked at. Most begin with a [`super::Problem`], said already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerAdvice<'a> {
    /// Nothing answers there.
    Unreachable(&'a str),
    /// The proxy does not open the way.
    Proxy(&'a str),
    /// The certificate is not trusted.
    Certificate(&'a str),
    /// TLS did not come about.
    NotSecured(&'a str),
    /// The server is there, and not for us now.
    Busy(&'a str),
    /// Something else answers.
    NotAService(&'a str),
    /// This host speaks Socket.IO, and no WebSocket comes through to it.
    NoWebSockets(&'a str),
    /// What is said to this host leaves the machine in plain text.
    Plain(&'a str),
}

/// Says what is wrong, and what to do about it.
pub fn server_problem(problem: &ServerAdvice<'_>, language: Language) -> String {
    let (advice, why) = match *problem {
        ServerAdvice::Unreachable(why) => ("unreachable", why),
        ServerAdvice::Proxy(why) => ("proxy", why),
        ServerAdvice::Certificate(why) => ("certificate", why),
        ServerAdvice::NotSecured(why) => ("not_secured", why),
        ServerAdvice::Busy(why) => ("busy", why),
        ServerAdvice::NotAService(why) => ("not_a_service", why),
        ServerAdvice::NoWebSockets(host) => return say::server_no_websockets(language, host),
        ServerAdvice::Plain(host) => return say::server_plain(language, host),
    };
    // Some troubles ask the right question themselves.
    if why.ends_with('?') { why.to_owned() } else { say::server_problem(language, advice, why) }
}

/// What is wrong with the way as the person wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkProblem<'a> {
    /// The proxy's address is none. It is not named: it may hold a password.
    ProxyAddress,
    /// The proxy is neither `http` nor `https`.
    ProxyKind,
    /// The proxy is another one, and its password is only known for the one before.
    ProxyPassword,
    /// This is no host that could be reached without the proxy.
    Bypass(&'a str),
    /// The file with certificates at this path cannot be read, in the words of the system.
    CaUnread(&'a str, &'a str),
    /// The file at this path holds no certificates.
    CaEmpty(&'a str),
}

/// Says what is wrong with it, and what would be right.
pub fn way_problem(problem: &NetworkProblem<'_>, language: Language) -> String {
    match *problem {
        NetworkProblem::ProxyAddress => say::way_proxy_address(language),
        NetworkProblem::ProxyKind => say::way_proxy_kind(language),
        NetworkProblem::ProxyPassword => say::way_proxy_password(language),
        NetworkProblem::Bypass(host) => say::way_bypass(language, host),
        NetworkProblem::CaUnread(path, why) => say::way_ca_unread(language, path, why),
        NetworkProblem::CaEmpty(path) => say::way_ca_empty(language, path),
    }
}
