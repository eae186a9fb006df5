//! Network change notifications: the machine's addresses, as the operating system announces them.

use std::net::IpAddr;

use netwatcher::async_adapter::Tokio;
use netwatcher::{Update, watch_interfaces_async};

/// Reports the addresses of all active interfaces, at once and after every change, in no particular order. Never returns.
/// Reports nothing where the system announces nothing. Cancel-safe: a new call starts over.
pub async fn watch(mut on_change: impl FnMut(Vec<IpAddr>)) -> std::convert::Infallible {
    match watch_interfaces_async::<Tokio>() {
        Ok(mut interfaces) => loop {
            on_change(addresses(&interfaces.changed().await));
        },
        Err(error) => {
            tracing::warn!(%error, "network changes are not announced; they are detected with a delay");
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
    async fn the_loopback_is_reported_at_once() {
        let (sender, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let watching = watch(|addresses| drop(sender.send(addresses)));
        tokio::select! {
            never = watching => match never {},
            first = reports.recv() => assert!(first.expect("addresses").contains(&IpAddr::from([127, 0, 0, 1]))),
        }
    }
}
