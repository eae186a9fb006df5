//! Faults of the server's TLS certificate.

use peers::bench::{BenchSetup, TrustSource};
use support::certs::{CertificateAuthority, CertificateFlaw};
use support::fault_proxy::CutKind;

use super::fault::{Expectation, Fault};

const WITH_TLS: BenchSetup = BenchSetup {
    host: "127.0.0.1",
    tls: Some(TrustSource::SystemStore),
    node_server: None,
    forward_proxy: false,
    clock: false,
    online: true,
};

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::new("certificate for another host", 5, Expectation::DownThroughout(&["certificate"]), |bench| {
            Box::pin(async { bench.swap_certificate(bench.authority.server(CertificateFlaw::Name)) })
        })
        .with_setup(WITH_TLS),
        Fault::new("certificate expired", 5, Expectation::DownThroughout(&["certificate"]), |bench| {
            Box::pin(async { bench.swap_certificate(bench.authority.server(CertificateFlaw::Expired)) })
        })
        .with_setup(WITH_TLS),
        Fault::new(
            "certificate of an authority that nobody trusts",
            5,
            Expectation::DownThroughout(&["certificate"]),
            |bench| {
                Box::pin(async { bench.swap_certificate(CertificateAuthority::new().server(CertificateFlaw::None)) })
            },
        )
        .with_setup(WITH_TLS),
        Fault::new("certificate of a private authority that the system trusts", 4, Expectation::Recovers, |bench| {
            Box::pin(async { bench.swap_certificate(bench.authority.server(CertificateFlaw::None)) })
        })
        .with_setup(WITH_TLS),
        Fault::new(
            "certificate of a private authority in the settings (`network.caFile`)",
            4,
            Expectation::Recovers,
            |bench| Box::pin(async { bench.swap_certificate(bench.authority.server(CertificateFlaw::None)) }),
        )
        .with_setup(BenchSetup { tls: Some(TrustSource::SettingsFile), ..WITH_TLS }),
        Fault::new("plain HTTP where TLS was", 5, Expectation::DownThroughout(&["certificate"]), |bench| {
            Box::pin(async {
                bench.scripted.set(|script| script.tls = None);
                bench.proxy.cut(CutKind::Reset);
            })
        })
        .with_setup(WITH_TLS),
    ]
}
