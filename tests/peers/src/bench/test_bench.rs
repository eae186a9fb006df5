//! One run of a fault: a peer, the fault proxy in front of it, and the servers behind the proxy.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use client::SettingsFile;
use domain::account::ServerUrl;
use domain::settings::{Account, ProxyChoice, Settings};
use serde_json::json;
use support::certs::{CertificateAuthority, CertificateFlaw};
use support::engine::EMAIL;
use support::fault_proxy::{CutKind, FaultProxy};
use support::forward_proxy::{ForwardProxy, ProxyMode};
use support::scripted_server::{ScriptStep, ScriptedServer, ServerScript, access_token};
use tempfile::TempDir;
use tokio::time::Instant;

use super::clock;
use super::node_server::NodeServer;
use super::peer_process::{ClientKind, PeerProcess, programs};

/// The interval of the probe events.
const PROBE: Duration = Duration::from_millis(200);

/// The setup of a run.
#[derive(Debug, Clone, Copy)]
pub struct BenchSetup {
    /// The host in the peer's URL.
    pub host: &'static str,
    /// TLS with a certificate of the test's authority.
    pub tls: Option<TrustSource>,
    /// A real server on Node.js behind the proxy.
    pub node_server: Option<NodeServerKind>,
    /// A forward proxy with a password in front of everything. Only our client has a setting for it; the others get the
    /// environment variables.
    pub forward_proxy: bool,
    /// A wall clock that can be changed.
    pub clock: bool,
    /// Whether the client is online before the fault.
    pub online: bool,
}

impl BenchSetup {
    /// Whether this client can be online before the fault: behind the forward proxy only ours can.
    pub fn is_online(self, kind: ClientKind) -> bool {
        self.online && (kind == ClientKind::Ours || !self.forward_proxy)
    }
}

impl Default for BenchSetup {
    fn default() -> Self {
        Self { host: "127.0.0.1", tls: None, node_server: None, forward_proxy: false, clock: false, online: true }
    }
}

/// The kind of the server on Node.js.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeServerKind {
    /// Default options.
    Plain,
    /// With connection state recovery.
    Recovering,
}

/// How the certificate authority is made known to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustSource {
    /// The system trusts it.
    SystemStore,
    /// `network.caFile` in our settings; Node's own variable; the system's store for OpenSSL.
    SettingsFile,
}

/// All parts of a run.
pub struct TestBench {
    /// The scripted server.
    pub scripted: ScriptedServer,
    /// The server on Node.js, if the setup has one.
    pub node_server: Option<NodeServer>,
    /// The fault proxy.
    pub proxy: FaultProxy,
    /// The forward proxy, if the setup has one.
    pub forward_proxy: Option<ForwardProxy>,
    /// The client's process.
    pub peer: PeerProcess,
    /// The client.
    pub kind: ClientKind,
    /// The authority of the certificates.
    pub authority: CertificateAuthority,
    /// The client's first token.
    pub first_token: String,
    sent: AtomicU64,
    script: ServerScript,
    folder: TempDir,
}

