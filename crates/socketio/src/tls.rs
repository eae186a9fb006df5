//! Trust: the platform's own roots, with the `ring` provider named, so that no process-wide default is needed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls_platform_verifier::Verifier;

/// The authorities that browsers know are some 200 KiB.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// Why there is no trust to be had.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The platform's trust store cannot be read, or a certificate of the file is none.
    #[error("the trusted certificates cannot be used: {0}")]
    Tls(#[from] rustls::Error),
    /// The file with further certificates cannot be read.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds no certificate.
    #[error("{path} holds no certificate in PEM form")]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
}

/// A configuration that trusts what the operating system trusts.
///
/// # Errors
/// The platform's trust store cannot be read.
pub fn platform_config() -> Result<rustls::ClientConfig, rustls::Error> {
    config(Vec::new())
}

/// A configuration that trusts what the operating system trusts, and the authorities in a PEM file.
///
/// # Errors
/// See [`TrustError`].
pub fn config_with_ca_file(path: &Path) -> Result<rustls::ClientConfig, TrustError> {
    let text = read(path).map_err(|source| TrustError::Io { path: path.to_owned(), source })?;
    let certificates: Result<Vec<_>, PemError> = CertificateDer::pem_slice_iter(&text).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(config(certificates)?),
        _ => Err(TrustError::NoCertificate { path: path.to_owned() }),
    }
}

/// What stands in a file; one that is larger than any list of authorities, or a device without an end, is none.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() || about.len() > MAX_FILE_BYTES {
        return Err(io::Error::other("it is no file of certificates"));
    }
    std::fs::read(path)
}

fn config(authorities: Vec<CertificateDer<'static>>) -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    // Windows makes a second chain engine for further roots; without any it has none to make, and Wine refuses to.
    let verifier = if authorities.is_empty() {
        Verifier::new(Arc::clone(&provider))?
    } else {
        Verifier::new_with_extra_roots(authorities, Arc::clone(&provider))?
    };
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous() // The verifier is the platform's own; there is no safe way to give it further roots.
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}
