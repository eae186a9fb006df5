//! Single instance of the resident: locks the profile, or shows the window of the running one.

use std::time::Duration;

use ipc::{CallError, Client, ErrorCode, IpcConnectError, PeerKind, Request};

use crate::exit;
use crate::profile::{Profile, ProfileLock};

/// Time for a process that holds the lock to start listening or to exit.
pub const CLAIM_TIMEOUT: Duration = Duration::from_secs(10);
/// Interval between attempts: the system signals neither a released lock nor an opened endpoint.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Locks the profile; `None` when the running resident has shown its window instead. Tries both in turn until `timeout`,
/// since the process that holds the lock may be starting or exiting.
pub async fn lock_or_show_window(profile: &Profile, timeout: Duration) -> anyhow::Result<Option<ProfileLock>> {
    let deadline = tokio::time::Instant::now() + timeout;
    loop {
        if let Some(lock) = profile.lock()? {
            return Ok(Some(lock));
        }
        match show_existing_window(profile).await {
            Ok(()) => return Ok(None),
            Err(ShowWindowError::Refused(error)) => return Err(error),
            Err(ShowWindowError::NotAnswering) if tokio::time::Instant::now() >= deadline => {
                return Err(not_responding(profile));
            }
            Err(ShowWindowError::NotAnswering) => tokio::time::sleep(POLL_INTERVAL).await,
        }
    }
}

fn not_responding(profile: &Profile) -> anyhow::Error {
    anyhow::anyhow!(
        "{} and shows no window. End it first: it is `gatecall watch` in a terminal, or a Gatecall that is stuck",
        profile.holder()
    )
}

/// Reason why the running resident did not show its window.
enum ShowWindowError {
    /// Not listening yet, or not any more.
    NotAnswering,
    /// Permanent failure; waiting does not help.
    Refused(anyhow::Error),
}

/// Asks the running resident to show its window.
async fn show_existing_window(profile: &Profile) -> Result<(), ShowWindowError> {
    let (client, driver, _pushes) = match Client::connect(&profile.endpoint(), PeerKind::Caller).await {
        Ok(connected) => connected,
        Err(IpcConnectError::NotRunning(_) | IpcConnectError::Broken(_)) => return Err(ShowWindowError::NotAnswering),
        Err(error @ IpcConnectError::OtherVersion { .. }) => return Err(ShowWindowError::Refused(error.into())),
    };
    let driver = tokio::spawn(driver.run());
    let activation_token = std::env::var("XDG_ACTIVATION_TOKEN").or_else(|_| std::env::var("DESKTOP_STARTUP_ID")).ok();
    let shown = client.call::<()>(Request::ShowWindow { activation_token }).await;
    drop(client);
    // Ends with the client; an error after the answer is of no interest.
    let _ = driver.await;
    match shown {
        Ok(()) => Ok(()),
        Err(CallError::Gone) => Err(ShowWindowError::NotAnswering),
        Err(CallError::Refused(body)) if body.code == ErrorCode::ShuttingDown => Err(ShowWindowError::NotAnswering),
        Err(error) => Err(ShowWindowError::Refused(exit::of_call(error))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn profile(dir: &tempfile::TempDir) -> Profile {
        Profile::resolve(Some(dir.path())).unwrap()
    }

    #[tokio::test]
    async fn a_start_takes_over_from_an_exiting_process() {
        let dir = tempfile::tempdir().unwrap();
        let first = profile(&dir).lock().unwrap().unwrap();
        let second = profile(&dir);
        let mut second_start = std::pin::pin!(lock_or_show_window(&second, CLAIM_TIMEOUT));
        tokio::select! {
            biased;
            _ = &mut second_start => panic!("the first one has it"),
            () = std::future::ready(()) => drop(first),
        }
        assert!(second_start.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_process_without_a_window_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let _watch = profile(&dir).lock().unwrap().unwrap();
        let error = lock_or_show_window(&profile(&dir), Duration::ZERO).await.unwrap_err().to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        assert!(error.contains("gatecall watch"), "{error}");
    }
}
