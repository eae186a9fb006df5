//! Network settings of a running engine: read, changed and tried out.

use domain::Language;
use domain::account::ServerUrl;
use domain::server_check::ServerCheck;
use domain::settings::{BypassError, NetworkSettings};
use domain::text::{NetworkProblem, way_problem};
use socketio::ProxyError;
use socketio::tls::TrustError;
use tokio::sync::oneshot;

use super::{CommandError, Engine};
use crate::network::{NetworkConfig, NetworkConfigError, PreparedNetwork};
use crate::rest::Rest;
use crate::server_check::check_server;
use crate::supervisor;

/// Why a way to the server cannot be gone. Every message is for a person.
#[derive(Debug, thiserror::Error)]
pub enum ApplyNetworkError {
    /// The proxy, or a host beside it.
    #[error("{0}")]
    Proxy(String),
    /// The file with certificates.
    #[error("{0}")]
    CaFile(String),
    /// The system or a library has none.
    #[error("{0}")]
    Unusable(String),
    /// The program is ending.
    #[error("Gatecall is ending")]
    Ending,
}

impl Engine {
    /// The way to the server, as the settings have it, with a proxy's password.
    ///
    /// # Errors
    /// The program is ending.
    pub async fn network(&self) -> Result<NetworkSettings, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.tell(supervisor::SupervisorCommand::Network { reply }).await;
        answer.await.map_err(|_| CommandError::Ending)
    }

    /// Changes it, at once and for good, and connects anew. A password that is `*` stays what it was.
    ///
    /// # Errors
    /// See [`ApplyNetworkError`]; then nothing has changed.
    pub async fn set_network(&self, choice: NetworkSettings) -> Result<(), ApplyNetworkError> {
        let language = self.preferences.borrow().locale.language;
        let refused = |problem: &NetworkProblem<'_>| ApplyNetworkError::Proxy(way_problem(problem, language));
        let mut choice = choice.tidied().map_err(|BypassError(host)| refused(&NetworkProblem::Bypass(&host)))?;
        let before = self.network().await.map_err(|_| ApplyNetworkError::Ending)?;
        choice.proxy =
            choice.proxy.with_password_of(&before.proxy).ok_or_else(|| refused(&NetworkProblem::ProxyPassword))?;
        // Certificates are read from the disk.
        let made = tokio::task::spawn_blocking(move || {
            let network = NetworkConfig::of_settings(&choice).map_err(|error| unusable(error, &choice, language))?;
            let http = Rest::client(&network).map_err(|error| ApplyNetworkError::Unusable(format!("{error}.")))?;
            Ok(PreparedNetwork { choice, network, http })
        });
        let way = made.await.map_err(|_| ApplyNetworkError::Ending)??;
        let (reply, done) = oneshot::channel();
        self.tell(supervisor::SupervisorCommand::SetNetwork { way: Box::new(way), reply }).await;
        done.await.map_err(|_| ApplyNetworkError::Ending)
    }

    /// Looks at a server by the way of now, without signing in. Takes 8 s at most.
    pub async fn check_server(&self, server: &ServerUrl) -> ServerCheck {
        let (network, language) = (self.network.borrow().clone(), self.preferences.borrow().locale.language);
        check_server(server, &network, &self.rest, language).await
    }
}

fn unusable(error: NetworkConfigError, choice: &NetworkSettings, language: Language) -> ApplyNetworkError {
    let say = |problem: &NetworkProblem<'_>| way_problem(problem, language);
    match (error, &choice.ca_file) {
        (NetworkConfigError::Proxy(ProxyError::Address), _) => {
            ApplyNetworkError::Proxy(say(&NetworkProblem::ProxyAddress))
        }
        (NetworkConfigError::Proxy(ProxyError::Scheme), _) => ApplyNetworkError::Proxy(say(&NetworkProblem::ProxyKind)),
        (NetworkConfigError::Trust(TrustError::Io { path, source }), _) => {
            ApplyNetworkError::CaFile(say(&NetworkProblem::CaUnread(&path.display().to_string(), &source.to_string())))
        }
        (NetworkConfigError::Trust(_), Some(path)) => {
            ApplyNetworkError::CaFile(say(&NetworkProblem::CaEmpty(&path.display().to_string())))
        }
        (NetworkConfigError::Trust(error), None) => ApplyNetworkError::Unusable(format!("{error}.")),
    }
}
