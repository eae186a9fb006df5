//! Running programs: said before, checked after.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Error, Result, say};

/// Runs a program to its end, its output on ours.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    say(&format!("$ {shown}"));
    let status = command.status().map_err(|error| Error::new(format!("{shown}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Error::new(format!("{shown} failed ({status})"))) }
}

/// Runs a program quietly and gives its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| Error::new(format!("{shown}: {error}")))?;
    if !output.status.success() {
        return Err(Error::new(format!("{shown} failed ({})", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program of this name is on the path.
pub fn exists(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|paths| std::env::split_paths(&paths).any(|dir| dir.join(program).is_file()))
}

/// A cargo of the toolchain that runs us, in the workspace's root.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::root());
    command
}

/// npm, in a folder of the workspace.
pub fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder).env("npm_config_fund", "false").env("npm_config_audit", "false");
    command
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
