//! `cargo xtask test`: every test, on real parts.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::run::{cargo, npm, run};
use crate::timing::Timing;
use crate::{Error, Result, build, check, packages, root, say};

/// How long the tests may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// What belongs into a day's work.
    Short,
    /// Outages of a quarter of an hour as well: tests that are ignored for being a `soak`; and all of the page in a browser.
    Soak,
}

/// What ran, added up.
#[derive(Debug, Default)]
struct TestTally {
    passed: u64,
    failed: u64,
    skipped: Vec<String>,
}

/// Installs what is missing, checks the sources, builds the programs and runs every test.
///
/// # Errors
/// The first thing that is not right; tests all run before theirs are told.
pub fn run_all(length: Length) -> Result<()> {
    let mut timing = Timing::default();
    let needed = [packages::BUILD, packages::DESKTOP, packages::TEST, packages::BROWSER];
    timing.time("packages", || packages::ensure(&needed))?;
    check::run_all(&mut timing)?;
    timing.time("build of the programs", || build::programs(build::BuildProfile::Debug))?;
    timing.time("packages of the Node peers", || build::node_modules(&root().join("tests/node")))?;
    let mut tally = TestTally::default();
    timing.time("unit tests of the page", || page_tests(&mut tally))?;
    timing.time("the page in a browser", || browser_tests(&mut tally, length))?;
    cargo_tests(&mut tally, &mut timing, &[])?;
    // No default member, so that a plain `cargo test` needs no GTK.
    cargo_tests(&mut tally, &mut timing, &["-p", "gatecall-window"])?;
    peers(&mut tally, &mut timing, length)?;
    for skipped in &tally.skipped {
        say(skipped);
    }
    timing.print_slowest(10);
    say(&format!("{} passed, {} failed", tally.passed, tally.failed));
    if tally.failed > 0 { Err(Error::new("not every test passes")) } else { Ok(()) }
}

