//! Trust: the platform's own roots, with the `ring` provider named, so that no process-wide default is needed.

use std::sync::Arc;

use rustls_platform_verifier::BuilderVerifierExt;

/// A configuration that trusts what the operating system trusts.
///
/// # Errors
/// The platform's trust store cannot be read.
pub fn platform_config() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(config)
}
