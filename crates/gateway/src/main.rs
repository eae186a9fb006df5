//! `gatecall-gateway`: reads the environment, logs, binds, and serves until it is told to stop.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use gateway::{GatewayConfig, Listeners};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Exit code of a wrong argument or a variable that cannot be used.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {}
        ["--help" | "-h"] => return say(&gateway::help()),
        ["--version" | "-V"] => return say(&format!("gatecall-gateway {}\n", env!("CARGO_PKG_VERSION"))),
        _ => return refuse("gatecall-gateway takes no arguments but --help and --version"),
    }
    let config = match GatewayConfig::from_env(|name| std::env::var(name).ok()) {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    let filter = match EnvFilter::try_new(std::env::var("GATEWAY_LOG").unwrap_or_else(|_| "info".to_owned())) {
        Ok(filter) => filter,
        Err(error) => return refuse(&format!("GATEWAY_LOG: {error}")),
    };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(config: GatewayConfig) -> anyhow::Result<()> {
    let booking = bind(config.listen).await?;
    let auth = match config.auth_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    if config.database.is_none() {
        tracing::warn!("no GATEWAY_DATABASE is set: bookings are kept in memory and end with this process");
    }
    let shutdown = shutdown_signal()?;
    gateway::serve(config, Listeners { booking, auth }, shutdown).await?;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    Ok(listener)
}

/// Resolves at Ctrl-C, and on Unix at SIGTERM too.
#[cfg(unix)]
fn shutdown_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
fn shutdown_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without the signal the service runs until it is killed.
            std::future::pending::<()>().await;
        }
    })
}

fn say(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn refuse(reason: &str) -> ExitCode {
    // With a closed stderr there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{reason}\nSee gatecall-gateway --help");
    ExitCode::from(USAGE)
}
