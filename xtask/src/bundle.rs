//! `cargo xtask bundle`: the Debian package; with `--try` also installed, used and removed.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::desktop::Desktop;
use crate::run::{output, run};
use crate::{Error, Result, build, packages, root, say, target_dir};

const DESKTOP_FILE: &str = "/usr/share/applications/app.gatecall.Gatecall.desktop";
const INSTALLED: [&str; 3] = ["/usr/bin/gatecall", "/usr/bin/gatecall-window", DESKTOP_FILE];
/// How long a started part may take to do what is expected of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes the package and says where it is.
///
/// # Errors
/// What could not be built.
pub fn run_all(try_it: bool) -> Result<()> {
    packages::ensure(&[packages::BUILD])?;
    build::programs(build::BuildProfile::Release)?;
    // `tauri build` would build the default members, which the window is none of; both programs are built already.
    run(Command::new("ui/node_modules/.bin/tauri").current_dir(root()).args(["bundle", "--bundles", "deb"]))?;
    let package = package()?;
    say(&format!("{} ({} kB)", package.display(), fs::metadata(&package)?.len() / 1000));
    if try_it { attempt(&package) } else { Ok(()) }
}

fn package() -> Result<PathBuf> {
    let folder = target_dir().join("release/bundle/deb");
    let mut found: Vec<_> = fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .collect();
    found.sort_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).ok());
    found.pop().ok_or_else(|| Error::new(format!("no package in {}", folder.display())))
}

/// Installs the package with apt, starts it from its desktop file, waits for a toast, removes it.
fn attempt(package: &Path) -> Result<()> {
    packages::ensure(&[packages::DESKTOP, packages::BUNDLE])?;
    build::node_modules(&root().join("tests/node"))?;
    run(packages::apt().args(["install", "-y", "-qq"]).arg(package))?;
    let used = use_it();
    run(packages::apt().args(["remove", "-y", "-qq", "gatecall"]))?;
    used?;
    if let Some(left) = INSTALLED.iter().find(|path| Path::new(path).exists()) {
        return Err(Error::new(format!("removing the package left {left} behind")));
    }
    say("Installed, started from its desktop file, showed a toast, removed: only the user's data is left.");
    Ok(())
}

fn use_it() -> Result<()> {
    run(Command::new("desktop-file-validate").arg(DESKTOP_FILE))?;
    let desktop = Desktop::start()?;
    let address = free_address()?;
    let gateway = Command::new(build::programs_dir(build::BuildProfile::Release).join("gatecall-gateway"))
        .env("GATEWAY_LISTEN", &address)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let _gateway = Ended(gateway);
    let book =
        || output(Command::new("node").arg(root().join("tests/node/book.mjs")).arg(&address).stderr(Stdio::null()));
    until("the gateway answers", || Ok(book().is_ok()))?;
    login(&desktop, &address)?;
    run(desktop.command("gio").args(["launch", DESKTOP_FILE]).stdout(Stdio::null()).stderr(Stdio::null()))?;
    until("a booking is in the inbox", || {
        // One that is made before the socket is up is not announced, so another is made.
        book()?;
        Ok(output(desktop.command("/usr/bin/gatecall").args(["list", "--json"]))?.contains("booking:created"))
    })?;
    until("a toast is on screen", || {
        let count = output(desktop.command("dunstctl").args(["count", "displayed"]))?;
        Ok(count.trim().parse::<u32>().is_ok_and(|count| count > 0))
    })?;
    fs::create_dir_all(target_dir().join("demo"))?;
    let picture = target_dir().join("demo/installed.png");
    desktop.picture(&picture)?;
    say(&format!("A picture: {}", picture.display()));
    let pid = fs::read_to_string(desktop.home().join(".local/share/gatecall/lock"))?;
    run(Command::new("kill").arg(pid.trim()))?;
    until("it has ended", || Ok(!Path::new("/proc").join(pid.trim()).exists()))
}

fn login(desktop: &Desktop, address: &str) -> Result<()> {
    let mut login = desktop
        .command("/usr/bin/gatecall")
        .args(["login", "--server", address, "--email", "test@example.com", "--password-stdin"])
        .stdin(Stdio::piped())
        .spawn()?;
    login.stdin.take().map(|mut stdin| stdin.write_all(b"Test123!\n")).transpose()?;
    let status = login.wait()?;
    if status.success() { Ok(()) } else { Err(Error::new(format!("gatecall login failed ({status})"))) }
}

/// An address on which nobody listened a moment ago.
fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Asks again until it is so.
#[expect(clippy::disallowed_methods, reason = "these are other programs, seen from outside")]
fn until(what: &str, mut is_so: impl FnMut() -> Result<bool>) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !is_so()? {
        if Instant::now() > deadline {
            return Err(Error::new(format!("waited in vain until {what}")));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    say(&format!("Now {what}."));
    Ok(())
}

/// A process that ends with the value.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
