//! `doctor`: every part, its state, and the next step for a person.

mod toasts;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use client::ports::{Keychain, KeychainError};
use client::{Rest, RestError, SettingsFile, Store, Tokens, database_path};
use domain::Secret;
use domain::account::{Audience, ServerUrl};
use domain::settings::{Account, NetworkSettings, Settings};
use ipc::{Client, IpcConnectError, PeerKind};
use jiff::Timestamp;
use serde::Serialize;

use super::say;
use crate::profile::Profile;
use crate::wiring;

/// How long the desktop may take to show a tray.
const TRAY_DEADLINE: Duration = Duration::from_secs(1);

/// What to do about parts of the system: each has its own.
struct Advice {
    keychain: &'static str,
    notifications: &'static str,
    no_tray: &'static str,
    tray: &'static str,
}

const ADVICE: Advice = if cfg!(target_os = "linux") {
    Advice {
        keychain: "Install and start one (gnome-keyring, KeePassXC, KWallet); until then a sign-in lasts for one session.",
        notifications: "Install and start a notification service (dunst, xfce4-notifyd, mako).",
        no_tray: "the desktop has none: the window opens instead, and closing it ends Gatecall",
        tray: "On GNOME, install the AppIndicator extension; elsewhere, add a status tray to the panel.",
    }
} else {
    Advice {
        keychain: "Sign in to this computer again; until it answers, a sign-in lasts for one session.",
        notifications: "Allow notifications for Gatecall in the system's settings; the inbox has everything meanwhile.",
        no_tray: "Gatecall has none on this system: the window opens instead, and closing it ends Gatecall",
        tray: "Leave the window open, or minimized.",
    }
};

/// One part.
#[derive(Debug, Serialize)]
pub struct Finding {
    part: &'static str,
    state: State,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_step: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Failed,
}

fn ok(part: &'static str, detail: impl Into<String>) -> Finding {
    Finding { part, state: State::Ok, detail: detail.into(), next_step: None }
}

fn warning(part: &'static str, detail: impl Into<String>, next_step: impl Into<String>) -> Finding {
    Finding { part, state: State::Warning, detail: detail.into(), next_step: Some(next_step.into()) }
}

fn failed(part: &'static str, detail: impl Into<String>, next_step: impl Into<String>) -> Finding {
    Finding { part, state: State::Failed, detail: detail.into(), next_step: Some(next_step.into()) }
}

/// Looks at every part.
pub async fn findings(profile: &Profile, keychain: &Arc<dyn Keychain>) -> Vec<Finding> {
    let (finding, settings) = settings(profile);
    let mut findings = vec![finding, resident(profile).await];
    if let Some(account) = &settings.account {
        findings.extend(servers(account, &settings.network).await);
        findings.push(token(keychain, account).await);
    } else {
        findings.push(warning("server", "nobody is signed in", "Open Gatecall and sign in, or run `gatecall login`."));
    }
    let others = [answering(keychain).await, toasts::service().await, tray().await, database(profile), window()];
    findings.extend(others);
    findings
}

/// Prints the findings. Exit code 1 when a part failed.
pub async fn doctor(profile: &Profile, json: bool, test_toast: bool) -> anyhow::Result<ExitCode> {
    let mut findings = findings(profile, &wiring::keychain()).await;
    if test_toast {
        say_aside("A toast is on its way: click it.");
        findings.push(toasts::test().await);
    }
    if json {
        say(&serde_json::to_string(&findings)?)?;
    } else {
        for finding in &findings {
            say(&plain(finding))?;
        }
    }
    let failed = findings.iter().any(|finding| finding.state == State::Failed);
    Ok(ExitCode::from(u8::from(failed)))
}

/// For the person at the terminal, and not for the program that reads the findings.
fn say_aside(text: &str) {
    use std::io::Write;
    // A closed standard error is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn plain(finding: &Finding) -> String {
    let mark = match finding.state {
        State::Ok => "ok     ",
        State::Warning => "warning",
        State::Failed => "FAILED ",
    };
    let next =
        finding.next_step.as_ref().map(|step| format!("\n                         → {step}")).unwrap_or_default();
    format!("{mark}  {part:<14}  {detail}{next}", part = finding.part, detail = finding.detail)
}

fn settings(profile: &Profile) -> (Finding, Settings) {
    let folder = profile.config_dir.display();
    match SettingsFile::in_dir(&profile.config_dir).load() {
        Ok(settings) => (ok("settings", format!("{folder}")), settings),
        Err(error) => {
            let step = "Correct the file, or move it away to start afresh.";
            (failed("settings", error.to_string(), step), Settings::default())
        }
    }
}

async fn resident(profile: &Profile) -> Finding {
    match Client::connect(&profile.endpoint(), PeerKind::Caller).await {
        Ok(_) => ok("resident", "running"),
        Err(IpcConnectError::NotRunning(_)) => {
            warning("resident", "not running: no toasts come", "Start `gatecall`; `--hidden` starts it in the tray.")
        }
        Err(error) => failed("resident", error.to_string(), "Quit Gatecall and start it again."),
    }
}

