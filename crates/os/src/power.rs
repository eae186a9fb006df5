//! The end of a sleep, as the system announces it. Where it does not, the engine notices by its clocks.

/// Tells each time when the machine has woken. Never ends. `bus` is a D-Bus address other than that of the system.
///
/// # Platform-specific
/// Linux: `PrepareForSleep` of logind. Elsewhere nothing is told.
pub async fn watch(bus: Option<&str>, mut woke: impl AsyncFnMut()) -> std::convert::Infallible {
    #[cfg(target_os = "linux")]
    linux::watch(bus, &mut woke).await;
    #[cfg(not(target_os = "linux"))]
    let _ = (bus, &mut woke);
    std::future::pending().await
}

#[cfg(target_os = "linux")]
mod linux {
    use futures_util::StreamExt;
    use zbus::{Connection, MatchRule, MessageStream};

    /// Until the bus goes, which no system survives.
    pub async fn watch(bus: Option<&str>, woke: &mut impl AsyncFnMut()) {
        match listen(bus).await {
            Ok(mut signals) => {
                while let Some(signal) = signals.next().await {
                    // True before the sleep, false after it.
                    if signal.is_ok_and(|signal| signal.body().deserialize::<bool>().is_ok_and(|before| !before)) {
                        woke().await;
                    }
                }
                tracing::warn!("the system's bus has gone; a wake is noticed by the clock");
            }
            Err(error) => tracing::info!(%error, "no logind here; a wake is noticed by the clock"),
        }
    }

    async fn listen(bus: Option<&str>) -> zbus::Result<MessageStream> {
        let connection = match bus {
            Some(address) => zbus::connection::Builder::address(address).build().await?,
            None => Connection::system().await?,
        };
        // The bus lets only logind own its name, and only the owner's signals through.
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender("org.freedesktop.login1")
            .path("/org/freedesktop/login1")
            .interface("org.freedesktop.login1.Manager")
            .member("PrepareForSleep")
            .build()?;
        MessageStream::for_match_rule(rule, &connection, None).await
    }
}
