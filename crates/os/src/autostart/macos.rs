//! Launch agent of the user, read by `launchd` at the next log-in.

use std::io;
use std::path::PathBuf;

use super::files;

/// Path of the property list.
#[derive(Debug, Clone)]
pub struct AutostartEntry(PathBuf);

impl AutostartEntry {
    pub fn of_this_user() -> Option<Self> {
        let home = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute())?;
        Some(Self(home.join(format!("Library/LaunchAgents/{}.plist", domain::APP_ID))))
    }

    pub fn is_on(&self) -> io::Result<bool> {
        self.0.try_exists()
    }

    pub fn create(&self, program: &str) -> io::Result<()> {
        files::replace(&self.0, &agent(program))
    }

    pub fn remove(&self) -> io::Result<()> {
        files::remove(&self.0)
    }

    pub fn refresh(&self, program: &str) -> io::Result<()> {
        match files::read(&self.0)? {
            Some(found) if found != agent(program) => files::replace(&self.0, &agent(program)),
            _ => Ok(()),
        }
    }
}

fn agent(program: &str) -> String {
    let program = program.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>Label</key><string>{id}</string>
    <key>ProgramArguments</key><array><string>{program}</string><string>--hidden</string></array>
    <key>RunAtLoad</key><true/>
</dict>
</plist>
"#,
        id = domain::APP_ID
    )
}
