//! The machine's addresses, now and whenever they change: from the kernel's own announcements on every system.

use std::net::IpAddr;

use netwatcher::async_adapter::Tokio;
use netwatcher::{Update, watch_interfaces_async};

/// Tells the addresses of all interfaces that are up, at once and after every change; in no order. Never ends; when the
/// system announces nothing, nothing is told. Cancel-safe: a new call starts over.
pub async fn watch(mut tell: impl FnMut(Vec<IpAddr>)) -> std::convert::Infallible {
    match watch_interfaces_async::<Tokio>() {
        Ok(mut interfaces) => loop {
            tell(addresses(&interfaces.changed().await));
        },
        Err(error) => {
            tracing::warn!(%error, "changes of the network are not noticed at once");
            std::future::pending().await
        }
    }
}

fn addresses(update: &Update) -> Vec<IpAddr> {
    update.interfaces.values().flat_map(|interface| &interface.ips).map(|record| record.ip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_loopback_is_told_at_once() {
        let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
        let watching = watch(|addresses| drop(sender.send(addresses)));
        tokio::select! {
            never = watching => match never {},
            first = told.recv() => assert!(first.expect("addresses").contains(&IpAddr::from([127, 0, 0, 1]))),
        }
    }
}
