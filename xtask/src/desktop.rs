//! A desktop without a screen: a display in memory, a session bus, an unlocked keychain, a notification service.
//!
//! Every part is real, private and on a free address, so that several stand side by side; all of them end with the value.

mod bus;
mod part;
mod xfce;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub use bus::Bus;
use part::{DesktopPart, first_line};

use crate::{Error, Result, run};

/// The display's size in pixels.
const SCREEN: &str = "1360x760x24";
/// How long a part may take to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The notification service's name on the bus.
const NOTIFICATIONS: &str = "org.freedesktop.Notifications";

/// How toasts look in the pictures; the rest is dunst's own.
const DUNST: &str = r##"[global]
    scale = @SCALE@
    monitor = 0
    follow = none
    width = 380
    height = 300
    origin = top-right
    offset = 24x24
    padding = 16
    horizontal_padding = 18
    text_icon_padding = 14
    frame_width = 1
    frame_color = "#2b3350"
    separator_color = frame
    corner_radius = 12
    gap_size = 10
    font = DejaVu Sans @FONT_SIZE@
    line_height = 3
    markup = full
    format = "<b>%s</b>\n%b"
    enable_recursive_icon_lookup = true
    icon_theme = "hicolor"
    min_icon_size = 40
    max_icon_size = 40
    mouse_left_click = do_action, close_current
    mouse_middle_click = close_current
    dmenu = @MENU@
    show_indicators = no
[urgency_low]
    background = "#12172a"
    foreground = "#c8cfe4"
[urgency_normal]
    background = "#12172a"
    foreground = "#f4f6fb"
[urgency_critical]
    background = "#3a1220"
    foreground = "#ffe9ec"
    frame_color = "#e5484d"
"##;

/// A running desktop.
#[derive(Debug)]
pub struct Desktop {
    folder: PathBuf,
    display: String,
    bus: String,
    // Ended in this order.
    parts: Vec<DesktopPart>,
}

impl Desktop {
    /// Whether this machine has what it takes.
    pub fn is_possible() -> bool {
        ["Xvfb", "dbus-daemon", "gnome-keyring-daemon", "dunst"].iter().all(|program| run::exists(program))
    }

