//! Which connections go through a proxy.
//!
//! Rules and variables are those of curl, as read by `hyper-util`; `reqwest` reads them with the same code, so that an
//! application has one policy for REST and socket when it hands [`Proxy::for_url`] to its HTTP client.

use std::fmt;
use std::sync::Arc;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use url::{Host, Url};

/// A policy. Loopback addresses and `localhost` are never reached through a proxy. Cheap to clone.
#[derive(Clone, Default)]
pub struct Proxy {
    matcher: Option<Arc<Matcher>>,
}

/// A proxy that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// It is no address.
    #[error("the proxy's address is not a URL")]
    Address,
    /// Only `http` and `https` proxies are supported.
    #[error("only http and https proxies are supported")]
    Scheme,
}

/// The proxy for one connection.
#[derive(Clone)]
pub(crate) struct ProxyEndpoint {
    pub uri: Uri,
    pub authorization: Option<HeaderValue>,
}

impl Proxy {
    /// No proxy at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// What the environment says: `HTTPS_PROXY` for `https` and `wss`, `HTTP_PROXY` for the others, `ALL_PROXY` for
    /// both, and `NO_PROXY`; in small letters too.
    pub fn from_env() -> Self {
        Self { matcher: Some(Arc::new(Matcher::from_env())) }
    }

    /// This one for everything but the hosts of `bypass`: names (with all names below them), addresses, networks such
    /// as `10.0.0.0/8`, or `*`. User and password may stand in the address.
    ///
    /// # Errors
    /// See [`ProxyError`].
    pub fn new(address: &str, bypass: &[String]) -> Result<Self, ProxyError> {
        let url = Url::parse(address).map_err(|_| ProxyError::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ProxyError::Scheme);
        }
        // An address that the library cannot read would be no proxy at all, without a word: a URL is one that it can.
        let builder = Matcher::builder().all(url.as_str()).no(bypass.join(","));
        Ok(Self { matcher: Some(Arc::new(builder.build())) })
    }

    /// The proxy for `url` (`http`, `https`, `ws` or `wss`), user and password included; `None` goes straight.
    pub fn for_url(&self, url: &Url) -> Option<Url> {
        let via = self.via(url)?;
        let mut proxy = Url::parse(&via.uri.to_string()).ok()?;
        if let Some((user, password)) = via.credentials() {
            // Both fail only for addresses without a host, and this one has one.
            let _ = proxy.set_username(&user);
            let _ = proxy.set_password(Some(&password));
        }
        Some(proxy)
    }

    pub(crate) fn via(&self, url: &Url) -> Option<ProxyEndpoint> {
        if url.host().is_none() || is_this_machine(url) {
            return None;
        }
        let scheme = if matches!(url.scheme(), "https" | "wss") { "https" } else { "http" };
        let target: Uri =
            format!("{scheme}://{}/", &url[url::Position::BeforeHost..url::Position::AfterPort]).parse().ok()?;
        let found = self.matcher.as_ref()?.intercept(&target)?;
        Some(ProxyEndpoint { uri: found.uri().clone(), authorization: found.basic_auth().cloned() })
    }
}

impl ProxyEndpoint {
    /// Host and port, for people and for the connection.
    pub fn address(&self) -> Option<(String, u16)> {
        let port = self.uri.port_u16().unwrap_or(if self.is_tls() { 443 } else { 80 });
        Some((self.uri.host()?.trim_matches(['[', ']']).to_owned(), port))
    }

    pub fn is_tls(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// Whether we can talk to it.
    pub fn is_supported(&self) -> bool {
        matches!(self.uri.scheme_str(), Some("http" | "https"))
    }

    fn credentials(&self) -> Option<(String, String)> {
        use base64::Engine as _;
        let encoded = self.authorization.as_ref()?.to_str().ok()?.strip_prefix("Basic ")?;
        let decoded = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
        let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        Some((user.to_owned(), password.to_owned()))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The matcher may hold a password.
        f.debug_struct("Proxy").field("is_set", &self.matcher.is_some()).finish()
    }
}

/// Whether an address is on this machine: never reached through a proxy, and traffic to it never leaves the machine.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(proxy: &Proxy, url: &str) -> Option<String> {
        proxy.for_url(&url.parse().expect(url)).map(|url| url.to_string())
    }

    #[test]
    fn everything_but_the_bypassed_and_this_machine() {
        let bypass = ["corp.example".to_owned(), "10.0.0.0/8".to_owned()];
        let proxy = Proxy::new("http://proxy.example:3128", &bypass).expect("a proxy");
        for url in ["https://fly.example", "wss://fly.example/x", "ws://fly.example:81", "http://11.0.0.1"] {
            assert_eq!(host(&proxy, url).as_deref(), Some("http://proxy.example:3128/"), "{url}");
        }
        for url in [
            "https://corp.example",
            "wss://a.corp.example",
            "ws://10.1.2.3",
            "http://127.0.0.2",
            "ws://[::1]:9",
            "http://localhost:3004",
            "ws://a.localhost",
        ] {
            assert_eq!(host(&proxy, url), None, "{url}");
        }
        assert_eq!(host(&Proxy::none(), "https://fly.example"), None);
    }

    #[test]
    fn credentials_go_along_and_stay_out_of_debug() {
        let proxy = Proxy::new("http://al%40b:s%3Acret@proxy.example:3128", &[]).expect("a proxy");
        assert_eq!(host(&proxy, "wss://fly.example").as_deref(), Some("http://al%40b:s%3Acret@proxy.example:3128/"));
        assert!(!format!("{proxy:?}").contains("cret"));
    }

    #[test]
    fn an_address_as_people_write_it_is_a_proxy() {
        for (address, expected) in [
            (" HTTP://Proxy.example:3128 ", "http://proxy.example:3128/"),
            ("http://u:p w@proxy.example", "http://u:p%20w@proxy.example/"),
            ("https://bücher.example", "https://xn--bcher-kva.example/"),
        ] {
            let proxy = Proxy::new(address, &[]).expect(address);
            assert_eq!(host(&proxy, "https://fly.example").as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused() {
        assert_eq!(Proxy::new("proxy.example:3128", &[]).err(), Some(ProxyError::Scheme));
        assert_eq!(Proxy::new("socks5://proxy.example", &[]).err(), Some(ProxyError::Scheme));
        assert_eq!(Proxy::new("nonsense", &[]).err(), Some(ProxyError::Address));
    }
}
