//! What can be said about the sources without running them.

use std::collections::BTreeSet;

use crate::run::{self, cargo, npm, output};
use crate::timing::Timing;
use crate::{Error, Result, build, licences, macos, packages, rings, root, say, tools, windows};

/// A system other than this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// Built, and run under Wine.
    Windows,
    /// Type-checked.
    MacOs,
}

/// The systems that flags name, in any order; `None` when one of them names none.
pub fn systems(flags: &[&str]) -> Option<BTreeSet<System>> {
    let system = |flag: &&str| match *flag {
        "--windows" => Some(System::Windows),
        "--macos" => Some(System::MacOs),
        _ => None,
    };
    flags.iter().map(system).collect()
}

/// `cargo xtask check` with systems.
///
/// # Errors
/// The first thing that is not right on one of them.
pub fn run_elsewhere(systems: &BTreeSet<System>) -> Result<()> {
    systems.iter().try_for_each(|system| match system {
        System::Windows => windows::check(),
        System::MacOs => macos::check(),
    })
}

/// Formatting, lints, types, documentation, spelling, the direction of the dependencies, rings of files, and licences.
pub fn run_all(timing: &mut Timing) -> Result<()> {
    timing.time("formatting", formatting)?;
    timing.time("rings of files", rings::check)?;
    timing.time("direction of the dependencies", directions)?;
    timing.time("licences", licences::check)?;
    timing.time("lints and types of the page", page)?;
    timing.time("clippy", clippy)?;
    timing.time("rustdoc", rustdoc)?;
    timing.time("spelling", tools::typos)?;
    timing.time("cargo-deny", tools::deny)
}

/// `cargo xtask check`.
pub fn run() -> Result<()> {
    packages::ensure(&[packages::BUILD])?;
    run_all(&mut Timing::default())?;
    say("Everything is in order.");
    Ok(())
}

fn formatting() -> Result<()> {
    run::run(cargo().args(["fmt", "--all", "--check"]))
}

/// What `npm` says of the page: format, lints, types and rings. The build comes first: the shell's macros read it.
fn page() -> Result<()> {
    build::page()?;
    ["format:check", "lint", "check", "rings"]
        .iter()
        .try_for_each(|script| run::run(npm(&root().join("ui")).args(["run", "--silent", script])))
}

fn clippy() -> Result<()> {
    // Without `peers`, which needs OpenSSL; the tests look at it before they run it.
    let all = ["clippy", "--workspace", "--exclude", "peers", "--all-targets", "--locked", "--", "-D", "warnings"];
    run::run(cargo().args(all))
}

/// Links and examples of the documentation, private items included.
fn rustdoc() -> Result<()> {
    let mut doc = cargo();
    doc.args(["doc", "--workspace", "--exclude", "peers", "--no-deps", "--document-private-items", "--locked"]);
    run::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Dependencies point down: nothing under `crates/` knows Tauri, and the two halves do not know each other.
fn directions() -> Result<()> {
    for (package, stranger) in [
        ("gatecall", "tauri"),
        ("gateway", "tauri"),
        ("gateway", "client"),
        ("client", "gateway"),
        ("client", "os"),
        ("domain", "tokio"),
        ("socketio", "domain"),
    ] {
        let tree = output(cargo().args(["tree", "--locked", "-e", "normal", "--prefix", "none", "-p", package]))?;
        if tree.lines().any(|line| line.split(' ').next() == Some(stranger)) {
            return Err(Error::new(format!("{package} depends on {stranger}, which it may not")));
        }
    }
    say("Dependencies point the right way.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_named_in_any_order() {
        let both = BTreeSet::from([System::Windows, System::MacOs]);
        assert_eq!(systems(&["--macos", "--windows"]), Some(both));
        assert_eq!(systems(&["--windows", "--windows"]), Some(BTreeSet::from([System::Windows])));
        assert_eq!(systems(&["--windows", "--beos"]), None);
    }
}
