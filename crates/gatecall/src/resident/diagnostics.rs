//! What a person who helps needs to know, and nothing private: no token, address of a person, booking, or proxy.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use client::SettingsFile;
use client::ports::Keychain;
use domain::connection::ConnectionState;
use domain::settings::{ProxyChoice, Settings};
use domain::view::Snapshot;
use ipc::About;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::commands;
use crate::downloads::Draft;
use crate::profile::Profile;

/// The text of the file.
pub async fn text(profile: &Profile, keychain: &Arc<dyn Keychain>, about: About, snapshot: &Snapshot) -> String {
    let findings = commands::findings(profile, keychain).await;
    // What cannot be read is among the findings.
    let settings = SettingsFile::in_dir(&profile.config_dir).load().unwrap_or_default();
    let environment = |name: &str| std::env::var(name).ok();
    let text = json!({
        "made": Timestamp::now(),
        "about": about,
        "desktop": {
            "name": environment("XDG_CURRENT_DESKTOP"),
            "session": environment("XDG_SESSION_TYPE"),
            "tray": snapshot.tray_host,
        },
        "connection": connection(&snapshot.connection),
        "language": snapshot.language,
        "demo": snapshot.demo,
        "unread": snapshot.unread,
        "inInbox": snapshot.total,
        "troubles": snapshot.degraded.len(),
        "settings": differences(&settings),
        "findings": findings,
    });
    without(&private(&settings), &format!("{text:#}\n"))
}

/// The state and the code of its reason, without the sentence.
fn connection(state: &ConnectionState) -> Value {
    let mut state = json!(state);
    if let Some(reason) = state.get_mut("reason") {
        *reason = reason["code"].take();
    }
    state
}

/// Which settings differ from the defaults. What says something about the person is only counted.
fn differences(settings: &Settings) -> Value {
    let Value::Object(all) = json!(settings) else { return Value::Null };
    let mut told: Map<String, Value> = all
        .into_iter()
        .filter(|(key, _)| !settings.other.contains_key(key))
        .map(|(key, value)| {
            let value = match (key.as_str(), value) {
                ("toasts" | "paused" | "privacy" | "language" | "look" | "sound" | "keepDays", value) => value,
                (_, Value::Array(list)) => json!(list.len()),
                _ => json!("set"),
            };
            (key, value)
        })
        .collect();
    if let Some(network) = told.get_mut("network") {
        let proxy = match &settings.network.proxy {
            ProxyChoice::At(_) => "set".to_owned(),
            choice => choice.told(),
        };
        let (bypass, ca_file) = (settings.network.bypass.len(), settings.network.ca_file.is_some());
        *network = json!({ "proxy": proxy, "bypass": bypass, "caFile": ca_file });
    }
    if !settings.other.is_empty() {
        told.insert("others".to_owned(), json!(settings.other.len()));
    }
    Value::Object(told)
}

/// What a finding might have said in passing, and what stands there instead.
fn private(settings: &Settings) -> Vec<(String, &'static str)> {
    let mut private = Vec::new();
    if let Some(folders) = directories::UserDirs::new() {
        private.push((folders.home_dir().display().to_string(), "~"));
    }
    private.extend(settings.account.as_ref().map(|account| (account.email.clone(), "<e-mail>")));
    if let ProxyChoice::At(address) = &settings.network.proxy {
        let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
        let host = rest.rsplit('@').next().unwrap_or_default().trim_end_matches('/');
        private.extend([address, rest, host].map(|text| (text.to_owned(), "<proxy>")));
    }
    private
}

fn without(private: &[(String, &'static str)], text: &str) -> String {
    let said = private.iter().filter(|(private, _)| private.len() > 1);
    said.fold(text.to_owned(), |text, (private, instead)| text.replace(private.as_str(), instead))
}

/// Writes a file of its own among the downloads, for this user only.
pub fn write(profile: &Profile, text: &str) -> io::Result<PathBuf> {
    let now = Timestamp::now().to_zoned_datetime(TimeZone::system());
    let stem = format!("gatecall-diagnostics-{}", now.strftime("%Y-%m-%d-%H%M"));
    let mut draft = Draft::new(&profile.downloads()?, &stem, "json")?;
    draft.file()?.write_all(text.as_bytes())?;
    draft.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const SETTINGS: &str = r#"{ "account": { "server": "https://fly.example", "email": "ada@example.com" },
        "rooms": ["admin"], "toasts": false, "look": { "theme": "dark" }, "keepDays": 7,
        "rules": [{ "name": "secret rule", "when": { "pnrs": ["ABC123"] }, "then": "toast" }],
        "quietHours": { "from": "22:00", "to": "07:00" },
        "network": { "proxy": "http://traveler:hunter2@proxy.example:3128", "bypass": ["corp.example"] },
        "elsewhere": "ada@example.com" }"#;

    #[test]
    fn settings_are_told_without_what_is_private() {
        let settings: Settings = serde_json::from_str(SETTINGS).unwrap();
        let told = differences(&settings);
        assert_eq!(told["rules"], 1);
        assert_eq!((&told["account"], &told["quietHours"]), (&json!("set"), &json!("set")));
        assert_eq!((&told["keepDays"], &told["toasts"], &told["others"]), (&json!(7), &json!(false), &json!(1)));
        assert_eq!(told["network"], json!({ "proxy": "set", "bypass": 1, "caFile": false }));
        let said =
            "https://fly.example: ada@example.com at http://traveler:hunter2@proxy.example:3128, proxy.example:3128";
        let said = without(&private(&settings), &format!("{told} {said}"));
        for private in ["ada", "ABC123", "secret", "hunter2", "traveler", "proxy.example", "corp"] {
            assert!(!said.contains(private), "{private}: {said}");
        }
        assert!(said.contains("https://fly.example: <e-mail> at <proxy>, <proxy>"), "{said}");
    }

    #[test]
    fn each_has_a_file_of_its_own_that_only_its_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::resolve(Some(folder.path())).unwrap();
        let files = [write(&profile, "one").unwrap(), write(&profile, "two").unwrap()];
        assert_ne!(files[0], files[1]);
        assert!(files[0].starts_with(folder.path().join("downloads")));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
