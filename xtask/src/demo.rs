//! `cargo xtask demo`: the app doing its job, on this desktop or on one of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::desktop::Desktop;
use crate::run::{self, output};
use crate::{Error, Result, build, packages, say, target_dir};

/// The story, and a moment to look at its end.
const STORY_SECS: u64 = 36;
/// What a step of the story needs until it is on screen.
const SETTLED: Duration = Duration::from_millis(1_500);

/// Installs what is missing, builds, and runs the demo; for ever where people can watch, else until its story is told.
///
/// # Errors
/// What could not be installed, built or started.
pub fn run(for_secs: Option<u64>) -> Result<()> {
    let watched = std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    let groups: &[&[_]] = if watched { &[packages::BUILD] } else { &[packages::BUILD, packages::DESKTOP] };
    packages::ensure(groups)?;
    build::programs(build::BuildProfile::Debug)?;
    let gatecall = build::programs_dir(build::BuildProfile::Debug).join("gatecall");
    if watched {
        let mut demo = Command::new(gatecall);
        demo.arg("--demo");
        if let Some(secs) = for_secs {
            demo.arg("--for").arg(secs.to_string());
        }
        return run::run(&mut demo);
    }
    unwatched(&gatecall, for_secs.unwrap_or(STORY_SECS))
}

/// Runs on a desktop without a screen and leaves pictures.
fn unwatched(gatecall: &Path, secs: u64) -> Result<()> {
    say("No display here: the demo gets a desktop of its own and leaves pictures.");
    let folder = target_dir().join("demo");
    fs::create_dir_all(&folder)?;
    let toast = folder.join("toast.png");
    if toast.exists() {
        fs::remove_file(&toast)?;
    }
    let desktop = Desktop::start()?;
    let mut demo = desktop
        .command(gatecall)
        .args(["--demo", "--for", &secs.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = demo.stdout.take().ok_or_else(|| Error::new("the demo has no standard output"))?;
    let mut steps = 0;
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        say(&line);
        if is_step(&line) {
            steps += 1;
            photograph(&desktop, &folder, steps)?;
        }
    }
    let status = demo.wait()?;
    if !status.success() {
        return Err(Error::new(format!("the demo failed ({status})")));
    }
    if steps == 0 {
        return Err(Error::new("the demo ended before its story began; give it more seconds"));
    }
    if !toast.is_file() {
        return Err(Error::new("no toast was seen; see the demo's messages above"));
    }
    say("Pictures:");
    for name in ["screen.png", "window.png", "toast.png"] {
        say(&format!("  {}", folder.join(name).display()));
    }
    Ok(())
}

/// Whether a line of the demo tells of an event.
fn is_step(line: &str) -> bool {
    ["Booked ", "Paid ", "Cancelled "].iter().any(|word| line.starts_with(word)) || line.contains(" is now ")
}

/// The screen, and from it the window and, while there is one, the toast. Later steps replace earlier ones, but for the
/// toast, which is kept from the step that shows it best: the delay. What was there before and after the picture is in it.
#[expect(clippy::disallowed_methods, reason = "nothing tells an outsider when a window has painted")]
fn photograph(desktop: &Desktop, folder: &Path, step: u32) -> Result<()> {
    std::thread::sleep(SETTLED);
    let screen = folder.join("screen.png");
    let before = desktop.toasts()?;
    desktop.picture(&screen)?;
    crop(&screen, "920x680+0+0", false, folder.join("window.png"))?;
    if step <= 3 && before > 0 && desktop.toasts()? > 0 {
        crop(&screen, "430x400+930+0", true, folder.join("toast.png"))?;
    }
    Ok(())
}

/// A part of a picture; trimmed to what is not background.
pub fn crop(picture: &Path, area: &str, trim: bool, to: PathBuf) -> Result<()> {
    let mut convert = Command::new("convert");
    convert.arg(picture).args(["-crop", area, "+repage"]);
    if trim {
        convert.args(["-trim", "+repage"]);
    }
    output(convert.arg(to)).map(drop)
}