    /// Starts the parts and waits for each.
    ///
    /// # Errors
    /// A part that is missing or does not come up.
    pub fn start() -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("gatecall-desktop-{}-{number}", std::process::id()));
        private_dir(&folder)?;
        for name in ["runtime", "services", "home", "home/.local/share", "home/.config/dunst"] {
            private_dir(&folder.join(name))?;
        }
        let mut desktop = Self { folder, display: String::new(), bus: String::new(), parts: Vec::new() };
        desktop.start_display()?;
        desktop.start_bus()?;
        desktop.start_keychain()?;
        desktop.start_notifications()?;
        Ok(desktop)
    }

    /// A program on this desktop, with a home of its own.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let home = self.home();
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", self.folder.join("runtime"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("XDG_SESSION_TYPE", "x11")
            .env("GDK_BACKEND", "x11")
            .env("LC_ALL", "C.UTF-8")
            // Without a compositor and a GPU: what a headless machine has.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    /// The D-Bus address.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// The X display, such as `:1`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The folder in which everything of this desktop lives.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The home folder of programs on this desktop.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// A picture of the whole screen.
    ///
    /// # Errors
    /// ImageMagick is missing or cannot write there.
    pub fn picture(&self, to: &Path) -> Result<()> {
        let mut import = self.command("import");
        import.args(["-silent", "-window", "root"]).arg(to);
        run::output(&mut import).map(drop)
    }

    /// A picture for people to look at, beside what is built.
    ///
    /// # Errors
    /// As [`Desktop::picture`].
    pub fn keep_picture(&self, name: &str) -> Result<()> {
        let folder = crate::target_dir().join("pictures");
        fs::create_dir_all(&folder)?;
        self.picture(&folder.join(name))
    }

    /// How many toasts are on screen.
    ///
    /// # Errors
    /// The notification service does not say.
    pub fn toasts(&self) -> Result<u32> {
        let count = run::output(self.command("dunstctl").args(["count", "displayed"]))?;
        count.trim().parse().map_err(|_| Error::new(format!("the notification service counts {count:?}")))
    }

    /// Picks an action of the toasts on screen, by a word in its label, from dunst's menu.
    ///
    /// # Errors
    /// The notification service does not take it.
    pub fn pick(&self, word: &str) -> Result<()> {
        fs::write(self.choice(), word)?;
        run::output(self.command("dunstctl").arg("context")).map(drop)
    }

    fn choice(&self) -> PathBuf {
        self.folder.join("choice")
    }

    /// Ends the notification service and starts another.
    ///
    /// # Errors
    /// It does not come up.
    pub fn restart_notifications(&mut self) -> Result<()> {
        self.parts.retain_mut(|part| part.name != "dunst" || !part.end());
        self.start_notifications()
    }

    /// Ends the notification service and leaves it to the bus to start the next one, when somebody asks for it. It ends
    /// with its display.
    ///
    /// # Errors
    /// The service file cannot be written, or the bus does not read it.
    pub fn notifications_on_demand(&mut self) -> Result<()> {
        self.parts.retain_mut(|part| part.name != "dunst" || !part.end());
        let script = self.folder.join("dunst.sh");
        let dunst = self.dunst()?;
        let mut text = "#!/bin/sh\n".to_owned();
        for (name, value) in dunst.get_envs() {
            if let Some(value) = value {
                text += &format!("export {}='{}'\n", name.display(), value.display());
            }
        }
        let config = self.home().join(".config/dunst/dunstrc");
        text += &format!("exec dunst -config '{}'\n", config.display());
        fs::write(&script, text)?;
        let service = format!("[D-BUS Service]\nName={NOTIFICATIONS}\nExec=/bin/sh {}\n", script.display());
        fs::write(self.folder.join("services").join(format!("{NOTIFICATIONS}.service")), service)?;
        self.ask_bus("ReloadConfig", &[]).map(drop)
    }

    fn start_display(&mut self) -> Result<()> {
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Error::new(format!("Xvfb: {error}")))?;
        let number = first_line(&mut child);
        self.parts.push(DesktopPart { name: "Xvfb", child });
        self.display = format!(":{}", number?);
        Ok(())
    }

    fn start_bus(&mut self) -> Result<()> {
        let bus = Bus::start(&self.folder)?;
        self.bus = bus.address().to_owned();
        self.parts.extend(bus.into_part());
        Ok(())
    }

    fn start_keychain(&mut self) -> Result<()> {
        let mut child = self
            .command("gnome-keyring-daemon")
            .args(["--unlock", "--foreground", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Error::new(format!("gnome-keyring-daemon: {error}")))?;
        let written = child.stdin.take().map(|mut stdin| stdin.write_all(b"for this desktop only"));
        self.parts.push(DesktopPart { name: "gnome-keyring-daemon", child });
        written.transpose()?;
        self.wait_for_name("org.freedesktop.secrets")
    }

    fn start_notifications(&mut self) -> Result<()> {
        let log = fs::File::create(self.folder.join("dunst.log"))?;
        let child = self
            .dunst()?
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .map_err(|error| Error::new(format!("dunst: {error}")))?;
        self.parts.push(DesktopPart { name: "dunst", child });
        self.wait_for_name(NOTIFICATIONS)
    }

    fn dunst(&self) -> Result<Command> {
        let config = self.home().join(".config/dunst/dunstrc");
        // What stands for the menu in which a person picks an action.
        let menu = self.folder.join("menu.sh");
        fs::write(&menu, format!("grep --max-count 1 --fixed-strings --file '{}'\n", self.choice().display()))?;
        // As the programs of GTK are scaled. dunst scales everything but the font.
        let scale: u32 = std::env::var("GDK_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1);
        let text = DUNST
            .replace("@MENU@", &format!("/bin/sh {}", menu.display()))
            .replace("@SCALE@", &scale.to_string())
            .replace("@FONT_SIZE@", &(11 * scale).to_string());
        fs::write(&config, text)?;
        let mut dunst = self.command("dunst");
        dunst.arg("-config").arg(&config);
        dunst.env("XDG_DATA_DIRS", format!("{}:/usr/local/share:/usr/share", self.home().join("icons").display()));
        Ok(dunst)
    }

    /// Waits until somebody owns a name on the bus.
    #[expect(clippy::disallowed_methods, reason = "dbus-send cannot wait for a name, and there is no runtime here")]
    fn wait_for_name(&self, name: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if self.ask_bus("NameHasOwner", &[&format!("string:{name}")])?.contains("true") {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(Error::new(format!("nobody offers {name} on the private bus")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Calls a method of the bus itself; empty when it refuses.
    fn ask_bus(&self, method: &str, args: &[&str]) -> Result<String> {
        let asked = self
            .command("dbus-send")
            .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
            .arg(format!("org.freedesktop.DBus.{method}"))
            .args(args)
            .stderr(Stdio::null())
            .output()?;
        Ok(String::from_utf8_lossy(&asked.stdout).into_owned())
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        while let Some(mut part) = self.parts.pop() {
            part.end();
        }
        // A folder that cannot be removed is the system's to clean; it lies in its temporary folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn private_dir(dir: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(dir)?)
}
