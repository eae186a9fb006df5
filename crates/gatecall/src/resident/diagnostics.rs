//! Diagnostics file for support, without private data: no tokens, e-mail addresses, bookings or proxies.

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
use crate::downloads::PartialFile;
use crate::profile::Profile;

/// Content of the file.
pub async fn text(profile: &Profile, keychain: &Arc<dyn Keychain>, about: About, snapshot: &Snapshot) -> String {
    let results = commands::run_checks(profile, keychain).await;
    // The check of the settings file reports a read error.
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
        "findings": results,
    });
    redact(&private_texts(&settings), &format!("{text:#}\n"))
}

/// Connection state with the code of its reason, without the message.
fn connection(state: &ConnectionState) -> Value {
    let mut state = json!(state);
    if let Some(reason) = state.get_mut("reason") {
        *reason = reason["code"].take();
    }
    state
}

/// Settings that differ from the defaults; personal ones only as a count.
fn differences(settings: &Settings) -> Value {
    let Value::Object(all) = json!(settings) else { return Value::Null };
    let mut public: Map<String, Value> = all
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
    if let Some(network) = public.get_mut("network") {
        let proxy = match &settings.network.proxy {
            ProxyChoice::At(_) => "set".to_owned(),
            choice => choice.redacted(),
        };
        let (bypass, ca_file) = (settings.network.bypass.len(), settings.network.ca_file.is_some());
        *network = json!({ "proxy": proxy, "bypass": bypass, "caFile": ca_file });
    }
    if !settings.other.is_empty() {
        public.insert("others".to_owned(), json!(settings.other.len()));
    }
    Value::Object(public)
}

/// Private texts that a check result may contain, each with its replacement.
fn private_texts(settings: &Settings) -> Vec<(String, &'static str)> {
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

fn redact(private: &[(String, &'static str)], text: &str) -> String {
    let texts = private.iter().filter(|(private, _)| private.len() > 1);
    texts.fold(text.to_owned(), |text, (private, instead)| text.replace(private.as_str(), instead))
}

/// Writes a new file to the downloads folder, readable by this user only.
pub fn write(profile: &Profile, text: &str) -> io::Result<PathBuf> {
    let now = Timestamp::now().to_zoned_datetime(TimeZone::system());
    let stem = format!("gatecall-diagnostics-{}", now.strftime("%Y-%m-%d-%H%M"));
    let mut file = PartialFile::new(&profile.downloads()?, &stem, "json")?;
    file.file()?.write_all(text.as_bytes())?;
    file.finish()
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
    fn settings_are_reported_without_private_data() {
        let settings: Settings = serde_json::from_str(SETTINGS).unwrap();
        let reported = differences(&settings);
        assert_eq!(reported["rules"], 1);
        assert_eq!((&reported["account"], &reported["quietHours"]), (&json!("set"), &json!("set")));
        assert_eq!(
            (&reported["keepDays"], &reported["toasts"], &reported["others"]),
            (&json!(7), &json!(false), &json!(1))
        );
        assert_eq!(reported["network"], json!({ "proxy": "set", "bypass": 1, "caFile": false }));
        let said =
            "https://fly.example: ada@example.com at http://traveler:hunter2@proxy.example:3128, proxy.example:3128";
        let said = redact(&private_texts(&settings), &format!("{reported} {said}"));
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
