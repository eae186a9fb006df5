//! `login` and `logout`.

use std::io::Read;

use anyhow::Context;
use client::Engine;
use domain::{Language, Secret};
use ipc::{PeerKind, Request, SignIn};

use super::target::{ExecutionTarget, find_target};
use crate::cli::LoginArgs;
use crate::exit::{self, CliError};
use crate::profile::Profile;
use crate::{resident, wiring};

/// Length limit of a password; anything longer is a file piped in by mistake.
const MAX_PASSWORD_BYTES: u64 = 4096;

/// Signs in, through the resident where one is running.
pub async fn login(profile: &Profile, args: LoginArgs) -> anyhow::Result<()> {
    let form = SignIn {
        server: args.server,
        auth_url: args.auth_url,
        booking_url: args.booking_url,
        email: args.email,
        password: read_password()?,
    };
    let account =
        resident::parse_account(&form).map_err(|error| CliError::Usage(error.to_body(Language::En).message))?;
    match find_target(profile, PeerKind::Caller).await? {
        ExecutionTarget::Resident(connection) => {
            connection.client.call::<()>(Request::SignIn(form)).await.map_err(exit::of_call)?;
            connection.close().await
        }
        ExecutionTarget::Standalone(_lock) => {
            let running = Engine::start(wiring::config(profile)).await?;
            let signed_in = running.engine().sign_in(account, form.password).await;
            let warnings = running.engine().snapshot().borrow().degraded.clone();
            running.stop().await;
            signed_in.map_err(CliError::from)?;
            // Without a keychain the tokens are lost with this process, so the sign-in has failed.
            anyhow::ensure!(warnings.is_empty(), "{}", warnings.join(" "));
            Ok(())
        }
    }
}

/// Signs out, through the resident where one is running.
pub async fn logout(profile: &Profile, wipe: bool) -> anyhow::Result<()> {
    match find_target(profile, PeerKind::Caller).await? {
        ExecutionTarget::Resident(connection) => {
            connection.client.call::<()>(Request::SignOut { wipe }).await.map_err(exit::of_call)?;
            connection.close().await
        }
        ExecutionTarget::Standalone(_lock) => {
            let running = Engine::start(wiring::config(profile)).await?;
            let signed_out = running.engine().sign_out(wipe).await;
            running.stop().await;
            Ok(signed_out?)
        }
    }
}

fn read_password() -> anyhow::Result<Secret> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(MAX_PASSWORD_BYTES)
        .read_to_string(&mut text)
        .context("the password cannot be read from standard input")?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        return Err(CliError::Usage("no password on standard input".to_owned()).into());
    }
    Ok(Secret::new(password))
}
