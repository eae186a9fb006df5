//! The line between: cut, half-open, slow, flapping, and bytes that do not arrive as they were sent.

use std::time::Duration;

use peers::bench::{Lab, Setup, Trusted};
use support::certs::{Authority, Flaw};
use support::proxy::{Cut, Line, Mangle, Way};
use support::raw::Step;

use super::row::{Expect, Row};

/// pingInterval + pingTimeout of the servers here, and a second.
const SILENCE: Duration = Duration::from_secs(3);
const TLS: Setup =
    Setup { host: "127.0.0.1", tls: Some(Trusted::BySystem), real: None, gate: false, clock: false, online: true };
const STALLED: Line = Line { stalled: true, delay: Duration::ZERO, bytes_per_sec: None };

pub fn rows() -> Vec<Row> {
    vec![
        Row::new("TCP reset", 4, Expect::Down(&["connectionLost"]), |lab| cut(lab, Cut::Reset)),
        Row::new("end of the stream without a close frame (FIN)", 4, Expect::Down(&["connectionLost"]), |lab| {
            cut(lab, Cut::Fin)
        }),
        Row::new(
            "half-open: nothing arrives in either direction",
            6,
            Expect::DownWithin(SILENCE, &["timeout"]),
            |lab| {
                Box::pin(async {
                    lab.proxy.set_line(Way::Up, STALLED);
                    lab.proxy.set_line(Way::Down, STALLED);
                })
            },
        ),
        Row::new("half-open towards the client only", 6, Expect::DownWithin(SILENCE, &["timeout"]), |lab| {
            Box::pin(async { lab.proxy.set_line(Way::Down, STALLED) })
        }),
        Row::new("network flaps 10 times in 3 s", 8, Expect::Down(&["connectionLost"]), |lab| Box::pin(flap(lab))),
        Row::new("line of 500 bytes a second", 6, Expect::Stays, |lab| {
            Box::pin(async {
                let slow = Line { bytes_per_sec: Some(500), ..Line::default() };
                lab.proxy.set_line(Way::Up, slow);
                lab.proxy.set_line(Way::Down, slow);
            })
        }),
        Row::new("half a second more each way", 6, Expect::Stays, |lab| {
            Box::pin(async {
                let far = Line { delay: Duration::from_millis(500), ..Line::default() };
                lab.proxy.set_line(Way::Up, far);
                lab.proxy.set_line(Way::Down, far);
            })
        }),
        Row::new("handshake at 8 bytes a second", 15, Expect::Down(&["timeout"]), |lab| {
            Box::pin(async {
                let dripping = Line { bytes_per_sec: Some(8), ..Line::default() };
                lab.proxy.set_line(Way::Down, dripping);
                lab.proxy.cut(Cut::Reset);
            })
        }),
        Row::new("a frame arrives twice", 4, Expect::Stays, |lab| mangled(lab, Mangle::Duplicate)),
        Row::new("the second half of a frame is lost", 6, Expect::Down(&["connectionLost", "timeout"]), |lab| {
            mangled(lab, Mangle::Truncate)
        }),
        Row::new("the last byte of an event is corrupted", 4, Expect::Down(&["connectionLost"]), |lab| {
            mangled(lab, Mangle::Corrupt)
        }),
        Row::new("certificate for another host", 5, Expect::Out(&["certificate"]), |lab| {
            Box::pin(async { lab.swap_certificate(lab.authority.server(Flaw::Name)) })
        })
        .with(TLS),
        Row::new("certificate expired", 5, Expect::Out(&["certificate"]), |lab| {
            Box::pin(async { lab.swap_certificate(lab.authority.server(Flaw::Expired)) })
        })
        .with(TLS),
        Row::new("certificate of an authority that nobody trusts", 5, Expect::Out(&["certificate"]), |lab| {
            Box::pin(async { lab.swap_certificate(Authority::new().server(Flaw::None)) })
        })
        .with(TLS),
        Row::new("certificate of a private authority that the system trusts", 4, Expect::GetsAround, |lab| {
            Box::pin(async { lab.swap_certificate(lab.authority.server(Flaw::None)) })
        })
        .with(TLS),
        Row::new(
            "certificate of a private authority in the settings (`network.caFile`)",
            4,
            Expect::GetsAround,
            |lab| Box::pin(async { lab.swap_certificate(lab.authority.server(Flaw::None)) }),
        )
        .with(Setup { tls: Some(Trusted::BySettings), ..TLS }),
        Row::new("plain HTTP where TLS was", 5, Expect::Out(&["certificate"]), |lab| {
            Box::pin(async {
                lab.raw.set(|manner| manner.tls = None);
                lab.proxy.cut(Cut::Reset);
            })
        })
        .with(TLS),
    ]
}

fn cut(lab: &mut Lab, form: Cut) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move { lab.proxy.cut(form) })
}

/// The mangled chunk is an event, so that no ping comes between.
fn mangled(lab: &mut Lab, mangle: Mangle) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move {
        lab.proxy.mangle(Way::Down, mangle);
        lab.raw.order(Step::Text(r#"42["booking:updated",{"data":{"bookingId":"b","status":"X"}}]"#.to_owned()));
    })
}

async fn flap(lab: &mut Lab) {
    let mut beat = tokio::time::interval(Duration::from_millis(300));
    for _ in 0..10 {
        beat.tick().await;
        lab.proxy.cut(Cut::Reset);
    }
}
