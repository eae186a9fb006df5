//! Settings. `settings.json` holds only what differs from the defaults; unknown keys survive.

mod network;

use std::collections::BTreeMap;

use serde::ser::{Error, SerializeMap};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use ts_rs::TS;

pub use self::network::{BypassError, NetworkSettings, ProxyChoice};
use crate::account::{AccountId, ServerUrl};
use crate::criteria::{SavedView, tidied};
use crate::locale::Language;
use crate::rules::{QuietHours, Rule};
use crate::toast::{Privacy, Urgency};

/// The settings file.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The account in use; `None` before the first sign-in and after a sign-out.
    pub account: Option<Account>,
    /// Rooms to ask for after each connect, beside the user's own.
    pub rooms: Vec<String>,
    /// Disconnected by the person; survives a restart.
    pub paused: bool,
    /// Proxy and trust.
    pub network: NetworkSettings,
    /// What the person changes while the program runs.
    #[serde(flatten)]
    pub preferences: Preferences,
    /// Keys of other versions.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The settings that the person changes while the program runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Preferences {
    /// Whether events may show toasts.
    pub toasts: bool,
    /// What toasts may say.
    pub privacy: Privacy,
    /// When only what is urgent may show a toast.
    pub quiet_hours: Option<QuietHours>,
    /// Watch-lists and silences; the first that matches decides.
    pub rules: Vec<Rule>,
    /// The language; `None` for that of the system.
    pub language: Option<Language>,
    /// How the window looks.
    pub look: Appearance,
    /// Whether toasts may be heard.
    pub sound: Sound,
    /// How many days rows are kept, [`KEEP_DAYS`] of them; `None` for 90, or 30 at the desk.
    pub keep_days: Option<u16>,
    /// Lists that the person keeps.
    pub views: Vec<SavedView>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            toasts: true,
            privacy: Privacy::Full,
            quiet_hours: None,
            rules: Vec::new(),
            language: None,
            look: Appearance::default(),
            sound: Sound::default(),
            keep_days: None,
            views: Vec::new(),
        }
    }
}

impl Preferences {
    /// The same within its bounds: [`KEEP_DAYS`], and views that can be kept.
    pub fn bounded(self) -> Self {
        Self { keep_days: self.kept_days(), views: tidied(self.views), ..self }
    }

    /// How many days rows are kept, [`KEEP_DAYS`] of them whatever the file says; `None` for the usual time.
    pub fn kept_days(&self) -> Option<u16> {
        self.keep_days.map(|days| days.clamp(*KEEP_DAYS.start(), *KEEP_DAYS.end()))
    }
}

/// Writes what differs from the defaults, and the keys of other versions.
impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let now = fields(self).map_err(S::Error::custom)?;
        let usual = fields(&Self::default()).map_err(S::Error::custom)?;
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &now {
            if usual.get(key).is_none_or(|usual| usual.get() != value.get()) {
                map.serialize_entry(key, value)?;
            }
        }
        for (key, value) in &self.other {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Every setting that this version knows, by its key.
fn fields(settings: &Settings) -> serde_json::Result<BTreeMap<String, Box<RawValue>>> {
    let Settings { account, rooms, paused, network, preferences, other: _ } = settings;
    let mut fields: BTreeMap<_, _> = serde_json::from_str(to_raw_value(preferences)?.get())?;
    fields.insert("account".to_owned(), to_raw_value(account)?);
    fields.insert("rooms".to_owned(), to_raw_value(rooms)?);
    fields.insert("paused".to_owned(), to_raw_value(paused)?);
    fields.insert("network".to_owned(), to_raw_value(network)?);
    Ok(fields)
}

/// The fewest and the most days that rows may be kept.
pub const KEEP_DAYS: std::ops::RangeInclusive<u16> = 1..=365;

/// How the window looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Appearance {
    /// Light or dark.
    pub theme: Theme,
    /// Whether lines and texts are stronger than usual; what the system wants is always done.
    pub contrast: bool,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Theme {
    /// As the system, and with it when it changes.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Whether toasts may be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Sound {
    /// As the desktop does it.
    #[default]
    System,
    /// Only urgent ones, as the desktop does it.
    Urgent,
    /// None of them.
    Silent,
}

impl Sound {
    /// Whether a toast of this urgency may be heard.
    pub fn allows(self, urgency: Urgency) -> bool {
        match self {
            Self::System => true,
            Self::Urgent => urgency == Urgency::Critical,
            Self::Silent => false,
        }
    }
}

/// Where and as whom to connect (W16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The one server address.
    pub server: ServerUrl,
    /// The auth service, where it is another origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_url: Option<ServerUrl>,
    /// The booking service, where it is another origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking_url: Option<ServerUrl>,
    /// The e-mail address used to sign in.
    pub email: String,
}

