//! Execution target of a command: the running resident, or this process.

use ipc::{Client, IpcConnectError, PeerKind, Push};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::profile::{Profile, ProfileLock};

/// Process that executes a command.
pub enum ExecutionTarget {
    /// The running resident, over IPC.
    Resident(ResidentConnection),
    /// This process, which owns the profile until the lock is dropped.
    Standalone(ProfileLock),
}

/// IPC connection to the resident.
pub struct ResidentConnection {
    pub client: Client,
    pub pushes: mpsc::Receiver<Push>,
    driver: JoinHandle<std::io::Result<()>>,
}

/// Connects to the resident, or locks the profile for this process where none is running.
pub async fn find_target(profile: &Profile, peer: PeerKind) -> anyhow::Result<ExecutionTarget> {
    if let Some(lock) = profile.lock()? {
        return Ok(ExecutionTarget::Standalone(lock));
    }
    match Client::connect(&profile.endpoint(), peer).await {
        Ok((client, driver, pushes)) => {
            Ok(ExecutionTarget::Resident(ResidentConnection { client, pushes, driver: tokio::spawn(driver.run()) }))
        }
        Err(IpcConnectError::NotRunning(_)) => {
            anyhow::bail!("{}; try again when it has ended", profile.holder())
        }
        Err(error) => Err(error.into()),
    }
}

impl ResidentConnection {
    /// Closes the connection.
    pub async fn close(self) -> anyhow::Result<()> {
        drop(self.client);
        drop(self.pushes);
        Ok(self.driver.await??)
    }
}
