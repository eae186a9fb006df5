//! What can be said about the sources without running them.

use crate::run::{self, cargo, npm, output};
use crate::{Error, Result, build, packages, root, say};

/// Formatting, lints, types, and the direction of the dependencies.
pub fn run_all() -> Result<()> {
    run::run(cargo().args(["fmt", "--all", "--check"]))?;
    build::page()?;
    // Without `peers`, which needs OpenSSL; the tests look at it before they run it.
    let all = ["clippy", "--workspace", "--exclude", "peers", "--all-targets", "--locked", "--", "-D", "warnings"];
    run::run(cargo().args(all))?;
    run::run(npm(&root().join("ui")).args(["run", "--silent", "check"]))?;
    directions()
}

/// `cargo xtask check`.
pub fn run() -> Result<()> {
    packages::ensure(&[packages::BUILD])?;
    run_all()?;
    say("Everything is in order.");
    Ok(())
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