impl Account {
    /// Where login and refresh go.
    pub fn auth(&self) -> &ServerUrl {
        self.auth_url.as_ref().unwrap_or(&self.server)
    }

    /// Where the socket and the bookings are.
    pub fn booking(&self) -> &ServerUrl {
        self.booking_url.as_ref().unwrap_or(&self.server)
    }

    /// The key of everything that belongs to this account.
    pub fn id(&self) -> AccountId {
        AccountId::new(&self.email, &self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::{Criteria, MAX_VIEWS};

    #[test]
    fn only_differences_are_written_and_unknown_keys_survive() {
        let defaults = serde_json::to_string(&Settings::default()).expect("JSON");
        assert_eq!(defaults, "{}");
        let text = r#"{"paused":true,"theme":{"name":"dusk"}}"#;
        let settings: Settings = serde_json::from_str(text).expect("settings");
        assert!(settings.paused && settings.preferences.toasts);
        assert_eq!(serde_json::to_string(&settings).expect("JSON"), text);
    }

    #[test]
    fn preferences_are_kept_within_their_bounds_and_leave_the_rest_alone() {
        let view = |name: &str, grouped| SavedView { name: name.to_owned(), criteria: Criteria::default(), grouped };
        let mut settings: Settings =
            serde_json::from_str(r#"{"keepDays":0,"rooms":["admin"],"dusk":1}"#).expect("JSON");
        assert_eq!(settings.preferences.clone().bounded().keep_days, Some(1));
        let usual = Preferences::default();
        let views = vec![view("a", false), view(" ", false), view("b", false), view(" a ", true)];
        settings.preferences =
            Preferences { keep_days: Some(9999), views, sound: Sound::Urgent, ..usual.clone() }.bounded();
        assert_eq!(settings.preferences.keep_days, Some(365));
        assert_eq!(settings.preferences.views, [view("b", false), view("a", true)]);
        let many = (0..60).map(|n| view(&n.to_string(), false)).collect();
        settings.preferences = Preferences { views: many, ..usual.clone() }.bounded();
        assert_eq!(settings.preferences.views.len(), MAX_VIEWS);
        settings.preferences = usual;
        assert_eq!(serde_json::to_string(&settings).expect("JSON"), r#"{"rooms":["admin"],"dusk":1}"#);
    }

    #[test]
    fn only_what_is_urgent_is_heard_when_that_is_wanted() {
        let heard =
            |sound: Sound| [Urgency::Low, Urgency::Normal, Urgency::Critical].map(|urgency| sound.allows(urgency));
        assert_eq!(heard(Sound::System), [true; 3]);
        assert_eq!(heard(Sound::Urgent), [false, false, true]);
        assert_eq!(heard(Sound::Silent), [false; 3]);
    }

    #[test]
    fn rules_are_written_as_short_as_they_are() {
        let text = r#"{"rules":[{"name":"a","when":{"pnrs":["ABC123"]},"then":"toast"},{"name":"b","enabled":false,"when":{"amountAtLeast":"1000"},"then":"silence"}]}"#;
        let settings: Settings = serde_json::from_str(text).expect("settings");
        assert_eq!(settings.preferences.rules.iter().map(|rule| rule.enabled).collect::<Vec<_>>(), [true, false]);
        assert_eq!(serde_json::to_string(&settings).expect("JSON"), text);
    }

    #[test]
    fn overrides_split_the_two_services() {
        let text =
            r#"{"account":{"server":"http://localhost:3000","authUrl":"http://localhost:3001","email":"A@b.c"}}"#;
        let account = serde_json::from_str::<Settings>(text).expect("settings").account.expect("an account");
        assert_eq!(account.auth().to_string(), "http://localhost:3001");
        assert_eq!(account.booking().to_string(), "http://localhost:3000");
        assert_eq!(account.id().as_str(), "a@b.c@http://localhost:3000");
    }
}
