//! `gatecall-window`: reads the endpoint from the environment and runs the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::io::Write;
use std::process::ExitCode;

use ipc::Endpoint;

/// Environment variable with the IPC endpoint, set by the resident when it starts this program.
const ENDPOINT_VARIABLE: &str = "GATECALL_IPC";

fn main() -> ExitCode {
    let endpoint = std::env::var(ENDPOINT_VARIABLE).unwrap_or_default();
    if endpoint.is_empty() {
        print_error(format_args!("gatecall-window is started by gatecall; run gatecall instead."));
        return ExitCode::from(2);
    }
    match gatecall_window::run(&Endpoint::from_text(&endpoint)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(format_args!("gatecall-window: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn print_error(text: std::fmt::Arguments<'_>) {
    // A closed standard error is ignored.
    let _ = writeln!(std::io::stderr(), "{text}");
}
