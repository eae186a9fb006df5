//! Our complete engine with the tokens in memory: settings and inbox in `PEER_DIR`, tokens in the environment.

use std::path::PathBuf;
use std::sync::Arc;

use client::ports::{Keychain, SystemClock};
use client::{Config, Engine, SettingsFile, Tokens};
use domain::Secret;
use domain::connection::ConnectionState;
use domain::view::{RoomState, Snapshot};
use peers::{PeerCommand, PeerCommands, PeerReport, report, variable};
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
        locale: support::english(),
        extra_rooms: Vec::new(),
        demo: false,
    };
    let running = Engine::start(config).await.expect("an engine");
    let mut commands = PeerCommands::new();
    let mut snapshots = running.engine().snapshot();
    let mut reporter = StateReporter::default();
    reporter.report_changes(&snapshots.borrow_and_update().clone());
    loop {
        tokio::select! {
            changed = snapshots.changed() => {
                if changed.is_err() {
                    break;
                }
                let snapshot = snapshots.borrow_and_update().clone();
                reporter.report_changes(&snapshot);
            }
            command = commands.next() => match command {
                Some(PeerCommand::Subscribe(room)) => running.engine().subscribe(room).await,
                Some(PeerCommand::Woke) => running.engine().woke().await,
                Some(PeerCommand::Reconnect) => running.engine().reconnect().await,
                None => break,
            }
        }
    }
    running.stop().await;
}

/// Reports changes of the snapshot.
#[derive(Default)]
struct StateReporter {
    state: Option<ConnectionState>,
    attempts: u64,
    events: u64,
    joined: u64,
}

impl StateReporter {
    fn report_changes(&mut self, snapshot: &Snapshot) {
        if self.state.as_ref() != Some(&snapshot.connection) {
            self.state = Some(snapshot.connection.clone());
            self.state(&snapshot.connection);
        }
        if self.events != snapshot.total {
            self.events = snapshot.total;
            report(&PeerReport::Events(self.events));
        }
        let joined = snapshot.rooms.iter().filter(|room| room.state == RoomState::Joined).count();
        let joined = u64::try_from(joined).expect("few rooms");
        if self.joined != joined {
            self.joined = joined;
            report(&PeerReport::Acks { answered: joined, failed: 0 });
        }
    }

    fn state(&mut self, state: &ConnectionState) {
        let (online, name, reason) = match state {
            ConnectionState::Starting => (false, "starting", None),
            ConnectionState::Connecting { .. } => {
                self.attempts += 1;
                report(&PeerReport::Attempt(self.attempts));
                (false, "connecting", None)
            }
            ConnectionState::Online { .. } => (true, "online", None),
            ConnectionState::Waiting { reason, .. } => (false, "waiting", Some(reason)),
            ConnectionState::SignInNeeded { reason } => (false, "sign in needed", Some(reason)),
            ConnectionState::Paused => (false, "paused", None),
        };
        let (code, reason) = reason.map(|reason| (code(reason), reason.message.clone())).unwrap_or_default();
        report(&PeerReport::State { online, name: name.to_owned(), code, reason });
    }
}

fn code(reason: &domain::connection::LinkReason) -> String {
    let code = serde_json::to_value(reason.code).expect("a code is JSON");
    code.as_str().map(str::to_owned).expect("a code is a text")
}
