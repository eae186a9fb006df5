//! Screen-lock detection: the content of a toast on a locked screen is visible to anyone.

/// Reports the state at the start and after each change. Never returns. `bus` overrides the addresses of the system bus and
/// the session bus.
///
/// # Platform-specific
/// Linux: `LockedHint` of our logind session, which GNOME, Plasma and others maintain, and the screen screen_savers of other
/// desktops. A locker that sets neither, such as swaylock, is not detected. Other systems: reports nothing.
pub async fn watch(bus: Option<&str>, mut on_change: impl FnMut(bool)) -> std::convert::Infallible {
    #[cfg(target_os = "linux")]
    linux::watch(bus, &mut on_change).await;
    #[cfg(not(target_os = "linux"))]
    let _ = (bus, &mut on_change);
    std::future::pending().await
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use futures_util::StreamExt;
    use zbus::message::Type;
    use zbus::proxy::MethodFlags;
    use zbus::{Connection, MatchRule, MessageStream, OwnedObjectPath, OwnedVariant};

    /// Deadline of a query.
    const DEADLINE: Duration = Duration::from_secs(2);
    /// Capacity of a signal queue.
    const SIGNAL_QUEUE: std::num::NonZeroUsize = std::num::NonZeroUsize::new(256).unwrap();
    const LOGIND: &str = "org.freedesktop.login1";
    const LOGIND_PATH: &str = "/org/freedesktop/login1";
    /// Screen saver names; each implements `GetActive` and `ActiveChanged` at the object path derived from its name.
    const SCREEN_SAVERS: [&str; 5] = [
        "org.freedesktop.ScreenSaver",
        "org.gnome.ScreenSaver",
        "org.cinnamon.ScreenSaver",
        "org.mate.ScreenSaver",
        "org.xfce.ScreenSaver",
    ];

    /// Runs until both buses are closed, which ends the session anyway.
    pub async fn watch(bus: Option<&str>, on_change: &mut impl FnMut(bool)) {
        let mut session = available("logind", LogindSession::open(bus).await);
        let mut screen_savers = available("screen savers", ScreenSavers::open(bus).await);
        let mut last = None;
        // Signals only trigger a query, so their senders need not be verified: the answer comes from the owner of the name.
        while session.is_some() || screen_savers.is_some() || last.is_none() {
            let mut is_locked = false;
            if let Some(session) = &session {
                is_locked |= session.is_locked().await;
            }
            if let Some(screen_savers) = &screen_savers {
                is_locked |= screen_savers.is_locked().await;
            }
            if last != Some(is_locked) {
                on_change(is_locked);
                last = Some(is_locked);
            }
            tokio::select! {
                is_connected = changed(session.as_mut().map(|session| &mut session.signals)) => if !is_connected {
                    session = None;
                },
                is_connected = changed(screen_savers.as_mut().map(|screen_savers| &mut screen_savers.signals)) => if !is_connected {
                    screen_savers = None;
                },
            }
        }
    }

    fn available<T>(who: &str, opened: zbus::Result<T>) -> Option<T> {
        opened.inspect_err(|error| tracing::info!(%error, who, "does not say whether the screen is locked")).ok()
    }

    /// Waits for a signal; false when the bus is closed. Pending forever without a bus. Cancel-safe.
    async fn changed(signals: Option<&mut MessageStream>) -> bool {
        let Some(signals) = signals else { return std::future::pending().await };
        while let Some(Ok(message)) = signals.next().await {
            if message.message_type() == Type::Signal {
                return true;
            }
        }
        false
    }

    /// Our logind session.
    struct LogindSession {
        connection: Connection,
        path: OwnedObjectPath,
        signals: MessageStream,
    }

    impl LogindSession {
        async fn open(bus: Option<&str>) -> zbus::Result<Self> {
            let connection = match bus {
                Some(address) => zbus::connection::Builder::address(address).build().await?,
                None => Connection::system().await?,
            };
            let path = Self::path(&connection).await?;
            let rule = MatchRule::builder()
                .msg_type(Type::Signal)
                .sender(LOGIND)
                .path(&path)
                .interface("org.freedesktop.DBus.Properties")
                .member("PropertiesChanged")
                .build()?;
            let signals = MessageStream::for_match_rule(rule, &connection, Some(SIGNAL_QUEUE)).await?;
            Ok(Self { connection, path, signals })
        }

        /// Object path of the session. A program started by the systemd user manager has no session of its own; `auto` is the
        /// user's graphical session.
        async fn path(connection: &Connection) -> zbus::Result<OwnedObjectPath> {
            let own = std::env::var("XDG_SESSION_ID").ok();
            let manager = "org.freedesktop.login1.Manager";
            for id in own.iter().map(String::as_str).chain(["auto"]) {
                let asked = connection.call_method(Some(LOGIND), LOGIND_PATH, Some(manager), "GetSession", &id).await;
                if let Ok(reply) = asked {
                    return reply.body().deserialize();
                }
            }
            // Fallback for systemd before 243, which lacks `auto`.
            let pid = std::process::id();
            let asked = connection.call_method(Some(LOGIND), LOGIND_PATH, Some(manager), "GetSessionByPID", &pid).await;
            asked?.body().deserialize()
        }

        async fn is_locked(&self) -> bool {
            let property = ("org.freedesktop.login1.Session", "LockedHint");
            let properties = "org.freedesktop.DBus.Properties";
            let asked = self.connection.call_method(Some(LOGIND), &self.path, Some(properties), "Get", &property);
            let Ok(Ok(reply)) = tokio::time::timeout(DEADLINE, asked).await else { return false };
            reply.body().deserialize::<OwnedVariant>().is_ok_and(|hint| bool::try_from(hint).unwrap_or_default())
        }
    }

    /// Screen savers of this desktop.
    struct ScreenSavers {
        connection: Connection,
        signals: MessageStream,
    }

    impl ScreenSavers {
        async fn open(bus: Option<&str>) -> zbus::Result<Self> {
            let mut connection = match bus {
                Some(address) => zbus::connection::Builder::address(address).build().await?,
                None => Connection::session().await?,
            };
            connection.set_max_queued(SIGNAL_QUEUE);
            let signals = MessageStream::from(&connection);
            let bus = zbus::fdo::DBusProxy::new(&connection).await?;
            for name in SCREEN_SAVERS {
                let signal = || MatchRule::builder().msg_type(Type::Signal);
                bus.add_match_rule(signal().interface(name).member("ActiveChanged").build()?).await?;
                // A screen saver that exits unlocks the screen.
                let owners = signal().sender("org.freedesktop.DBus").member("NameOwnerChanged").arg(0, name);
                bus.add_match_rule(owners.build()?).await?;
            }
            Ok(Self { connection, signals })
        }

        async fn is_locked(&self) -> bool {
            for name in SCREEN_SAVERS {
                if let Ok(Ok(true)) = tokio::time::timeout(DEADLINE, self.is_active(name)).await {
                    return true;
                }
            }
            false
        }

        async fn is_active(&self, name: &str) -> zbus::Result<bool> {
            let path = format!("/{}", name.replace('.', "/"));
            let proxy = zbus::proxy::Builder::<zbus::Proxy<'_>>::new(&self.connection)
                .destination(name)
                .path(path)
                .interface(name)
                .cache_properties(zbus::proxy::CacheProperties::No)
                .build()
                .await?;
            // The query must not start a screen saver that is not running.
            let answer: Option<bool> = proxy.call_with_flags("GetActive", MethodFlags::NO_AUTO_START, &()).await?;
            Ok(answer.unwrap_or_default())
        }
    }
}
