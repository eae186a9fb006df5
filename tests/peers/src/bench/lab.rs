//! One run: a peer, the proxy that it goes through, and the servers behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use client::SettingsFile;
use domain::account::ServerUrl;
use domain::settings::{Account, ProxyChoice, Settings};
use serde_json::json;
use support::certs::{Authority, Flaw};
use support::engine::EMAIL;
use support::forward_proxy::{Gate, Gatekeeper};
use support::proxy::{Cut, Proxy};
use support::raw::{Manner, Raw, Step, access_token};
use tempfile::TempDir;
use tokio::time::Instant;

use super::clock;
use super::peer::{Kind, Peer, programs};
use super::real::Real;

/// Between two events that are sent to see whether they arrive.
const PROBE: Duration = Duration::from_millis(200);

/// What a run starts with.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// The host in the peer's address.
    pub host: &'static str,
    /// TLS, by an authority of our own.
    pub tls: Option<Trusted>,
    /// A real server behind the proxy.
    pub real: Option<RealServer>,
    /// A forward proxy before all of it, with a password. Only ours can be told of it; the others get the variables.
    pub gate: bool,
    /// A wall clock that can be set.
    pub clock: bool,
    /// Whether it is online before the fault.
    pub online: bool,
}

impl Setup {
    /// Whether a client of this kind can be online before the fault: behind a gate only ours can.
    pub fn is_online(self, kind: Kind) -> bool {
        self.online && (kind == Kind::Ours || !self.gate)
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self { host: "127.0.0.1", tls: None, real: None, gate: false, clock: false, online: true }
    }
}

/// Which real server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealServer {
    /// With the defaults.
    Plain,
    /// With connection state recovery.
    Recovering,
}

/// How the authority is made known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trusted {
    /// The system trusts it.
    BySystem,
    /// `network.caFile` of our settings; with Node its own variable, with OpenSSL the system's.
    BySettings,
}

/// A run.
pub struct Lab {
    /// The scripted server.
    pub raw: Raw,
    /// The real one, where there is one.
    pub real: Option<Real>,
    /// The line.
    pub proxy: Proxy,
    /// The forward proxy, where there is one.
    pub gate: Option<Gate>,
    /// Who goes through it.
    pub peer: Peer,
    /// Whose client that is.
    pub kind: Kind,
    /// Makes certificates.
    pub authority: Authority,
    /// The token that the peer starts with.
    pub first_token: String,
    sent: AtomicU64,
    manner: Manner,
    folder: TempDir,
}

impl Lab {
    /// Starts all of it, and waits until the peer gets events.
    pub async fn start(kind: Kind, setup: Setup) -> Self {
        let folder = tempfile::Builder::new().prefix("gatecall-peer-").tempdir().unwrap();
        let authority = Authority::new();
        let manner = Manner { tls: setup.tls.map(|_| authority.server(Flaw::None)), ..Manner::default() };
        let raw = Raw::start(manner.clone()).await;
        let real = match setup.real {
            Some(RealServer::Plain) => Some(Real::start(1_000, 1_000).await),
            Some(RealServer::Recovering) => Some(Real::recovering(1_000, 1_000).await),
            None => None,
        };
        let upstream = real.as_ref().map_or(raw.address(), |real| ([127, 0, 0, 1], real.port).into());
        let proxy = Proxy::start(upstream).await;
        let gate = if setup.gate { Some(Gate::start(proxy.address()).await) } else { None };
        let scheme = if setup.tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}:{}", setup.host, proxy.address().port());
        let account = Account {
            server: ServerUrl::parse(&url).unwrap(),
            auth_url: None,
            booking_url: None,
            email: EMAIL.to_owned(),
        };
        let mut settings = Settings { account: Some(account), ..Settings::default() };
        settings.network.proxy = gate.as_ref().map_or(ProxyChoice::None, |gate| ProxyChoice::At(gate.url()));
        settings.network.ca_file = (setup.tls == Some(Trusted::BySettings)).then(|| authority.write(folder.path()));
        SettingsFile::in_dir(folder.path()).save(&settings).unwrap();
        let mut command = Peer::command(kind, &programs());
        command.env("PEER_URL", &url).env("PEER_DIR", folder.path());
        let first_token = access_token(3600, "first");
        command.env("PEER_TOKEN", &first_token).env("PEER_REFRESH", "refresh-0");
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(variable);
        }
        if let Some(trusted) = setup.tls {
            let authority = authority.write(folder.path());
            command.env("NODE_EXTRA_CA_CERTS", &authority);
            if kind != Kind::Ours || trusted == Trusted::BySystem {
                command.env("SSL_CERT_FILE", &authority);
            }
        }
        if let Some(gate) = gate.as_ref().filter(|_| kind != Kind::Ours) {
            command.env("HTTP_PROXY", gate.url()).env("http_proxy", gate.url()).env("ALL_PROXY", gate.url());
        }
        if setup.clock {
            clock::let_set(&mut command, folder.path());
        }
        let peer = Peer::start(&mut command);
        let sent = AtomicU64::new(0);
        let mut lab = Self { raw, real, proxy, gate, peer, kind, authority, first_token, sent, manner, folder };
        if setup.is_online(kind) {
            assert!(
                lab.is_served(Duration::from_secs(60)).await.is_some(),
                "{kind:?} never came up: {:?}",
                lab.peer.heard()
            );
        }
        lab
    }

    /// New connections walk through these steps, and the present one is reset.
    pub fn reconnect_into(&self, steps: Vec<Step>) {
        self.raw.set(|manner| manner.socket = steps);
        self.proxy.cut(Cut::Reset);
    }

    /// Everything is as it was before the fault; the server starts again where it was killed.
    pub async fn calm(&mut self) {
        let manner = self.manner.clone();
        self.raw.set(move |now| *now = manner);
        self.proxy.calm();
        if let Some(gate) = &self.gate {
            gate.set(Gatekeeper::Honest);
        }
        if let Some(real) = &self.real {
            real.resume().await;
        }
    }

    /// Sends events until the peer gets one; how long that took.
    pub async fn is_served(&mut self, limit: Duration) -> Option<Duration> {
        let start = Instant::now();
        let before = self.peer.heard().events;
        while start.elapsed() < limit {
            self.send_event().await;
            // What is sent while nobody is connected is lost, so it is sent again.
            if self.peer.within(PROBE, |heard| heard.events > before).await.is_some() {
                return Some(start.elapsed());
            }
        }
        None
    }

    /// One event, like no other.
    pub async fn send_event(&mut self) {
        let number = self.sent.fetch_add(1, Relaxed);
        let payload = json!({ "event": "BOOKING_CREATED", "timestamp": number,
            "data": { "bookingId": format!("b-{number}"), "pnr": "ABC123", "status": "PENDING" } });
        self.raw.order(Step::Text(format!("42{}", json!(["booking:created", payload]))));
        if let Some(real) = &mut self.real {
            real.emit(json!(["booking:created", payload])).await;
        }
    }

    /// Sets the peer's wall clock off by so many seconds.
    pub fn set_clock(&self, by_secs: i64) {
        clock::set(self.folder.path(), by_secs);
    }

    /// Another certificate for connections that come from now on.
    pub fn swap_certificate(&self, config: Arc<rustls::ServerConfig>) {
        self.raw.set(|manner| manner.tls = Some(config));
        self.proxy.cut(Cut::Reset);
    }

    /// Ends it in order.
    pub async fn stop(self) {
        self.peer.stop().await;
        self.proxy.stop().await;
    }
}
