//! Context shared by the parts of a link, and the ways a link can end.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::Language;
use domain::connection::LinkReason;
use domain::settings::Account;
use tokio::sync::{mpsc, watch};

use crate::jobs::Jobs;
use crate::network::NetworkConfig;
use crate::pipeline::WriterInput;
use crate::preferences::EffectivePreferences;
use crate::rest::Rest;
use crate::server_clock::ServerClock;
use crate::status::Status;

/// How long the writer may take to make room before the link is given up: a server must not think that we listen.
pub(super) const WRITER_PATIENCE: Duration = Duration::from_secs(20);

/// What every link needs and none owns.
#[derive(Clone)]
pub(super) struct LinkContext {
    pub rest: Rest,
    pub network: watch::Receiver<NetworkConfig>,
    pub clock: ServerClock,
    pub writer: mpsc::Sender<WriterInput>,
    pub status: Status,
    pub jobs: Jobs,
    pub rooms: watch::Receiver<Vec<String>>,
    pub preferences: watch::Receiver<Arc<EffectivePreferences>>,
    /// This machine's addresses; `None` while nobody has told.
    pub addresses: watch::Receiver<Option<Arc<[IpAddr]>>>,
}

impl LinkContext {
    /// The language that the person is spoken to in now.
    pub fn language(&self) -> Language {
        self.preferences.borrow().locale.language
    }

    /// Whether this machine is known to have no network.
    pub fn network_is_down(&self) -> bool {
        self.addresses.borrow().as_ref().is_some_and(|addresses| !addresses.iter().any(is_of_a_network))
    }
}

/// Whether an address leads anywhere.
pub(super) fn is_of_a_network(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    }
}

/// How a link ended.
pub(super) enum LinkEnd {
    /// We were asked to stop, and said goodbye.
    Stopped,
    /// The server did not accept the token; in its words, where it had some.
    TokenRefused { server_message: Option<String> },
    /// Somebody has to sign in.
    SignInNeeded(LinkReason),
    /// The server ended the session when its token expired; a fresh one is there.
    TokenExpired,
    /// Anything else.
    Failed { reason: LinkReason, online_for: Option<Duration>, retry_after: Option<Duration> },
}

impl LinkEnd {
    pub fn failed(reason: LinkReason) -> Self {
        Self::Failed { reason, online_for: None, retry_after: None }
    }
}

/// The server, as people call it.
pub(super) fn host(account: &Account) -> &str {
    account.booking().as_url().host_str().unwrap_or("the server")
}
