//! Who made what the programs are made of: a text that the program carries, written from the lock files.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::run::{cargo, output};
use crate::{Error, Result, root, say};

/// What the page carries: the runtime parts that its bundle takes in, and its font.
const OF_THE_PAGE: [&str; 5] = ["@fontsource-variable/inter", "@tauri-apps/api", "clsx", "esm-env", "svelte"];

/// Writes the text.
///
/// # Errors
/// A tool is missing, or something has no licence.
pub fn write() -> Result<()> {
    fs::write(path(), text()?)?;
    say(&format!("{} is written.", path().display()));
    Ok(())
}

/// Whether the text is that of now.
///
/// # Errors
/// It is not, or it cannot be told.
pub fn check() -> Result<()> {
    let text = text()?;
    if fs::read_to_string(path()).is_ok_and(|found| found.replace("\r\n", "\n") == text) {
        say("The licences are those of what is used.");
        return Ok(());
    }
    Err(Error::new("crates/gatecall/licences.txt is out of date: run `cargo xtask licences`"))
}

fn path() -> PathBuf {
    root().join("crates/gatecall/licences.txt")
}

fn text() -> Result<String> {
    let mut text = String::from(
        "Gatecall is under the MIT licence. It is made of the work of many others, under the licences that stand beside their\n\
         names. SQLite, which comes with libsqlite3-sys, is in the public domain.\n\nRust\n\n",
    );
    for line in crates(&tree()?)? {
        text.push_str(&line);
    }
    text.push_str("\nThe page in the window\n\n");
    let lock = fs::read_to_string(root().join("ui/package-lock.json"))?;
    for name in OF_THE_PAGE {
        text.push_str(&package(&lock, name)?);
    }
    Ok(text)
}

/// Everything that is linked into the resident and the window, a line each. The same on every machine, so that the text is.
fn tree() -> Result<String> {
    let edges = ["tree", "--locked", "--offline", "--prefix", "none", "-e", "normal"];
    let which = ["--target", "x86_64-unknown-linux-gnu", "-p", "gatecall", "-p", "gatecall-window"];
    output(cargo().args(edges).args(which).args(["--format", "{p}|{l}|{r}"]))
}

fn crates(tree: &str) -> Result<BTreeSet<String>> {
    // Our own have a path behind their version, and `(*)` stands where a crate was listed before.
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty());
    let others = lines.filter(|line| !line.split('|').next().is_some_and(|name| name.contains("(/")));
    others.map(line).collect()
}

fn line(line: &str) -> Result<String> {
    let mut parts = line.split('|');
    let (Some(name), Some(licence), Some(repository)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::new(format!("cargo tree says something else: {line}")));
    };
    let name = name.trim_end_matches(" (proc-macro)");
    if licence.is_empty() {
        return Err(Error::new(format!("{name} has no licence")));
    }
    let (name, version) = name.split_once(" v").unwrap_or((name, ""));
    Ok(format!("{name} {version}: {licence}{}{repository}\n", if repository.is_empty() { "" } else { ", " }))
}

/// A package of npm's lock file: one line a value, as npm writes it.
fn package(lock: &str, name: &str) -> Result<String> {
    let missing = || Error::new(format!("ui/package-lock.json says nothing of {name}"));
    let start = lock.find(&format!("\n    \"node_modules/{name}\": {{\n")).ok_or_else(missing)?;
    let entry = &lock[start..];
    let entry = &entry[..entry.find("\n    }").unwrap_or(entry.len())];
    let value = |key: &str| {
        let line = entry.lines().find_map(|line| line.strip_prefix(&format!("      \"{key}\": \"")));
        line.map(|rest| rest.trim_end_matches(['"', ','])).ok_or_else(missing)
    };
    Ok(format!("{name} {}: {}, https://www.npmjs.com/package/{name}\n", value("version")?, value("license")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_crate_of_others_is_named_once() {
        let tree = "gatecall v0.1.0 (/x/crates/gatecall)|MIT|\n\
            b v2.0.0|MIT OR Apache-2.0|https://b.example\na v1.0.0 (proc-macro)|0BSD|\n\n\
            b v2.0.0|MIT OR Apache-2.0|https://b.example (*)\n";
        let expected = ["a 1.0.0: 0BSD\n", "b 2.0.0: MIT OR Apache-2.0, https://b.example\n"];
        assert_eq!(crates(tree).expect("crates"), expected.map(str::to_owned).into());
        assert!(crates("c v1.0.0||\n").is_err(), "one without a licence may not be shipped");
    }

    #[test]
    fn a_package_is_found_by_its_whole_name() {
        let lock = "{\n  \"packages\": {\n    \"node_modules/svelte-check\": {\n      \"version\": \"4.0.0\",\n    },\n    \
            \"node_modules/svelte\": {\n      \"version\": \"5.0.0\",\n      \"license\": \"MIT\",\n      \
            \"dependencies\": {\n        \"version\": \"1\"\n      }\n    }\n  }\n}\n";
        let line = package(lock, "svelte").expect("svelte");
        assert_eq!(line, "svelte 5.0.0: MIT, https://www.npmjs.com/package/svelte\n");
        assert!(package(lock, "svelte-check").is_err(), "it has no licence there");
    }
}
