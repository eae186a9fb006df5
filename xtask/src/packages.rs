//! The Debian packages that building, trying and testing need, each with its reason.

use std::process::{Command, Stdio};

use crate::run::{exists, run};
use crate::{Error, Result, say};

/// To compile the programs.
pub const BUILD: &[(&str, &str)] = &[
    ("build-essential", "C compiler for SQLite and ring"),
    ("pkg-config", "finds the libraries below"),
    ("libwebkit2gtk-4.1-dev", "the window's webview"),
    ("librsvg2-dev", "icons of the window"),
];

/// A desktop without a screen.
pub const DESKTOP: &[(&str, &str)] = &[
    ("xvfb", "a display in memory"),
    ("dbus", "a session bus of its own"),
    ("gnome-keyring", "a keychain"),
    ("dunst", "a notification service"),
    ("imagemagick", "takes the pictures"),
    ("fonts-dejavu-core", "letters for the toasts"),
];

/// To test on real parts.
pub const TEST: &[(&str, &str)] = &[
    ("webkit2gtk-driver", "drives the real window"),
    ("xfce4-notifyd", "a second notification service, whose buttons can be pressed"),
    ("xfconf", "where that keeps its settings"),
    ("xdotool", "presses them"),
    ("libsecret-tools", "looks into the keychain from outside"),
    ("iproute2", "network namespaces, and cables to pull"),
    ("procps", "ends a program as the end of a session does"),
    ("libfaketime", "sets the wall clock of a client under test"),
    ("libssl-dev", "rust_socketio, a client that ours is measured against, links OpenSSL"),
];

/// To test the page in a browser.
pub const BROWSER: &[(&str, &str)] = &[("chromium", "runs the tests of the page, without a screen")];

/// To try the package.
pub const BUNDLE: &[(&str, &str)] = &[("desktop-file-utils", "checks the desktop file")];

/// To build for other systems, where rustup has no targets for them.
pub const RUST_WITH_SOURCES: &[(&str, &str)] = &[
    ("rustc-web", "a Rust as new as ours, of Debian's"),
    ("cargo-web", "its cargo"),
    ("rust-web-src", "the sources of its standard library, which other systems' are built from"),
];

/// To build for Windows, and to run it.
pub const WINDOWS: &[(&str, &str)] = &[
    ("build-essential", "C compiler for what of the test runs here"),
    ("gcc-mingw-w64-x86-64", "compiles SQLite and ring for Windows, and links"),
    ("g++-mingw-w64-x86-64", "what of it is C++"),
    ("wine64", "runs programs of Windows"),
];

/// To check the types for macOS.
pub const MACOS: &[(&str, &str)] = &[("build-essential", "makes the objects that stand in for those of macOS")];

const ELSEWHERE: &str = "\
This system has no apt. Install these by hand and run the command again:
  Fedora   sudo dnf install @development-tools pkgconf webkit2gtk4.1-devel librsvg2-devel xorg-x11-server-Xvfb \\
           dbus-daemon gnome-keyring dunst ImageMagick dejavu-sans-fonts webkit2gtk-driver libsecret \\
           xfce4-notifyd xfconf xdotool
  Arch     sudo pacman -S base-devel webkit2gtk-4.1 librsvg xorg-server-xvfb dbus gnome-keyring dunst imagemagick \\
           ttf-dejavu libsecret xfce4-notifyd xfconf xdotool
  macOS    xcode-select --install   (the tests of the desktop run on Linux only)
  Windows  Visual Studio Build Tools with C++, WebView2   (the tests of the desktop run on Linux only)
and Node.js 20 or newer on each of them.";

/// Installs what is missing. Asks nothing; uses sudo only when it is not root.
pub fn ensure(groups: &[&[(&str, &str)]]) -> Result<()> {
    node()?;
    let wanted = groups.iter().flat_map(|group| group.iter());
    if !exists("apt-get") {
        say(ELSEWHERE);
        return Ok(());
    }
    let missing: Vec<_> = wanted.filter(|(name, _)| !installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say("Installing with apt:");
    for (name, reason) in &missing {
        say(&format!("  {name:<24} {reason}"));
    }
    run(apt().arg("update").arg("-qq"))?;
    // Nothing of the user's may go for it: a Rust of Debian's excludes another one of Debian's.
    run(apt()
        .args(["install", "-y", "-qq", "--no-install-recommends", "--no-remove"])
        .args(missing.iter().map(|(name, _)| name)))
}

/// `apt-get`, as root.
pub fn apt() -> Command {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
    command
}

/// Whether dpkg says that the package is there.
pub fn installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]).stderr(Stdio::null());
    query.output().is_ok_and(|output| output.status.success() && output.stdout == b"installed")
}

fn node() -> Result<()> {
    if exists("node") && exists("npm") {
        return Ok(());
    }
    Err(Error::new("Node.js 20 or newer with npm is needed: https://nodejs.org, or your system's packages"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
