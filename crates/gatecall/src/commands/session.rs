//! `login` and `logout`.

use std::io::Read;

use anyhow::Context;
use client::Engine;
use domain::{Language, Secret};
use ipc::{PeerKind, Request, SignIn};

use super::{WatchTarget, find};
use crate::cli::Login;
use crate::exit::{self, CliError};
use crate::profile::Profile;
use crate::{resident, wiring};

/// More than this is no password, but a file given by mistake.
const MAX_PASSWORD_BYTES: u64 = 4096;

/// Signs in, on the resident where there is one.
pub async fn login(profile: &Profile, login: Login) -> anyhow::Result<()> {
    let form = SignIn {
        server: login.server,
        auth_url: login.auth_url,
        booking_url: login.booking_url,
        email: login.email,
        password: read_password()?,
    };
    let account = resident::account(&form).map_err(|refusal| CliError::Usage(refusal.told(Language::En).message))?;
    match find(profile, PeerKind::Caller).await? {
        WatchTarget::Resident(line) => {
            line.client.call::<()>(Request::SignIn(form)).await.map_err(exit::of_call)?;
            line.close().await
        }
        WatchTarget::Here(_lock) => {
            let running = Engine::start(wiring::config(profile)).await?;
            let signed_in = running.engine().sign_in(account, form.password).await;
            let warnings = running.engine().snapshot().borrow().degraded.clone();
            running.stop().await;
            signed_in.map_err(CliError::from)?;
            // Without a keychain the tokens end with this process, so nothing was achieved.
            anyhow::ensure!(warnings.is_empty(), "{}", warnings.join(" "));
            Ok(())
        }
    }
}

/// Signs out, on the resident where there is one.
pub async fn logout(profile: &Profile, wipe: bool) -> anyhow::Result<()> {
    match find(profile, PeerKind::Caller).await? {
        WatchTarget::Resident(line) => {
            line.client.call::<()>(Request::SignOut { wipe }).await.map_err(exit::of_call)?;
            line.close().await
        }
        WatchTarget::Here(_lock) => {
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
