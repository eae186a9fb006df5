//! Network configuration: one trust store and one proxy policy for REST and the socket.

use std::sync::Arc;

use domain::settings::{NetworkSettings, ProxyChoice};
use socketio::tls::{self, TrustError};
use socketio::{Proxy, ProxyError};

/// What REST and the socket share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct NetworkConfig {
    /// Whose certificates are trusted.
    pub tls: Arc<rustls::ClientConfig>,
    /// Which connections go through a proxy.
    pub proxy: Proxy,
}

/// A way that is ready to be gone.
#[derive(Debug)]
pub(crate) struct PreparedNetwork {
    /// As the settings have it.
    pub choice: NetworkSettings,
    /// For the socket.
    pub network: NetworkConfig,
    /// For REST.
    pub http: reqwest::Client,
}

/// Why the settings describe no way to the server.
#[derive(Debug, thiserror::Error)]
pub enum NetworkConfigError {
    /// The certificates cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The proxy cannot be used. The address is left out: it may hold a password.
    #[error("network.proxy: {0}")]
    Proxy(#[from] ProxyError),
}

impl NetworkConfig {
    /// What the settings say.
    ///
    /// # Errors
    /// See [`NetworkConfigError`].
    pub fn of_settings(choice: &NetworkSettings) -> Result<Self, NetworkConfigError> {
        let tls = match &choice.ca_file {
            Some(path) => tls::config_with_ca_file(path)?,
            None => tls::platform_config().map_err(TrustError::from)?,
        };
        let proxy = match &choice.proxy {
            ProxyChoice::Environment => Proxy::from_env(),
            ProxyChoice::None => Proxy::none(),
            ProxyChoice::At(address) => Proxy::new(address, &choice.bypass)?,
        };
        Ok(Self { tls: Arc::new(tls), proxy })
    }
}
