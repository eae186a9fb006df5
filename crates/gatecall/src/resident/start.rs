//! Start of the resident.

use anyhow::Context;
use client::Config;

use super::main_loop::Resident;
use super::single_instance::{CLAIM_TIMEOUT, lock_or_show_window};
use crate::profile::Profile;
use crate::wiring;

/// Runs the resident of the profile, or shows the window of the running one.
pub async fn start(profile: &Profile, hidden: bool) -> anyhow::Result<()> {
    let Some(_lock) = lock_or_show_window(profile, CLAIM_TIMEOUT).await? else { return Ok(()) };
    let (toaster, feedback) = wiring::toasts().context("the toast thread cannot be started")?;
    let config = Config { toaster: Some(toaster), ..wiring::config(profile) };
    let resident = Resident::start(config, profile, feedback).await?;
    resident.run(hidden, std::future::pending()).await;
    Ok(())
}
