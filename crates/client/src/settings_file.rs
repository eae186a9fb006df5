//! The settings file `settings.json`: read leniently, written atomically.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::settings::Settings;
use serde_json::error::Category;

/// The file, and where it is.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    path: PathBuf,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file or its folder cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A person edited it, and it is not JSON any more, or a key has the wrong type. The file is left as it is.
    /// What stands there is left out of the text: it may be private.
    #[error("{path}, line {}, column {}: {}", source.line(), source.column(), problem(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
}

fn problem(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        Category::Syntax => "this is not JSON",
        Category::Data => "a value of the wrong kind",
        Category::Eof => "the file ends too early",
        Category::Io => "the file cannot be read",
    }
}

impl SettingsFile {
    /// The settings in `config_dir`.
    pub fn in_dir(config_dir: &Path) -> Self {
        Self { path: config_dir.join("settings.json") }
    }

    /// What the file says; the defaults when there is none.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn load(&self) -> Result<Settings, SettingsError> {
        match std::fs::read(&self.path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|source| SettingsError::Unreadable { path: self.path.clone(), source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
            Err(source) => Err(self.io(source)),
        }
    }

    /// Writes beside the file, then puts it in its place: a crash leaves the old or the new one, never half of it.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn save(&self, settings: &Settings) -> Result<(), SettingsError> {
        let text = serde_json::to_string_pretty(settings)
            .map_err(|source| SettingsError::Unreadable { path: self.path.clone(), source })?;
        self.replace(text.as_bytes()).map_err(|source| self.io(source))
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let beside = self.path.with_extension("json.new");
        let mut options = std::fs::File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(text)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(&beside, &self.path)
    }

    fn io(&self, source: io::Error) -> SettingsError {
        SettingsError::Io { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_damaged_file_is_told_by_its_place_and_not_by_what_stands_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::in_dir(folder.path());
        for (text, told) in [
            (r#"{ "paused": "ada@example.com" }"#, "line 1, column 29: a value of the wrong kind"),
            ("{ \"paused\": true", "line 1, column 16: the file ends too early"),
            ("{\n  ada@example.com\n}", "line 2, column 3: this is not JSON"),
        ] {
            std::fs::write(folder.path().join("settings.json"), text).unwrap();
            let error = file.load().unwrap_err().to_string();
            assert!(error.ends_with(told) && !error.contains("ada@"), "{error}");
        }
    }
}