impl TestBench {
    /// Starts all parts, and waits until the peer receives events.
    pub async fn start(kind: ClientKind, setup: BenchSetup) -> Self {
        let folder = tempfile::Builder::new().prefix("gatecall-peer-").tempdir().unwrap();
        let authority = CertificateAuthority::new();
        let script =
            ServerScript { tls: setup.tls.map(|_| authority.server(CertificateFlaw::None)), ..ServerScript::default() };
        let scripted = ScriptedServer::start(script.clone()).await;
        let node_server = match setup.node_server {
            Some(NodeServerKind::Plain) => Some(NodeServer::start(1_000, 1_000).await),
            Some(NodeServerKind::Recovering) => Some(NodeServer::recovering(1_000, 1_000).await),
            None => None,
        };
        let upstream =
            node_server.as_ref().map_or(scripted.address(), |node_server| ([127, 0, 0, 1], node_server.port).into());
        let proxy = FaultProxy::start(upstream).await;
        let forward_proxy = if setup.forward_proxy { Some(ForwardProxy::start(proxy.address()).await) } else { None };
        let scheme = if setup.tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}:{}", setup.host, proxy.address().port());
        let account = Account {
            server: ServerUrl::parse(&url).unwrap(),
            auth_url: None,
            booking_url: None,
            email: EMAIL.to_owned(),
        };
        let mut settings = Settings { account: Some(account), ..Settings::default() };
        settings.network.proxy =
            forward_proxy.as_ref().map_or(ProxyChoice::None, |forward_proxy| ProxyChoice::At(forward_proxy.url()));
        settings.network.ca_file =
            (setup.tls == Some(TrustSource::SettingsFile)).then(|| authority.write(folder.path()));
        SettingsFile::in_dir(folder.path()).save(&settings).unwrap();
        let mut command = PeerProcess::command(kind, &programs());
        command.env("PEER_URL", &url).env("PEER_DIR", folder.path());
        let first_token = access_token(3600, "first");
        command.env("PEER_TOKEN", &first_token).env("PEER_REFRESH", "refresh-0");
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(variable);
        }
        if let Some(trusted) = setup.tls {
            let authority = authority.write(folder.path());
            command.env("NODE_EXTRA_CA_CERTS", &authority);
            if kind != ClientKind::Ours || trusted == TrustSource::SystemStore {
                command.env("SSL_CERT_FILE", &authority);
            }
        }
        if let Some(forward_proxy) = forward_proxy.as_ref().filter(|_| kind != ClientKind::Ours) {
            command
                .env("HTTP_PROXY", forward_proxy.url())
                .env("http_proxy", forward_proxy.url())
                .env("ALL_PROXY", forward_proxy.url());
        }
        if setup.clock {
            clock::let_set(&mut command, folder.path());
        }
        let peer = PeerProcess::start(&mut command);
        let sent = AtomicU64::new(0);
        let mut bench = Self {
            scripted,
            node_server,
            proxy,
            forward_proxy,
            peer,
            kind,
            authority,
            first_token,
            sent,
            script,
            folder,
        };
        if setup.is_online(kind) {
            assert!(
                bench.is_served(Duration::from_secs(60)).await.is_some(),
                "{kind:?} never came up: {:?}",
                bench.peer.log()
            );
        }
        bench
    }

    /// Resets the connection; new connections run these steps.
    pub fn reconnect_into(&self, steps: Vec<ScriptStep>) {
        self.scripted.set(|script| script.socket = steps);
        self.proxy.cut(CutKind::Reset);
    }

    /// Ends the fault: all conditions are as before, and a stopped server continues.
    pub async fn end_fault(&mut self) {
        let script = self.script.clone();
        self.scripted.set(move |now| *now = script);
        self.proxy.clear_faults();
        if let Some(forward_proxy) = &self.forward_proxy {
            forward_proxy.set(ProxyMode::ChecksPassword);
        }
        if let Some(node_server) = &self.node_server {
            node_server.resume().await;
        }
    }

    /// Sends events until the peer receives one; returns how long that took.
    pub async fn is_served(&mut self, limit: Duration) -> Option<Duration> {
        let start = Instant::now();
        let before = self.peer.log().events;
        while start.elapsed() < limit {
            self.send_event().await;
            // Events sent while the client is disconnected are lost, so they are repeated.
            if self.peer.within(PROBE, |log| log.events > before).await.is_some() {
                return Some(start.elapsed());
            }
        }
        None
    }

    /// Sends one unique event.
    pub async fn send_event(&mut self) {
        let number = self.sent.fetch_add(1, Relaxed);
        let payload = json!({ "event": "BOOKING_CREATED", "timestamp": number,
            "data": { "bookingId": format!("b-{number}"), "pnr": "ABC123", "status": "PENDING" } });
        self.scripted.inject(ScriptStep::Text(format!("42{}", json!(["booking:created", payload]))));
        if let Some(node_server) = &mut self.node_server {
            node_server.emit(json!(["booking:created", payload])).await;
        }
    }

    /// Sets the offset of the peer's wall clock in seconds.
    pub fn set_clock(&self, by_secs: i64) {
        clock::set(self.folder.path(), by_secs);
    }

    /// Uses another certificate for new connections.
    pub fn swap_certificate(&self, config: Arc<rustls::ServerConfig>) {
        self.scripted.set(|script| script.tls = Some(config));
        self.proxy.cut(CutKind::Reset);
    }

    /// Ends the run in order.
    pub async fn stop(self) {
        self.peer.stop().await;
        self.proxy.stop().await;
    }
}
