//! `gatecall`: parses, logs, wires, runs.

use std::process::ExitCode;

use clap::Parser;
use gatecall::{Cli, exit};

fn main() -> ExitCode {
    match gatecall::main(Cli::parse()) {
        Ok(code) => code,
        Err(error) => exit::report(&error),
    }
}
