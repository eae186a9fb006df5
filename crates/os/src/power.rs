//! Wake-up notifications. Where the system sends none, the engine detects a sleep by its clocks.

/// Reports each wake-up of the machine. Never returns. `bus` overrides the address of the system bus.
///
/// # Platform-specific
/// Linux: `PrepareForSleep` of logind. Other systems: reports nothing.
pub async fn watch(bus: Option<&str>, mut on_wake: impl AsyncFnMut()) -> std::convert::Infallible {
    #[cfg(target_os = "linux")]
    linux::watch(bus, &mut on_wake).await;
    #[cfg(not(target_os = "linux"))]
    let _ = (bus, &mut on_wake);
    std::future::pending().await
}

#[cfg(target_os = "linux")]
mod linux {
    use futures_util::StreamExt;
    use zbus::{Connection, MatchRule, MessageStream};

    /// Runs until the system bus is closed, which normally happens at shutdown only.
    pub async fn watch(bus: Option<&str>, on_wake: &mut impl AsyncFnMut()) {
        match listen(bus).await {
            Ok(mut signals) => {
                while let Some(signal) = signals.next().await {
                    // The argument is true before the sleep and false after it.
                    if signal.is_ok_and(|signal| signal.body().deserialize::<bool>().is_ok_and(|before| !before)) {
                        on_wake().await;
                    }
                }
                tracing::warn!("the system bus is closed; wake-ups are detected by the clock");
            }
            Err(error) => tracing::info!(%error, "logind is not available; wake-ups are detected by the clock"),
        }
    }

    async fn listen(bus: Option<&str>) -> zbus::Result<MessageStream> {
        let connection = match bus {
            Some(address) => zbus::connection::Builder::address(address).build().await?,
            None => Connection::system().await?,
        };
        // The bus policy lets only logind own this name, and the rule passes signals of the owner only.
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
