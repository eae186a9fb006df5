//! One run: a peer, the proxy that it goes through, and the servers behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use client::SettingsFile;
use domain::account::ServerUrl;
use domain::settings::{Account, Settings};
use serde_json::json;
use support::engine::EMAIL;
use support::proxy::{Cut, Proxy};
use support::raw::{Manner, Raw, Step, access_token};
use tempfile::TempDir;
use tokio::time::Instant;

use super::certs::{Authority, Flaw};
use super::peer::{Kind, Peer, programs};
use super::real::Real;

/// Between two events that are sent to see whether they arrive.
const PROBE: Duration = Duration::from_millis(200);

/// What a run starts with.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// The host in the peer's address.
    pub host: &'static str,
    /// TLS, by an authority that the system trusts.
    pub tls: bool,
    /// A real server behind the proxy.
    pub real: bool,
    /// Whether it is online before the fault.
    pub online: bool,
    /// How long the first access token lives.
    pub access_secs: i64,
}

impl Default for Setup {
    fn default() -> Self {
        Self { host: "127.0.0.1", tls: false, real: false, online: true, access_secs: 3600 }
    }
}

/// A run.
pub struct Lab {
    /// The scripted server.
    pub raw: Raw,
    /// The real one, where there is one.
    pub real: Option<Real>,
    /// The line.
    pub proxy: Proxy,
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
    _folder: TempDir,
}

impl Lab {
    /// Starts all of it, and waits until the peer gets events.
    pub async fn start(kind: Kind, setup: Setup) -> Self {
        let folder = tempfile::Builder::new().prefix("gatecall-peer-").tempdir().unwrap();
        let authority = Authority::new();
        let manner = Manner { tls: setup.tls.then(|| authority.server(Flaw::None)), ..Manner::default() };
        let raw = Raw::start(manner.clone()).await;
        let real = if setup.real { Some(Real::start(1_000, 1_000).await) } else { None };
        let upstream = real.as_ref().map_or(raw.address(), |real| ([127, 0, 0, 1], real.port).into());
        let proxy = Proxy::start(upstream).await;
        let scheme = if setup.tls { "https" } else { "http" };
        let url = format!("{scheme}://{}:{}", setup.host, proxy.address().port());
        let account = Account {
            server: ServerUrl::parse(&url).unwrap(),
            auth_url: None,
            booking_url: None,
            email: EMAIL.to_owned(),
        };
        SettingsFile::in_dir(folder.path()).save(&Settings { account: Some(account), ..Settings::default() }).unwrap();
        let mut command = Peer::command(kind, &programs());
        command.env("PEER_URL", &url).env("PEER_DIR", folder.path());
        let first_token = access_token(setup.access_secs, "first");
        command.env("PEER_TOKEN", &first_token).env("PEER_REFRESH", "refresh-0");
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(variable);
        }
        if setup.tls {
            let trusted = authority.write(folder.path());
            command.env("SSL_CERT_FILE", &trusted).env("NODE_EXTRA_CA_CERTS", &trusted);
        }
        let peer = Peer::start(&mut command);
        let sent = AtomicU64::new(0);
        let mut lab = Self { raw, real, proxy, peer, kind, authority, first_token, sent, manner, _folder: folder };
        if setup.online {
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
