//! Becoming the resident of a profile, or finding that another process is.

use std::time::Duration;

use ipc::{CallError, Client, ErrorCode, IpcConnectError, PeerKind, Request};

use crate::exit;
use crate::profile::{Lock, Profile};

/// One that has the lock and does not answer is starting or ending; longer than this it is neither.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks. The system has no event for a lock that is let go of, nor for a line that opens.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Takes the profile; `None` when the one that has it has shown its window instead. Tries both in turn for `patience`,
/// since the one that has it may be about to listen, or about to end.
pub async fn claim(profile: &Profile, patience: Duration) -> anyhow::Result<Option<Lock>> {
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        if let Some(lock) = profile.lock()? {
            return Ok(Some(lock));
        }
        match show_first(profile).await {
            Ok(()) => return Ok(None),
            Err(ShowWindowError::Refused(error)) => return Err(error),
            Err(ShowWindowError::Silent) if tokio::time::Instant::now() >= deadline => return Err(stuck(profile)),
            Err(ShowWindowError::Silent) => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}

fn stuck(profile: &Profile) -> anyhow::Error {
    anyhow::anyhow!(
        "{} and shows no window. End it first: it is `gatecall watch` in a terminal, or a Gatecall that is stuck",
        profile.holder()
    )
}

/// Why the first one did not show its window.
enum ShowWindowError {
    /// Nobody is on the line, not yet or not any more.
    Silent,
    /// Waiting will not mend it.
    Refused(anyhow::Error),
}

/// A second start: the first one shows its window.
async fn show_first(profile: &Profile) -> Result<(), ShowWindowError> {
    let (client, driver, _pushes) = match Client::connect(&profile.endpoint(), PeerKind::Caller).await {
        Ok(line) => line,
        Err(IpcConnectError::NotRunning(_) | IpcConnectError::Broken(_)) => return Err(ShowWindowError::Silent),
        Err(error @ IpcConnectError::OtherVersion { .. }) => return Err(ShowWindowError::Refused(error.into())),
    };
    let driver = tokio::spawn(driver.run());
    let activation_token = std::env::var("XDG_ACTIVATION_TOKEN").or_else(|_| std::env::var("DESKTOP_STARTUP_ID")).ok();
    let shown = client.call::<()>(Request::ShowWindow { activation_token }).await;
    drop(client);
    // Ends with the client. It has answered or it has not, whatever became of the line afterwards.
    let _ = driver.await;
    match shown {
        Ok(()) => Ok(()),
        Err(CallError::Gone) => Err(ShowWindowError::Silent),
        Err(CallError::Refused(body)) if body.code == ErrorCode::ShuttingDown => Err(ShowWindowError::Silent),
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
    async fn a_start_takes_over_from_one_that_ends() {
        let dir = tempfile::tempdir().unwrap();
        let first = profile(&dir).lock().unwrap().unwrap();
        let second = profile(&dir);
        let mut claiming = std::pin::pin!(claim(&second, PATIENCE));
        tokio::select! {
            biased;
            _ = &mut claiming => panic!("the first one has it"),
            () = std::future::ready(()) => drop(first),
        }
        assert!(claiming.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn one_that_has_no_window_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let _watch = profile(&dir).lock().unwrap().unwrap();
        let error = claim(&profile(&dir), Duration::ZERO).await.unwrap_err().to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        assert!(error.contains("gatecall watch"), "{error}");
    }
}
