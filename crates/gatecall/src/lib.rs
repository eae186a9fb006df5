//! Resident program and command line.
//!
//! Connects the engine (`client`) to the desktop (`os`), and to the window and the command line (`ipc`). Makes no decisions about
//! events.

mod cli;
mod commands;
#[cfg(feature = "demo")]
mod demo;
mod downloads;
pub mod exit;
mod failed_start;
mod formats;
mod logs;
mod profile;
mod resident;
mod time_argument;
mod wiring;

use std::path::Path;
use std::process::ExitCode;

pub use cli::Cli;
use cli::Command;
use profile::Profile;

/// Runs the command line.
///
/// # Errors
/// Any failure to report to the user; see [`exit::report`] for the exit codes.
pub fn main(cli: Cli) -> anyhow::Result<ExitCode> {
    // Two dependencies enable different TLS providers; rustls requires an explicit default then. Fails only when a default
    // is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(cli))
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if cli.command.is_some() && cli.start != cli::StartArgs::default() {
        return Err(exit::CliError::Usage(
            "--hidden and --demo start the program; no command goes with them".to_owned(),
        )
        .into());
    }
    #[cfg(feature = "demo")]
    if cli.start.demo {
        // The embedded gateway would warn of its public passwords and temporary secret, which are intended in a demo.
        logs::init("warn,gateway=error", None)?;
        return demo::run(cli.start.for_secs).await.map(|()| ExitCode::SUCCESS);
    }
    let Some(command) = cli.command else {
        let started = start(cli.profile.as_deref(), cli.start.hidden).await;
        if let Err(error) = &started {
            failed_start::report(error).await;
        }
        return started.map(|()| ExitCode::SUCCESS);
    };
    let profile = Profile::resolve(cli.profile.as_deref())?;
    logs::init("warn", None)?;
    match command {
        Command::Login(args) => commands::login(&profile, args).await?,
        Command::Logout { wipe } => commands::logout(&profile, wipe).await?,
        Command::Watch(args) => commands::watch(&profile, args).await?,
        Command::List(args) => commands::list(&profile, &args)?,
        Command::Export(args) => commands::export(&profile, &args)?,
        Command::MarkRead(args) => commands::mark_read(&profile, args).await?,
        Command::Doctor { json, toast } => return commands::doctor(&profile, json, toast).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn start(chosen: Option<&Path>, hidden: bool) -> anyhow::Result<()> {
    let profile = Profile::resolve(chosen)?;
    logs::init(&format!("warn,{}=off", failed_start::LOG_TARGET), Some(&profile.data_dir))?;
    resident::start(&profile, hidden).await
}
