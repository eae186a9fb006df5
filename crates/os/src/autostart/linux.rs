//! A desktop entry in the user's autostart folder.

use std::io;
use std::path::PathBuf;

use super::{read, remove, replace};

/// The file.
#[derive(Debug, Clone)]
pub struct AutostartEntry(PathBuf);

impl AutostartEntry {
    /// Below `$XDG_CONFIG_HOME`, which is `~/.config` where it is unset or no absolute path (XDG Base Directory Specification).
    pub fn of_this_user() -> Option<Self> {
        let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
        Some(Self(config.join(format!("autostart/{}.desktop", domain::APP_ID))))
    }

    pub fn is_on(&self) -> io::Result<bool> {
        let Some(text) = read(&self.0)? else { return Ok(false) };
        // GNOME's settings write the second of these, others the first.
        let is_off =
            value(&text, "Hidden") == Some("true") || value(&text, "X-GNOME-Autostart-enabled") == Some("false");
        Ok(!is_off)
    }

    pub fn enter(&self, program: &str) -> io::Result<()> {
        let (id, exec) = (domain::APP_ID, exec(program));
        let entry = format!(
            "[Desktop Entry]\nType=Application\nName=Gatecall\n\
             Comment=Know at once what happened to your flights and bookings\n\
             Exec={exec}\nIcon={id}\nTerminal=false\n"
        );
        replace(&self.0, &entry)
    }

    pub fn leave(&self) -> io::Result<()> {
        remove(&self.0)
    }

    /// Only the line that starts the program: the rest may be the person's or the desktop's.
    pub fn refresh(&self, program: &str) -> io::Result<()> {
        let Some(text) = read(&self.0)? else { return Ok(()) };
        let exec = exec(program);
        let Some(found) = value(&text, "Exec").filter(|found| *found != exec) else { return Ok(()) };
        let start = found.as_ptr().addr() - text.as_ptr().addr();
        let changed = format!("{}{exec}{}", &text[..start], &text[start + found.len()..]);
        tracing::info!("the program has moved: its autostart entry follows");
        replace(&self.0, &changed)
    }
}

/// The value of a key in the entry's own group.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| *line == "[Desktop Entry]")?;
    let mut pairs = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
    pairs.find(|(name, _)| name.trim_end() == key).map(|(_, value)| value.trim_start())
}

/// The command line, quoted twice (Desktop Entry Specification, "The Exec key"): as an argument, in which a `%` stands
/// for itself when it is doubled, and then as a string.
fn exec(program: &str) -> String {
    let mut argument = String::new();
    for c in program.chars() {
        match c {
            '"' | '`' | '$' | '\\' => argument.extend(['\\', c]),
            '%' => argument.push_str("%%"),
            c => argument.push(c),
        }
    }
    let string = argument.replace('\\', r"\\").replace('\n', r"\n").replace('\t', r"\t").replace('\r', r"\r");
    format!("\"{string}\" --hidden")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Autostart;
    use super::*;

    fn at(folder: &std::path::Path, program: &str) -> Autostart {
        Autostart::new(AutostartEntry(folder.join("autostart/x.desktop")), program.into()).unwrap()
    }

    #[test]
    fn the_entry_is_the_truth() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("autostart/x.desktop");
        let autostart = at(folder.path(), "/opt/my apps/gatecall");
        assert!(!autostart.is_on().unwrap());
        autostart.set(false).unwrap();
        autostart.refresh().unwrap();
        assert!(!file.exists(), "nothing is made that was not asked for");
        autostart.set(true).unwrap();
        assert!(autostart.is_on().unwrap());
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(value(&text, "Exec"), Some("\"/opt/my apps/gatecall\" --hidden"));
        for off in ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = true"] {
            std::fs::write(&file, format!("{text}{off}\n[Desktop Action x]\nHidden=false\n")).unwrap();
            assert!(!autostart.is_on().unwrap(), "{off}");
        }
        std::fs::write(&file, format!("{text}\n[Desktop Action x]\nHidden=true\n")).unwrap();
        assert!(autostart.is_on().unwrap(), "another group's key");
        autostart.set(false).unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn a_program_that_has_moved_is_followed_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("autostart/x.desktop");
        at(folder.path(), "/old/gatecall").set(true).unwrap();
        let edited = std::fs::read_to_string(&file).unwrap() + "Hidden=true\n[Desktop Action x]\nExec=other\n";
        std::fs::write(&file, &edited).unwrap();
        at(folder.path(), "/new/gatecall").refresh().unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), edited.replace("/old/", "/new/"));
    }

    #[test]
    fn a_path_is_quoted_as_the_specification_wants_it() {
        for (program, expected) in [
            ("/usr/bin/gatecall", r#""/usr/bin/gatecall" --hidden"#),
            (r#"/a "b" $c `d` 100% e"#, r#""/a \\"b\\" \\$c \\`d\\` 100%% e" --hidden"#),
            (r"/a\b", r#""/a\\\\b" --hidden"#),
        ] {
            assert_eq!(exec(program), expected);
        }
    }
}
