//! The commands of scripts and of people at a terminal. Each joins the resident where there is one.

mod doctor;
mod export;
mod inbox;
mod session;
mod watch;

use ipc::{Client, IpcConnectError, PeerKind, Push};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::exit::CliError;
use crate::profile::{Lock, Profile};

pub use doctor::{doctor, findings};
pub use export::{export, moment};
pub use inbox::{list, mark_read};
pub use session::{login, logout};
pub use watch::watch;

/// Who does the work.
enum WatchTarget {
    /// The resident, on the line.
    Resident(ResidentConnection),
    /// This process: the profile is ours until the lock is dropped.
    Here(Lock),
}

/// A line to the resident.
struct ResidentConnection {
    client: Client,
    pushes: mpsc::Receiver<Push>,
    driver: JoinHandle<std::io::Result<()>>,
}

/// Finds the resident, or takes its place.
async fn find(profile: &Profile, peer: PeerKind) -> anyhow::Result<WatchTarget> {
    if let Some(lock) = profile.lock()? {
        return Ok(WatchTarget::Here(lock));
    }
    match Client::connect(&profile.endpoint(), peer).await {
        Ok((client, driver, pushes)) => {
            Ok(WatchTarget::Resident(ResidentConnection { client, pushes, driver: tokio::spawn(driver.run()) }))
        }
        Err(IpcConnectError::NotRunning(_)) => {
            anyhow::bail!("{}; try again when it has ended", profile.holder())
        }
        Err(error) => Err(error.into()),
    }
}

impl ResidentConnection {
    async fn close(self) -> anyhow::Result<()> {
        drop(self.client);
        drop(self.pushes);
        Ok(self.driver.await??)
    }
}

/// One line on standard output.
fn say(line: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(CliError::ReaderGone.into()),
        result => Ok(result?),
    }
}
