//! What the person wants, as the writer needs it.

use std::sync::Arc;

use domain::policy::ToastPreferences;
use domain::settings::{Settings, Sound};
use domain::{Language, Locale};
use tokio::sync::watch;

/// The settings that decide what is told, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectivePreferences {
    /// What is told.
    pub wishes: ToastPreferences,
    /// In which words.
    pub voice: Locale,
    /// Whether it may be heard.
    pub sound: Sound,
    /// How many days rows are kept; `None` for the usual time.
    pub keep_days: Option<u16>,
}

/// Tells everybody what is wanted now.
#[derive(Debug)]
pub(crate) struct PreferencesSender {
    sender: watch::Sender<Arc<EffectivePreferences>>,
    system: Locale,
    /// No toasts in this run, whatever the settings say.
    mute: bool,
}

impl PreferencesSender {
    pub fn new(system: Locale, mute: bool, settings: &Settings) -> Self {
        let (sender, _) = watch::channel(Arc::new(wanted(settings, &system, mute)));
        Self { sender, system, mute }
    }

    pub fn subscribe(&self) -> watch::Receiver<Arc<EffectivePreferences>> {
        self.sender.subscribe()
    }

    /// The language that the person is spoken to in now.
    pub fn language(&self) -> Language {
        self.sender.borrow().voice.language
    }

    /// The settings are these now.
    pub fn publish(&self, settings: &Settings) {
        let new = Arc::new(wanted(settings, &self.system, self.mute));
        self.sender.send_if_modified(|now| std::mem::replace(now, Arc::clone(&new)) != new);
    }
}

fn wanted(settings: &Settings, system: &Locale, mute: bool) -> EffectivePreferences {
    let mut wishes = ToastPreferences::preferred(&settings.preferences());
    wishes.no_toasts |= mute;
    let language = settings.language.unwrap_or(system.language);
    let voice = Locale { language, zone: system.zone.clone() };
    EffectivePreferences { wishes, voice, sound: settings.sound, keep_days: settings.kept_days() }
}
