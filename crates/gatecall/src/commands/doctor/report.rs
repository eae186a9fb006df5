//! `doctor`: runs all checks and prints their results.

use std::process::ExitCode;
use std::sync::Arc;

use client::ports::Keychain;

use super::check::{CheckResult, CheckStatus, warning};
use super::{credentials, local, server, toasts};
use crate::commands::output::print_line;
use crate::profile::Profile;
use crate::wiring;

/// Checks every part.
pub async fn run_checks(profile: &Profile, keychain: &Arc<dyn Keychain>) -> Vec<CheckResult> {
    let (result, settings) = local::settings(profile);
    let mut results = vec![result, local::resident(profile).await];
    if let Some(account) = &settings.account {
        results.extend(server::servers(account, &settings.network).await);
        results.push(credentials::token(keychain, account).await);
    } else {
        results.push(warning("server", "nobody is signed in", "Open Gatecall and sign in, or run `gatecall login`."));
    }
    let others = [
        credentials::keychain(keychain).await,
        toasts::service().await,
        local::tray().await,
        local::database(profile),
        local::window(),
    ];
    results.extend(others);
    results
}

/// Prints the results. Exit code 1 when a part failed.
pub async fn doctor(profile: &Profile, json: bool, test_toast: bool) -> anyhow::Result<ExitCode> {
    let mut results = run_checks(profile, &wiring::keychain()).await;
    if test_toast {
        print_note("A toast is on its way: click it.");
        results.push(toasts::test().await);
    }
    if json {
        print_line(&serde_json::to_string(&results)?)?;
    } else {
        for result in &results {
            print_line(&format_result(result))?;
        }
    }
    let failed = results.iter().any(|result| result.status == CheckStatus::Failed);
    Ok(ExitCode::from(u8::from(failed)))
}

/// Prints a note for the user on standard error, separate from the machine-readable results.
fn print_note(text: &str) {
    use std::io::Write;
    // A closed standard error is ignored.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn format_result(result: &CheckResult) -> String {
    let mark = match result.status {
        CheckStatus::Ok => "ok     ",
        CheckStatus::Warning => "warning",
        CheckStatus::Failed => "FAILED ",
    };
    let next = result.next_step.as_ref().map(|step| format!("\n                         → {step}")).unwrap_or_default();
    format!("{mark}  {part:<14}  {detail}{next}", part = result.part, detail = result.detail)
}
