//! `cargo xtask`: everything that the README asks people to type.

use std::process::ExitCode;

use xtask::{bundle, check, demo, licences, say, test};

const USAGE: &str = "\
Usage: cargo xtask <command>

  demo [--for SECS]   install what is missing, build, and show the app doing its job
  test [--soak]       install what is missing, and pass every test; --soak adds what takes a quarter of an hour
  check               formatting, lints, types, documentation, spelling, dependencies, rings of files, licences
  check [--windows] [--macos]
                      on those systems instead: build for Windows and run it under Wine, check the types for macOS
  licences            list who made what the programs are made of, in crates/gatecall/licences.txt
  bundle [--try]      make the Debian package; --try installs it, uses it and removes it again
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["demo"] => demo::run(None),
        ["demo", "--for", secs] => match secs.parse() {
            Ok(secs) => demo::run(Some(secs)),
            Err(_) => return usage(),
        },
        ["test"] => test::run_all(test::Length::Short),
        ["test", "--soak"] => test::run_all(test::Length::Soak),
        ["check"] => check::run(),
        ["check", flags @ ..] => match check::systems(flags) {
            Some(systems) => check::run_elsewhere(&systems),
            None => return usage(),
        },
        ["licences"] => licences::write(),
        ["bundle"] => bundle::run_all(false),
        ["bundle", "--try"] => bundle::run_all(true),
        _ => return usage(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("xtask: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    say(USAGE.trim_end());
    ExitCode::from(2)
}