/// Both origins, since a service may have two: one signs in, the other has the bookings and the socket.
async fn servers(account: &Account, network: &NetworkSettings) -> Vec<Finding> {
    let rest = match Rest::of_settings(network) {
        Ok(rest) => rest,
        Err(error) => return vec![failed("server", error.to_string(), "Correct `network` in settings.json.")],
    };
    // Asked without a token: whether that one is good is another question, and a no is an answer too.
    let bookings = match rest.bookings(account.booking(), &Secret::new(""), Audience::Traveler, 1).await {
        Err(RestError::Refused { .. }) => Ok(()),
        answer => answer.map(drop),
    };
    vec![
        server("server", account.auth(), rest.probe(account.auth()).await),
        server("bookings", account.booking(), bookings),
    ]
}

fn server(part: &'static str, address: &ServerUrl, answer: Result<(), RestError>) -> Finding {
    match answer {
        Ok(()) => ok(part, format!("{address} answers")),
        Err(RestError::Unreachable(error)) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})")).unwrap_or_default();
            failed(part, format!("{address} does not answer{cause}"), "Check the network and the address.")
        }
        Err(error) => failed(part, format!("{address}: {error}"), "Check the address, or ask whoever runs the server."),
    }
}

/// Asks the keychain off the async threads, as everybody has to.
async fn ask<T: Send + 'static>(
    keychain: &Arc<dyn Keychain>,
    question: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let keychain = Arc::clone(keychain);
    let asked = tokio::task::spawn_blocking(move || question(keychain.as_ref())).await;
    asked.unwrap_or_else(|_| Err(KeychainError::Unavailable("its adapter failed".to_owned())))
}

async fn token(keychain: &Arc<dyn Keychain>, account: &Account) -> Finding {
    let id = account.id();
    let sign_in = "Open Gatecall and sign in, or run `gatecall login`.";
    match ask(keychain, move |keychain| keychain.get(id.as_str())).await {
        Ok(Some(secret)) => match Tokens::from_secret(&secret) {
            Some(tokens) => token_age(&tokens, sign_in),
            None => failed("token", "what the keychain holds is no token", sign_in),
        },
        Ok(None) => failed("token", "the keychain holds none", sign_in),
        Err(error) => failed("token", error.to_string(), "See keychain."),
    }
}

fn token_age(tokens: &Tokens, sign_in: &str) -> Finding {
    let Some(expiry) = tokens.claims().expires_at() else { return ok("token", "present, without an expiry") };
    let left = expiry.duration_since(Timestamp::now());
    if left.is_positive() {
        ok("token", format!("valid for {} min", left.as_mins()))
    } else if tokens.refresh.is_some() {
        ok("token", "expired; it is refreshed at the next connection")
    } else {
        failed("token", "expired, and there is nothing to refresh it with", sign_in)
    }
}

async fn answering(keychain: &Arc<dyn Keychain>) -> Finding {
    const UNLOCK: &str = "Unlock it; on most desktops it opens with the login.";
    match ask(keychain, |keychain| keychain.get("doctor")).await {
        Ok(_) => ok("keychain", "answers"),
        Err(error @ (KeychainError::Locked | KeychainError::Timeout)) => warning("keychain", error.to_string(), UNLOCK),
        Err(error @ KeychainError::Denied) => failed("keychain", error.to_string(), "Allow Gatecall in the keychain."),
        Err(error @ KeychainError::Unavailable(_)) => failed("keychain", error.to_string(), ADVICE.keychain),
    }
}

async fn tray() -> Finding {
    if os::tray::host_present(TRAY_DEADLINE).await {
        ok("tray", "the desktop has one")
    } else {
        warning("tray", ADVICE.no_tray, ADVICE.tray)
    }
}

fn database(profile: &Profile) -> Finding {
    let path = database_path(&profile.data_dir);
    let sound = Store::open_read_only(&path).and_then(|store| store.map(|store| store.is_sound()).transpose());
    match sound {
        Ok(None) => ok("inbox", "not there yet; it comes with the first start"),
        Ok(Some(true)) => ok("inbox", format!("{} is sound", path.display())),
        Ok(Some(false)) => {
            failed("inbox", format!("{} is damaged", path.display()), "Keep a copy of it, then move it away.")
        }
        Err(error) => failed("inbox", error.to_string(), "Check the folder's permissions and the space on the disk."),
    }
}

fn window() -> Finding {
    match crate::resident::window_program() {
        Ok(path) if path.is_file() => ok("window", format!("{}", path.display())),
        Ok(path) => warning(
            "window",
            format!("{} is missing", path.display()),
            "Install the whole package, or build it: `cargo build -p gatecall-window`.",
        ),
        Err(error) => failed("window", error.to_string(), "Reinstall Gatecall."),
    }
}
