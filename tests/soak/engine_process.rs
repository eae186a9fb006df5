//! The engine as a process, and the files that it leaves.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use client::{Rest, SettingsFile};
use domain::Secret;
use domain::account::ServerUrl;
use domain::settings::{Account, Settings};
use rusqlite::{Connection, OpenFlags};
use support::engine::{EMAIL, PASSWORD};
use support::fakes::FileKeychain;
use tokio::process::{Child, Command};

/// An engine process that can be killed.
pub struct EngineProcess {
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl EngineProcess {
    /// Signs in at `server`, sets `line` as the server's address, and starts the engine.
    pub async fn start(server: &str, line: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("gatecall-soak-").tempdir().unwrap();
        let account = Account {
            server: ServerUrl::parse(line).unwrap(),
            auth_url: None,
            booking_url: None,
            email: EMAIL.to_owned(),
        };
        let rest = Rest::of_settings(&domain::settings::NetworkSettings::default()).unwrap();
        let tokens = rest.login(&ServerUrl::parse(server).unwrap(), EMAIL, &Secret::new(PASSWORD)).await.unwrap();
        let keychain = FileKeychain::new(folder.path().join("tokens.json"));
        client::ports::Keychain::set(&keychain, account.id().as_str(), &tokens.to_secret()).unwrap();
        let settings = Settings { account: Some(account), ..Settings::default() };
        SettingsFile::in_dir(folder.path()).save(&settings).unwrap();
        let mut engine = Self { folder, child: None };
        engine.run();
        engine
    }

    /// Starts the engine.
    pub fn run(&mut self) {
        let log =
            std::fs::File::options().append(true).create(true).open(self.folder.path().join("engine.log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_engine"));
        command.arg(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.kill_on_drop(true).spawn().unwrap());
    }

    /// Kills the engine, as a power cut does.
    pub async fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().await.unwrap();
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id().unwrap()
    }

    /// A read-only connection to its inbox.
    pub fn inbox(&self) -> Option<Connection> {
        let path = client::database_path(self.folder.path());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = path.exists().then(|| Connection::open_with_flags(path, flags).ok()).flatten()?;
        connection.busy_timeout(support::PATIENCE).unwrap();
        Some(connection)
    }

    /// Asserts SQLite's integrity and foreign key checks.
    pub fn assert_sound(&self) {
        let Some(inbox) = self.inbox() else { return };
        let verdict: String = inbox.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
        let broken: i64 =
            inbox.query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
        assert_eq!(broken, 0);
    }

    /// How often each row's toast was shown, without those about several rows.
    pub fn toasts(&self) -> HashMap<i64, usize> {
        let text = std::fs::read_to_string(self.path("toasts.log")).unwrap_or_default();
        let mut shown = HashMap::new();
        for line in text.lines() {
            let (row, key) = line.split_once(' ').unwrap();
            if key != "digest" && key != "storm" {
                *shown.entry(row.parse().unwrap()).or_default() += 1;
            }
        }
        shown
    }

    /// Asserts that no row's toast was shown twice and that each event has an outcome.
    pub fn assert_shown_once(&self) {
        let twice: Vec<_> = self.toasts().into_iter().filter(|(_, times)| *times > 1).collect();
        assert!(twice.is_empty(), "second pop-ups: {twice:?}");
        let inbox = self.inbox().unwrap();
        let unexplained: i64 = inbox
            .query_row("SELECT COUNT(*) FROM event WHERE outcome_code = '' OR outcome_reason IS NULL", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(unexplained, 0, "each event has its outcome");
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder.path()).join(name)
    }
}

/// Sends a signal to a process.
pub fn signal(pid: u32, name: &str) {
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
    assert!(sent.success());
}
