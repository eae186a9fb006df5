//! Our engine, whole, with the tokens in memory: settings and inbox in `PEER_DIR`, tokens in the environment.

use std::path::PathBuf;
use std::sync::Arc;

use client::ports::{Keychain, SystemClock};
use client::{Config, Engine, SettingsFile, Tokens};
use domain::Secret;
use domain::connection::ConnectionState;
use domain::view::{RoomState, Snapshot};
use peers::{Order, Orders, Word, say, variable};
use support::fakes::MemoryKeychain;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = PathBuf::from(variable("PEER_DIR"));
    let settings = SettingsFile::in_dir(&folder).load().expect("settings that the bench wrote");
    let keychain = Arc::new(MemoryKeychain::default());
    let tokens = Tokens {
        access: Secret::new(variable("PEER_TOKEN")),
        refresh: std::env::var("PEER_REFRESH").ok().map(Secret::new),
    };
    let account = settings.account.expect("an account").id();
    keychain.set(account.as_str(), &tokens.to_secret()).expect("a keychain in memory");
    let config = Config {
        data_dir: folder.clone(),
        config_dir: folder,
        keychain,
        toaster: None,
        clock: Arc::new(SystemClock),
        voice: support::english(),
        extra_rooms: Vec::new(),
        demo: false,
    };
    let running = Engine::start(config).await.expect("an engine");
    let mut orders = Orders::new();
    let mut snapshots = running.engine().snapshot();
    let mut told = Told::default();
    told.tell(&snapshots.borrow_and_update().clone());
    loop {
        tokio::select! {
            changed = snapshots.changed() => {
                if changed.is_err() {
                    break;
                }
                let snapshot = snapshots.borrow_and_update().clone();
                told.tell(&snapshot);
            }
            order = orders.next() => match order {
                Some(Order::Subscribe(room)) => running.engine().subscribe(room).await,
                Some(Order::Woke) => running.engine().woke().await,
                Some(Order::Reconnect) => running.engine().reconnect().await,
                None => break,
            }
        }
    }
    running.stop().await;
}

/// What was said last.
#[derive(Default)]
struct Told {
    state: Option<ConnectionState>,
    attempts: u64,
    events: u64,
    joined: u64,
}

impl Told {
    fn tell(&mut self, snapshot: &Snapshot) {
        if self.state.as_ref() != Some(&snapshot.connection) {
            self.state = Some(snapshot.connection.clone());
            self.state(&snapshot.connection);
        }
        if self.events != snapshot.total {
            self.events = snapshot.total;
            say(&Word::Events(self.events));
        }
        let joined = snapshot.rooms.iter().filter(|room| room.state == RoomState::Joined).count();
        let joined = u64::try_from(joined).expect("few rooms");
        if self.joined != joined {
            self.joined = joined;
            say(&Word::Acks { answered: joined, failed: 0 });
        }
    }

    fn state(&mut self, state: &ConnectionState) {
        let (online, name, reason) = match state {
            ConnectionState::Starting => (false, "starting", None),
            ConnectionState::Connecting { .. } => {
                self.attempts += 1;
                say(&Word::Attempt(self.attempts));
                (false, "connecting", None)
            }
            ConnectionState::Online { .. } => (true, "online", None),
            ConnectionState::Waiting { reason, .. } => (false, "waiting", Some(reason)),
            ConnectionState::SignInNeeded { reason } => (false, "sign in needed", Some(reason)),
            ConnectionState::Paused => (false, "paused", None),
        };
        let (code, reason) = reason.map(|reason| (code(reason), reason.message.clone())).unwrap_or_default();
        say(&Word::State { online, name: name.to_owned(), code, reason });
    }
}

fn code(reason: &domain::connection::Reason) -> String {
    let code = serde_json::to_value(reason.code).expect("a code is JSON");
    code.as_str().map(str::to_owned).expect("a code is a text")
}
