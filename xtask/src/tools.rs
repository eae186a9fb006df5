//! Tools of crates.io that the checks run: built once into `target/tools`, and again when another version is wanted.

use std::path::PathBuf;
use std::process::Command;

use crate::run::{cargo, run};
use crate::{Result, target_dir};

/// A program of a crate.
struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
}

const TYPOS: Tool = Tool { package: "typos-cli", program: "typos", version: "1.52.0" };
const DENY: Tool = Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2" };

impl Tool {
    /// The program, built when it is missing or of another version.
    fn command(&self) -> Result<Command> {
        let folder: PathBuf = target_dir().join("tools");
        let program = folder.join("bin").join(self.program);
        let stamp = folder.join(format!("{}-{}", self.program, self.version));
        if !program.exists() || !stamp.exists() {
            let mut install = cargo();
            install.args(["install", "--locked", "--quiet", "--debug", "--force", self.package]);
            // Quick to build matters more than quick to run: both look at some hundred files.
            install.args(["--version", self.version]).arg("--root").arg(&folder);
            install.env("CARGO_TARGET_DIR", folder.join("build")).env("CARGO_PROFILE_DEV_DEBUG", "0");
            run(&mut install)?;
            std::fs::remove_dir_all(folder.join("build"))?;
            std::fs::write(stamp, "")?;
        }
        let mut command = Command::new(program);
        command.current_dir(crate::root());
        Ok(command)
    }
}

/// Refuses misspelled words.
pub fn typos() -> Result<()> {
    run(TYPOS.command()?.arg("--quiet"))
}

/// Refuses licences, crates and sources that `deny.toml` does not allow. Advisories come from a database on GitHub, and are
/// looked at where it has been fetched before.
pub fn deny() -> Result<()> {
    let mut deny = DENY.command()?;
    deny.args(["--locked", "check", "--hide-inclusion-graph"]);
    if has_advisories() {
        deny.args(["--disable-fetch", "advisories"]);
    } else {
        crate::say("No advisory database here: advisories are not checked.");
    }
    run(deny.args(["bans", "licenses", "sources"]))
}

/// Whether cargo-deny has fetched its database of advisories.
fn has_advisories() -> bool {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    home.is_some_and(|home| home.join("advisory-dbs").is_dir())
}
