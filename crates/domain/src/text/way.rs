//! What a person can do about the way to a server. Whole sentences.

use crate::catalogue::messages as say;
use crate::voice::Language;

/// What stands between the person and a server that is looked at. Most begin with a [`super::Trouble`], said already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerProblem<'a> {
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
pub fn server_problem(problem: &ServerProblem<'_>, language: Language) -> String {
    let (advice, why) = match *problem {
        ServerProblem::Unreachable(why) => ("unreachable", why),
        ServerProblem::Proxy(why) => ("proxy", why),
        ServerProblem::Certificate(why) => ("certificate", why),
        ServerProblem::NotSecured(why) => ("not_secured", why),
        ServerProblem::Busy(why) => ("busy", why),
        ServerProblem::NotAService(why) => ("not_a_service", why),
        ServerProblem::NoWebSockets(host) => return say::server_no_websockets(language, host),
        ServerProblem::Plain(host) => return say::server_plain(language, host),
    };
    // Some troubles ask the right question themselves.
    if why.ends_with('?') { why.to_owned() } else { say::server_problem(language, advice, why) }
}

/// What is wrong with the way as the person wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayProblem<'a> {
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
pub fn way_problem(problem: &WayProblem<'_>, language: Language) -> String {
    match *problem {
        WayProblem::ProxyAddress => say::way_proxy_address(language),
        WayProblem::ProxyKind => say::way_proxy_kind(language),
        WayProblem::ProxyPassword => say::way_proxy_password(language),
        WayProblem::Bypass(host) => say::way_bypass(language, host),
        WayProblem::CaUnread(path, why) => say::way_ca_unread(language, path, why),
        WayProblem::CaEmpty(path) => say::way_ca_empty(language, path),
    }
}
