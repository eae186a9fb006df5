//! Network settings: proxy, bypass list and certificate authority.

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Proxy and trust, for REST and the socket alike.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkSettings {
    /// The proxy.
    #[serde(skip_serializing_if = "ProxyChoice::is_default")]
    pub proxy: ProxyChoice,
    /// Hosts that are reached without [`ProxyChoice::At`]: names (with all below them), addresses, networks, or `*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bypass: Vec<String>,
    /// A PEM file with certificate authorities that are trusted beside the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

impl NetworkSettings {
    /// The same with each host of the bypass for itself, as the person may have listed them in one line.
    ///
    /// # Errors
    /// Something in it is no host.
    pub fn tidied(mut self) -> Result<Self, BypassError> {
        let listed = self.bypass.iter().flat_map(|text| text.split([',', ';', ' ', '\t', '\n']));
        self.bypass = listed.map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned).collect();
        match self.bypass.iter().find(|host| !is_host(host)) {
            Some(host) => Err(BypassError(host.clone())),
            None => Ok(self),
        }
    }
}

/// This is no host, network or `*`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no host")]
pub struct BypassError(pub String);

fn is_host(text: &str) -> bool {
    let (host, prefix) = text.split_once('/').map_or((text, None), |(host, prefix)| (host, Some(prefix)));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match (bare.parse::<IpAddr>(), prefix) {
        (Ok(address), Some(prefix)) => {
            prefix.parse::<u8>().is_ok_and(|bits| bits <= if address.is_ipv4() { 32 } else { 128 })
        }
        (Ok(_), None) => true,
        (Err(_), Some(_)) => false,
        (Err(_), None) => host == "*" || Host::parse(host.trim_start_matches("*.").trim_start_matches('.')).is_ok(),
    }
}

/// Which proxy is used. In the file: missing, `"none"`, or an address.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum ProxyChoice {
    /// What `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    #[default]
    Environment,
    /// None, whatever the environment says.
    None,
    /// The one at this address: `http://user:password@host:port`.
    At(String),
}

/// What stands in place of a password.
const HIDDEN: &str = "*";

impl ProxyChoice {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Its text without the password, which is shown as `*`.
    pub fn redacted(&self) -> String {
        match self {
            Self::At(address) => match password(address) {
                Some(place) => format!("{}{HIDDEN}{}", &address[..place.start], &address[place.end..]),
                None => address.clone(),
            },
            choice => choice.clone().into(),
        }
    }

    /// Puts the password of `before` back in place of a `*`. `None` when `before` is a proxy on
    /// another host or for another user, which is not to learn it.
    pub fn with_password_of(self, before: &Self) -> Option<Self> {
        let Self::At(address) = &self else { return Some(self) };
        let Some(place) = password(address).filter(|place| address[place.clone()] == *HIDDEN) else {
            return Some(self);
        };
        let Self::At(known) = before else { return None };
        let (new, old) = (Url::parse(address).ok()?, Url::parse(known).ok()?);
        if (new.scheme(), new.username(), new.host()) != (old.scheme(), old.username(), old.host()) {
            return None;
        }
        let secret = &known[password(known)?];
        Some(Self::At(format!("{}{secret}{}", &address[..place.start], &address[place.end..])))
    }
}

/// Where the password is in an address, by the rules of URLs (<https://url.spec.whatwg.org>, authority state). Looked for in
/// the text, so that what the person wrote stays as it is.
fn password(address: &str) -> Option<Range<usize>> {
    let start = address.find("://")? + 3;
    let authority = address[start..].split(['/', '\\', '?', '#']).next()?;
    let user_info = &authority[..authority.rfind('@')?];
    let colon = user_info.find(':')?;
    Some(start + colon + 1..start + user_info.len())
}

impl From<String> for ProxyChoice {
    fn from(text: String) -> Self {
        match text.as_str() {
            "" | "environment" => Self::Environment,
            "none" => Self::None,
            _ => Self::At(text),
        }
    }
}

impl From<ProxyChoice> for String {
    fn from(choice: ProxyChoice) -> Self {
        match choice {
            ProxyChoice::Environment => "environment".to_owned(),
            ProxyChoice::None => "none".to_owned(),
            ProxyChoice::At(address) => address,
        }
    }
}

impl fmt::Debug for ProxyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            // The address may hold a password.
            Self::At(_) => "At(<redacted>)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn the_network_is_what_the_environment_says_unless_told_otherwise() {
        let network = |text: &str| serde_json::from_str::<Settings>(text).expect("settings").network;
        assert_eq!(network("{}"), NetworkSettings::default());
        assert_eq!(network(r#"{"network":{"proxy":"none"}}"#).proxy, ProxyChoice::None);
        let text = r#"{"network":{"proxy":"http://u:secret@p:1","bypass":["corp.example"],"caFile":"/etc/ca.pem"}}"#;
        let settings: Settings = serde_json::from_str(text).expect("settings");
        assert_eq!(settings.network.proxy, ProxyChoice::At("http://u:secret@p:1".to_owned()));
        assert!(!format!("{settings:?}").contains("secret"));
        assert_eq!(serde_json::to_string(&settings).expect("JSON"), text);
    }

    #[test]
    fn a_password_is_told_as_a_star_and_stays_when_it_comes_back_as_that() {
        let at = |address: &str| ProxyChoice::At(address.to_owned());
        for (kept, told) in [
            ("http://u:secret@p:1", "http://u:*@p:1"),
            ("http://u:s%40:e@c@p:1/", "http://u:*@p:1/"),
            ("http://u@p:1", "http://u@p:1"),
            ("http://p:1", "http://p:1"),
            ("https://u:@[::1]:1", "https://u:*@[::1]:1"),
        ] {
            assert_eq!(at(kept).redacted(), told);
            assert_eq!(at(told).with_password_of(&at(kept)), Some(at(kept)), "{told}");
        }
        let kept = at("http://u:secret@p:1");
        assert_eq!(
            at("http://u:*@p:2").with_password_of(&kept),
            Some(at("http://u:secret@p:2")),
            "another port of the same host"
        );
        assert_eq!(at("http://u:new@q:1").with_password_of(&kept), Some(at("http://u:new@q:1")));
        assert_eq!(ProxyChoice::None.with_password_of(&kept), Some(ProxyChoice::None));
        for other in ["http://u:*@q:1", "http://v:*@p:1"] {
            assert_eq!(at(other).with_password_of(&kept), None, "{other} would learn it");
        }
        assert_eq!(at("http://u:*@p:1").with_password_of(&ProxyChoice::Environment), None);
    }

    #[test]
    fn a_bypass_is_a_list_of_hosts() {
        let bypass =
            |text: &str| NetworkSettings { bypass: vec![text.to_owned()], ..NetworkSettings::default() }.tidied();
        let tidied = bypass(" corp.example, .b.example;10.0.0.0/8 ::1\t[::2] * ").expect("hosts");
        assert_eq!(tidied.bypass, ["corp.example", ".b.example", "10.0.0.0/8", "::1", "[::2]", "*"]);
        assert_eq!(bypass(" , ").expect("none").bypass, [""; 0]);
        for wrong in ["http://corp.example", "10.0.0.0/33", "corp.example/8", "a|b", "p:80"] {
            assert_eq!(bypass(wrong).expect_err(wrong), BypassError(wrong.to_owned()));
        }
    }
}