/// The unit tests of the page.
fn page_tests(tally: &mut TestTally) -> Result<()> {
    let report = crate::target_dir().join("vitest.json");
    let mut vitest = npm(&root().join("ui"));
    vitest.args(["run", "--silent", "test", "--", "--reporter=default", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", report.display()));
    // A failed test makes it fail, and the report says which; only a report that is missing is an error here.
    let ran = run(&mut vitest);
    let text = std::fs::read_to_string(&report).map_err(|error| match ran {
        Err(failed) => failed,
        Ok(()) => error.into(),
    })?;
    tally.passed += number_after(&text, "\"numPassedTests\":");
    tally.failed += number_after(&text, "\"numFailedTests\":");
    Ok(())
}

/// The page in a browser, on its in-memory backend: what people do; in the long run each screen in every look, too, and how
/// quick it is.
fn browser_tests(tally: &mut TestTally, length: Length) -> Result<()> {
    let ui = root().join("ui");
    run(npm(&ui).args(["run", "--silent", "build:tests"]))?;
    let report = crate::target_dir().join("playwright.json");
    // A report of the last run would hide that there is none of this one.
    if report.exists() {
        std::fs::remove_file(&report)?;
    }
    let mut playwright = npm(&ui);
    playwright.args(["exec", "--", "playwright", "test", "--config", "browser/playwright.config.ts"]);
    playwright.arg("--reporter=list,json").env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    playwright.env("GATECALL_BROWSER", if length == Length::Soak { "soak" } else { "flows" });
    let ran = run(&mut playwright);
    let text = std::fs::read_to_string(&report).map_err(|error| match &ran {
        Err(failed) => Error::new(failed.to_string()),
        Ok(()) => error.into(),
    })?;
    let (passed, failed) = browser_counts(&text);
    tally.passed += passed;
    tally.failed += failed;
    // Tests that cannot be loaded, or that take too long all together, are counted nowhere.
    if failed == 0 { ran } else { Ok(()) }
}

/// Passed and failed in a report of Playwright.
fn browser_counts(report: &str) -> (u64, u64) {
    let stats = report.rsplit("\"stats\":").next().unwrap_or_default();
    (number_after(stats, "\"expected\":"), number_after(stats, "\"unexpected\":") + number_after(stats, "\"flaky\":"))
}

/// Our client beside others. Last, because it looks at time: nothing else should run then.
fn peers(tally: &mut TestTally, timing: &mut Timing, length: Length) -> Result<()> {
    timing.time("clippy of the peers", || {
        run(cargo().args(["clippy", "-p", "peers", "--all-targets", "--locked", "--", "-D", "warnings"]))
    })?;
    // The burst compares programs as people get them.
    timing.time("release build of the peers", || {
        run(cargo().args(["build", "--locked", "--release", "-p", "peers", "--no-default-features", "--bins"]))
    })?;
    let mut args = vec!["-p", "peers"];
    if length == Length::Soak {
        args.extend(["--", "--include-ignored"]);
    }
    cargo_tests(tally, timing, &args)
}

/// Unit tests of every crate, and everything end to end; or those that `args` name.
fn cargo_tests(tally: &mut TestTally, timing: &mut Timing, args: &[&str]) -> Result<()> {
    let mut tests = cargo();
    tests.args(["test", "--locked", "--no-fail-fast"]).args(args);
    // With this a missing part is a failure; without it, such as in a plain `cargo test`, it is a skipped test.
    tests.env("GATECALL_REAL_PARTS", "1");
    say(format!("$ cargo test --locked --no-fail-fast {}", args.join(" ")).trim_end());
    // Compiled first, so that the time of a harness is that of its tests.
    let mut compile = cargo();
    compile.args(["test", "--locked", "--no-run"]).args(args.iter().take_while(|arg| **arg != "--"));
    timing.time(format!("compiling: cargo test {}", args.join(" ")).trim_end(), || run(&mut compile))?;
    let mut child = tests.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().ok_or_else(|| Error::new("cargo has no standard output"))?;
    let stderr = child.stderr.take().ok_or_else(|| Error::new("cargo has no standard error"))?;
    let names = std::thread::spawn(move || names_of_harnesses(stderr));
    let mut times = Vec::new();
    let failed_before = tally.failed;
    let mut harnesses = 0;
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        if line.starts_with("test result:") {
            harnesses += 1;
            times.push(seconds_in(&line));
            tally.passed += number_before(&line, " passed");
            tally.failed += number_before(&line, " failed");
        }
        if line.starts_with("SKIPPED ") {
            tally.skipped.push(line.clone());
        }
        say(&line);
    }
    let status = child.wait()?;
    let names = names.join().map_err(|_| Error::new("the names of the tests could not be read"))?;
    for (name, took) in names.iter().zip(times) {
        timing.add(name, took);
    }
    if harnesses == 0 || (!status.success() && tally.failed == failed_before) {
        return Err(Error::new("the tests could not be run"));
    }
    Ok(())
}

/// Passes cargo's messages on, and gives the names of the harnesses in the order in which they ran.
fn names_of_harnesses(stderr: std::process::ChildStderr) -> Vec<String> {
    let mut names = Vec::new();
    for line in BufReader::new(stderr).lines().map_while(std::result::Result::ok) {
        say(&line);
        let line = line.trim_start();
        let name = line.strip_prefix("Running ").and_then(|rest| rest.split(" (").next());
        let name = name.or_else(|| line.strip_prefix("Doc-tests "));
        names.extend(name.map(|name| format!("tests: {name}")));
    }
    names
}

/// The time in a line such as `test result: ok. … finished in 1.25s`.
fn seconds_in(line: &str) -> Duration {
    let seconds =
        line.rsplit("finished in ").next().and_then(|rest| rest.trim_end().trim_end_matches('s').parse().ok());
    Duration::from_secs_f64(seconds.unwrap_or_default())
}

fn number_before(line: &str, word: &str) -> u64 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn number_after(text: &str, key: &str) -> u64 {
    let after = text.split(key).nth(1).unwrap_or_default().trim_start();
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_runners_print() {
        let line = "test result: ok. 39 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.07s";
        assert_eq!((number_before(line, " passed"), number_before(line, " failed")), (39, 2));
        assert_eq!(seconds_in(line), Duration::from_millis(70));
        let report =
            r#"{"suites": [{"expected": 9}], "stats": {"expected": 170, "skipped": 2, "unexpected": 3, "flaky": 0}}"#;
        assert_eq!(browser_counts(report), (170, 3));
        assert_eq!(number_after(r#"{"numPassedTests":17,"x":1}"#, "\"numPassedTests\":"), 17);
    }
}
