//! What the program is, and what the system does for it beside toasts and tray.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use client::ports::Keychain;
use client::{CommandError, Config, Engine, InboxSize, database_path, sqlite_version};
use ipc::{About, Autostart, PROTOCOL_VERSION};
use tokio_util::task::AbortOnDropHandle;

use super::diagnostics;
use super::refusal::Refusal;
use crate::profile::Profile;

/// Who made what the programs are made of; `cargo xtask licences` writes it.
pub const LICENCES: &str = include_str!("../../licences.txt");

/// Answers for the machine. The demo that it started lives on without it.
pub struct Host {
    profile: Profile,
    keychain: Arc<dyn Keychain>,
    is_demo: bool,
    /// Waits for the end of the demo, so that no zombie is left.
    demo: Mutex<Option<AbortOnDropHandle<()>>>,
}

impl Host {
    pub fn new(profile: &Profile, config: &Config) -> Self {
        let (profile, keychain) = (profile.clone(), Arc::clone(&config.keychain));
        Self { profile, keychain, is_demo: config.demo, demo: Mutex::default() }
    }

    /// Whether [`Host::start_demo`] makes sense.
    pub fn can_demo(&self) -> bool {
        cfg!(feature = "demo") && !self.is_demo
    }

    /// The entry that may start this program; `None` for one that runs on a folder of somebody's choice, as a demo does:
    /// the session would start another.
    fn entry(&self) -> std::io::Result<Option<os::autostart::AutostartRegistration>> {
        if self.is_demo || self.profile.is_chosen {
            Ok(None)
        } else {
            os::autostart::AutostartRegistration::of_this_program()
        }
    }

    pub fn autostart(&self) -> Result<Autostart, Refusal> {
        let is_on = self.entry().and_then(|entry| entry.map(|entry| entry.is_on()).transpose());
        Ok(match is_on.map_err(Refusal::Autostart)? {
            Some(true) => Autostart::On,
            Some(false) => Autostart::Off,
            None => Autostart::Unsupported,
        })
    }

    pub fn set_autostart(&self, on: bool) -> Result<(), Refusal> {
        match self.entry().map_err(Refusal::Autostart)? {
            Some(entry) => entry.set(on).map_err(Refusal::Autostart),
            None => Err(Refusal::NoAutostart),
        }
    }

    /// The session starts this program from now on, wherever it was before.
    pub fn refresh_autostart(&self) {
        let refreshed = self.entry().and_then(|entry| entry.map_or(Ok(()), |entry| entry.refresh()));
        if let Err(error) = refreshed {
            tracing::warn!(%error, "the start with the session could not be looked after");
        }
    }

    pub async fn about(&self) -> Result<About, Refusal> {
        let path = database_path(&self.profile.data_dir);
        let measured = tokio::task::spawn_blocking(move || (InboxSize::of(&path), os::system::memory_bytes())).await;
        let (size, memory_bytes) = measured.map_err(|_| CommandError::Ending)?;
        let size = size?;
        Ok(About {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            protocol: PROTOCOL_VERSION,
            sqlite: sqlite_version().to_owned(),
            system: os::system::name(),
            data_dir: self.profile.data_dir.display().to_string(),
            config_dir: self.profile.config_dir.display().to_string(),
            inbox_bytes: size.bytes,
            rows: size.rows,
            memory_bytes,
        })
    }

    /// Writes them into a file, and says where it is.
    pub async fn diagnostics(&self, engine: &Engine) -> Result<String, Refusal> {
        let about = self.about().await?;
        let snapshot = engine.snapshot().borrow().clone();
        let text = diagnostics::text(&self.profile, &self.keychain, about, &snapshot).await;
        let profile = self.profile.clone();
        let written = tokio::task::spawn_blocking(move || diagnostics::write(&profile, &text)).await;
        Ok(written.map_err(|_| CommandError::Ending)?.map_err(|error| unwritten(&error))?.display().to_string())
    }

    /// Where files go that the person asks for.
    pub fn downloads(&self) -> Result<PathBuf, Refusal> {
        self.profile.downloads().map_err(|error| unwritten(&error))
    }

    /// Opens a demo beside this, unless one is open.
    pub fn start_demo(&self) -> Result<(), Refusal> {
        if !self.can_demo() {
            return Err(Refusal::NoDemo);
        }
        let mut demo = self.demo.lock().unwrap_or_else(PoisonError::into_inner);
        if demo.as_ref().is_some_and(|running| !running.is_finished()) {
            return Ok(());
        }
        let mut child = demo_program().map_err(Refusal::Demo)?;
        *demo = Some(AbortOnDropHandle::new(tokio::spawn(async move {
            match child.wait().await {
                Ok(status) if status.success() => {}
                Ok(status) => tracing::warn!(%status, "the demo failed"),
                Err(error) => tracing::warn!(%error, "the demo was lost sight of"),
            }
        })));
        Ok(())
    }
}

/// This program again, in a group of its own, so that what ends this one does not end it.
fn demo_program() -> std::io::Result<tokio::process::Child> {
    let mut command = tokio::process::Command::new(std::env::current_exe()?);
    command.arg("--demo").env_remove("GATECALL_PROFILE_DIR").env_remove("GATECALL_IPC");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    command.process_group(0);
    #[cfg(windows)]
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
    command.spawn()
}

/// Of `CreateProcess`: Ctrl+C in our console is not for it.
#[cfg(windows)]
const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;

fn unwritten(error: &std::io::Error) -> Refusal {
    Refusal::File(error.to_string())
}
