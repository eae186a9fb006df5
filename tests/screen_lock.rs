//! The screen's lock state, from a fake logind and fake screen savers.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use support::{PATIENCE, eventually};
use tokio::sync::mpsc;
use xtask::desktop::Bus;
use zbus::{Connection, OwnedObjectPath};

const SESSION: &str = "/org/freedesktop/login1/session/_31";

struct FakeLoginManager;

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl FakeLoginManager {
    fn get_session(&self, id: &str) -> zbus::fdo::Result<OwnedObjectPath> {
        let own = std::env::var("XDG_SESSION_ID").unwrap_or_else(|_| "auto".to_owned());
        if id == own {
            return Ok(SESSION.try_into().unwrap());
        }
        Err(zbus::fdo::Error::Failed("no such session".to_owned()))
    }
}

struct FakeLoginSession(bool);

#[zbus::interface(name = "org.freedesktop.login1.Session")]
impl FakeLoginSession {
    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.0
    }
}

#[derive(Default)]
struct ScreenSaverState {
    is_active: AtomicBool,
    asked: AtomicU32,
}

struct FakeScreenSaver(Arc<ScreenSaverState>);

#[zbus::interface(name = "org.xfce.ScreenSaver")]
impl FakeScreenSaver {
    fn get_active(&self) -> bool {
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        self.0.is_active.load(Ordering::Relaxed)
    }
}

async fn screen_saver(bus: &str, state: &Arc<ScreenSaverState>) -> Connection {
    zbus::connection::Builder::address(bus)
        .serve_at("/org/xfce/ScreenSaver", FakeScreenSaver(Arc::clone(state)))
        .name("org.xfce.ScreenSaver")
        .build()
        .await
        .unwrap()
}

/// Runs `script` while the lock is watched; the channel carries the reported states.
async fn watched(bus: &str, script: impl AsyncFnOnce(&mut mpsc::UnboundedReceiver<bool>)) {
    let (sender, mut states) = mpsc::unbounded_channel();
    tokio::select! {
        never = os::lock::watch(Some(bus), |is_locked| sender.send(is_locked).unwrap()) => match never {},
        () = script(&mut states) => {}
    }
}

async fn next(states: &mut mpsc::UnboundedReceiver<bool>) -> bool {
    tokio::time::timeout(PATIENCE, states.recv()).await.unwrap().unwrap()
}

fn bus() -> Option<(Bus, tempfile::TempDir)> {
    if !Bus::is_possible() {
        support::missing("dbus-daemon");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    Some((Bus::start(folder.path()).unwrap(), folder))
}

#[tokio::test]
async fn the_lock_state_follows_the_login_session() {
    let Some((bus, _folder)) = bus() else { return };
    let logind = zbus::connection::Builder::address(bus.address())
        .serve_at("/org/freedesktop/login1", FakeLoginManager)
        .serve_at(SESSION, FakeLoginSession(true))
        .name("org.freedesktop.login1")
        .build()
        .await
        .unwrap();
    let session = logind.object_server().interface::<_, FakeLoginSession>(SESSION).await.unwrap();
    let set = async |is_locked| {
        session.get_mut().await.0 = is_locked;
        session.get().await.locked_hint_changed(session.signal_emitter()).await.unwrap();
    };
    watched(bus.address(), async |states| {
        assert!(next(states).await, "the state at the start");
        set(false).await;
        assert!(!next(states).await);
        // A repeated state is reported once.
        set(false).await;
        set(true).await;
        assert!(next(states).await);
    })
    .await;
}

#[tokio::test]
async fn without_a_session_the_lock_state_follows_the_screen_saver() {
    let Some((bus, _folder)) = bus() else { return };
    let state = Arc::new(ScreenSaverState::default());
    let xfce = screen_saver(bus.address(), &state).await;
    let say = async |connection: &Connection, now: bool| {
        state.is_active.store(now, Ordering::Relaxed);
        let path = "/org/xfce/ScreenSaver";
        connection.emit_signal(None::<&str>, path, "org.xfce.ScreenSaver", "ActiveChanged", &now).await.unwrap();
    };
    watched(bus.address(), async |states| {
        assert!(!next(states).await, "the state at the start");
        say(&xfce, true).await;
        assert!(next(states).await);
        say(&xfce, false).await;
        assert!(!next(states).await);
        // A signal of another sender is verified by a query, which denies it.
        let asked = state.asked.load(Ordering::Relaxed);
        let stranger = zbus::connection::Builder::address(bus.address()).build().await.unwrap();
        let path = "/org/xfce/ScreenSaver";
        stranger.emit_signal(None::<&str>, path, "org.xfce.ScreenSaver", "ActiveChanged", &true).await.unwrap();
        eventually("it is asked", async || (state.asked.load(Ordering::Relaxed) > asked).then_some(())).await;
        say(&xfce, false).await;
        say(&xfce, true).await;
        assert!(next(states).await, "no state was reported in between");
        xfce.close().await.unwrap();
        assert!(!next(states).await, "it has gone");
        assert!(states.try_recv().is_err());
        let again = screen_saver(bus.address(), &state).await;
        assert!(next(states).await, "it has come back, still active");
        drop(again);
    })
    .await;
}

#[tokio::test]
async fn without_any_source_the_screen_counts_as_unlocked() {
    watched("unix:path=/nonexistent/bus", async |states| assert!(!next(states).await)).await;
}
