//! Desktop entry in the user's autostart folder.

use std::io;
use std::path::PathBuf;

use super::files;

/// Path of the desktop entry.
#[derive(Debug, Clone)]
pub struct AutostartEntry(pub(super) PathBuf);

impl AutostartEntry {
    /// Entry below `$XDG_CONFIG_HOME`, or `~/.config` where that is unset or relative (XDG Base Directory Specification).
    pub fn of_this_user() -> Option<Self> {
        let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
        Some(Self(config.join(format!("autostart/{}.desktop", domain::APP_ID))))
    }

    pub fn is_on(&self) -> io::Result<bool> {
        let Some(text) = files::read(&self.0)? else { return Ok(false) };
        // GNOME's settings write the second key, others the first.
        let is_off =
            value(&text, "Hidden") == Some("true") || value(&text, "X-GNOME-Autostart-enabled") == Some("false");
        Ok(!is_off)
    }

    pub fn create(&self, program: &str) -> io::Result<()> {
        let (id, exec) = (domain::APP_ID, exec(program));
        let entry = format!(
            "[Desktop Entry]\nType=Application\nName=Gatecall\n\
             Comment=Know at once what happened to your flights and bookings\n\
             Exec={exec}\nIcon={id}\nTerminal=false\n"
        );
        files::replace(&self.0, &entry)
    }

    pub fn remove(&self) -> io::Result<()> {
        files::remove(&self.0)
    }

    /// Updates the `Exec` value only: the user or the desktop may have edited the rest.
    pub fn refresh(&self, program: &str) -> io::Result<()> {
        let Some(text) = files::read(&self.0)? else { return Ok(()) };
        let exec = exec(program);
        let Some(found) = value(&text, "Exec").filter(|found| *found != exec) else { return Ok(()) };
        let start = found.as_ptr().addr() - text.as_ptr().addr();
        let changed = format!("{}{exec}{}", &text[..start], &text[start + found.len()..]);
        tracing::info!("the program has moved: autostart entry updated");
        files::replace(&self.0, &changed)
    }
}

/// Value of a key in the group `[Desktop Entry]`.
pub(super) fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| *line == "[Desktop Entry]")?;
    let mut pairs = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
    pairs.find(|(name, _)| name.trim_end() == key).map(|(_, value)| value.trim_start())
}

/// Command line for `Exec`, quoted twice (Desktop Entry Specification, "The Exec key"): as an argument, with `%` doubled,
/// and then as a string.
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
mod tests {
    use super::*;

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
