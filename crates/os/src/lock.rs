//! Whether the screen is locked, as the desktop says: what a toast tells is then for anybody to read.

/// Tells the state at the start, and each time when it has changed. Never ends. `bus` is a D-Bus address other than those
/// of the system and the session.
///
/// # Platform-specific
/// Linux: `LockedHint` of our session at logind, which GNOME, Plasma and others keep; and the screen savers of desktops
/// that keep their own. A locker that tells nobody, such as swaylock, is not noticed. Elsewhere nothing is told.
pub async fn watch(bus: Option<&str>, mut told: impl FnMut(bool)) -> std::convert::Infallible {
    #[cfg(target_os = "linux")]
    linux::watch(bus, &mut told).await;
    #[cfg(not(target_os = "linux"))]
    let _ = (bus, &mut told);
    std::future::pending().await
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use futures_util::StreamExt;
    use zbus::message::Type;
    use zbus::proxy::MethodFlags;
    use zbus::{Connection, MatchRule, MessageStream, OwnedObjectPath, OwnedVariant};

    /// How long somebody may take to say whether the screen is locked.
    const DEADLINE: Duration = Duration::from_secs(2);
    /// Messages that wait while somebody is asked.
    const QUEUED: std::num::NonZeroUsize = std::num::NonZeroUsize::new(256).unwrap();
    const LOGIND: &str = "org.freedesktop.login1";
    const LOGIND_PATH: &str = "/org/freedesktop/login1";
    /// Each answers `GetActive` and sends `ActiveChanged`, under a path that is its name.
    const SAVERS: [&str; 5] = [
        "org.freedesktop.ScreenSaver",
        "org.gnome.ScreenSaver",
        "org.cinnamon.ScreenSaver",
        "org.mate.ScreenSaver",
        "org.xfce.ScreenSaver",
    ];

    /// Until both buses go, which no session survives.
    pub async fn watch(bus: Option<&str>, told: &mut impl FnMut(bool)) {
        let mut session = found("logind", LogindSession::open(bus).await);
        let mut savers = found("screen savers", Savers::open(bus).await);
        let mut last = None;
        // Signals only say that it is time to ask: so nobody need be believed but who answers under the name.
        while session.is_some() || savers.is_some() || last.is_none() {
            let mut is_locked = false;
            if let Some(session) = &session {
                is_locked |= session.is_locked().await;
            }
            if let Some(savers) = &savers {
                is_locked |= savers.is_locked().await;
            }
            if last != Some(is_locked) {
                told(is_locked);
                last = Some(is_locked);
            }
            tokio::select! {
                is_there = changed(session.as_mut().map(|session| &mut session.signals)) => if !is_there {
                    session = None;
                },
                is_there = changed(savers.as_mut().map(|savers| &mut savers.signals)) => if !is_there {
                    savers = None;
                },
            }
        }
    }

    fn found<T>(who: &str, opened: zbus::Result<T>) -> Option<T> {
        opened.inspect_err(|error| tracing::info!(%error, who, "does not say whether the screen is locked")).ok()
    }

    /// Waits for a signal; false when the bus has gone. Never ends without a bus. Cancel-safe.
    async fn changed(signals: Option<&mut MessageStream>) -> bool {
        let Some(signals) = signals else { return std::future::pending().await };
        while let Some(Ok(message)) = signals.next().await {
            if message.message_type() == Type::Signal {
                return true;
            }
        }
        false
    }

    /// Our session at logind.
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
            let signals = MessageStream::for_match_rule(rule, &connection, Some(QUEUED)).await?;
            Ok(Self { connection, path, signals })
        }

        /// A program that systemd starts for the user is in no session: then `auto` is the one with the display.
        async fn path(connection: &Connection) -> zbus::Result<OwnedObjectPath> {
            let own = std::env::var("XDG_SESSION_ID").ok();
            let manager = "org.freedesktop.login1.Manager";
            for id in own.iter().map(String::as_str).chain(["auto"]) {
                let asked = connection.call_method(Some(LOGIND), LOGIND_PATH, Some(manager), "GetSession", &id).await;
                if let Ok(reply) = asked {
                    return reply.body().deserialize();
                }
            }
            // Before systemd 243.
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

    /// Whoever saves or locks the screen of this desktop.
    struct Savers {
        connection: Connection,
        signals: MessageStream,
    }

    impl Savers {
        async fn open(bus: Option<&str>) -> zbus::Result<Self> {
            let mut connection = match bus {
                Some(address) => zbus::connection::Builder::address(address).build().await?,
                None => Connection::session().await?,
            };
            connection.set_max_queued(QUEUED);
            let signals = MessageStream::from(&connection);
            let bus = zbus::fdo::DBusProxy::new(&connection).await?;
            for name in SAVERS {
                let signal = || MatchRule::builder().msg_type(Type::Signal);
                bus.add_match_rule(signal().interface(name).member("ActiveChanged").build()?).await?;
                // One that goes takes its lock with it.
                let owners = signal().sender("org.freedesktop.DBus").member("NameOwnerChanged").arg(0, name);
                bus.add_match_rule(owners.build()?).await?;
            }
            Ok(Self { connection, signals })
        }

        async fn is_locked(&self) -> bool {
            for name in SAVERS {
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
            // One that is not running is not to be started by a question.
            let answer: Option<bool> = proxy.call_with_flags("GetActive", MethodFlags::NO_AUTO_START, &()).await?;
            Ok(answer.unwrap_or_default())
        }
    }
}
