//! Errors of setting up the engine, or a REST client from the settings.

use crate::network::NetworkConfigError;
use crate::settings_file::SettingsError;
use crate::store::StoreError;

/// Why the engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The inbox cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The settings cannot be used; they are left as they are.
    #[error("the settings cannot be read: {0}")]
    Settings(#[from] SettingsError),
    /// The settings describe no way to the server.
    #[error(transparent)]
    Network(#[from] NetworkConfigError),
    /// The HTTP library refuses its configuration.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
    /// No thread is to be had.
    #[error("the writer thread cannot be started")]
    Thread(#[source] std::io::Error),
}
