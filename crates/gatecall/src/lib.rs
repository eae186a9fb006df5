//! The resident program and the command line.
//!
//! Wires the engine (`client`) to the desktop (`os`), to the window and to itself (`ipc`). Decides nothing about events.

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
mod wiring;

use std::path::Path;
use std::process::ExitCode;

pub use cli::Cli;
use cli::Command;
use profile::Profile;

/// Runs what the command line asks for.
///
/// # Errors
/// Anything that a person has to know; see [`exit::report`] for the exit codes.
pub fn main(cli: Cli) -> anyhow::Result<ExitCode> {
    // Two crates in the tree bring a provider of their own; name ours before either is asked to choose.
    // An error means that it is named already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(cli))
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if cli.command.is_some() && cli.start != cli::Start::default() {
        return Err(exit::CliError::Usage(
            "--hidden and --demo start the program; no command goes with them".to_owned(),
        )
        .into());
    }
    #[cfg(feature = "demo")]
    if cli.start.demo {
        // The embedded gateway warns of what is meant to be: public passwords, a secret that ends with it.
        logs::init("warn,gateway=error", None)?;
        return demo::run(cli.start.for_secs).await.map(|()| ExitCode::SUCCESS);
    }
    let Some(command) = cli.command else {
        let started = start(cli.profile.as_deref(), cli.start.hidden).await;
        if let Err(error) = &started {
            failed_start::tell(error).await;
        }
        return started.map(|()| ExitCode::SUCCESS);
    };
    let profile = Profile::resolve(cli.profile.as_deref())?;
    logs::init("warn", None)?;
    match command {
        Command::Login(login) => commands::login(&profile, login).await?,
        Command::Logout { wipe } => commands::logout(&profile, wipe).await?,
        Command::Watch(watch) => commands::watch(&profile, watch).await?,
        Command::List(list) => commands::list(&profile, &list)?,
        Command::Export(export) => commands::export(&profile, &export)?,
        Command::MarkRead(which) => commands::mark_read(&profile, which).await?,
        Command::Doctor { json, toast } => return commands::doctor(&profile, json, toast).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn start(chosen: Option<&Path>, hidden: bool) -> anyhow::Result<()> {
    let profile = Profile::resolve(chosen)?;
    logs::init(&format!("warn,{}=off", failed_start::LOG_TARGET), Some(&profile.data_dir))?;
    resident::start(&profile, hidden).await
}
