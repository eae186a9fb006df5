//! Effective preferences of the writer and the link, published whenever the settings change.

use std::sync::Arc;

use domain::policy::ToastPreferences;
use domain::settings::{Settings, Sound};
use domain::{Language, Locale};
use tokio::sync::watch;

/// The settings that decide what is told, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectivePreferences {
    /// What is told, and when.
    pub toasts: ToastPreferences,
    /// In which language and time zone.
    pub locale: Locale,
    /// Which toasts may be heard.
    pub sound: Sound,
    /// How many days rows are kept; `None` for the usual time.
    pub keep_days: Option<u16>,
}

/// Publishes the effective preferences.
#[derive(Debug)]
pub(crate) struct PreferencesSender {
    sender: watch::Sender<Arc<EffectivePreferences>>,
    system: Locale,
    /// No toasts in this run, whatever the settings say.
    mute: bool,
}

impl PreferencesSender {
    pub fn new(system: Locale, mute: bool, settings: &Settings) -> Self {
        let (sender, _) = watch::channel(Arc::new(effective(settings, &system, mute)));
        Self { sender, system, mute }
    }

    pub fn subscribe(&self) -> watch::Receiver<Arc<EffectivePreferences>> {
        self.sender.subscribe()
    }

    /// The language in use now.
    pub fn language(&self) -> Language {
        self.sender.borrow().locale.language
    }

    /// The settings are these now.
    pub fn publish(&self, settings: &Settings) {
        let new = Arc::new(effective(settings, &self.system, self.mute));
        self.sender.send_if_modified(|now| std::mem::replace(now, Arc::clone(&new)) != new);
    }
}

fn effective(settings: &Settings, system: &Locale, mute: bool) -> EffectivePreferences {
    let mut toasts = ToastPreferences::preferred(&settings.preferences);
    toasts.no_toasts |= mute;
    let language = settings.preferences.language.unwrap_or(system.language);
    let locale = Locale { language, zone: system.zone.clone() };
    EffectivePreferences {
        toasts,
        locale,
        sound: settings.preferences.sound,
        keep_days: settings.preferences.kept_days(),
    }
}
