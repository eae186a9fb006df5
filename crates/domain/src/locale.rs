//! Locale: the language and the time zone of the person.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The languages that everything is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// All of them.
    pub const ALL: &[Self] = &[Self::En, Self::De];

    /// The language of a locale such as `de_AT.UTF-8` or `de-AT`; English where there is none for it.
    pub fn of_locale(locale: &str) -> Self {
        match locale.split(['_', '-', '.', '@']).next() {
            Some(tongue) if tongue.eq_ignore_ascii_case("de") => Self::De,
            _ => Self::En,
        }
    }
}

/// Language and clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// The person's own time zone.
    pub zone: TimeZone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language() {
        for (locale, language) in [
            ("de_DE.UTF-8", Language::De),
            ("de", Language::De),
            ("de-CH", Language::De),
            ("DE_at@euro", Language::De),
            ("en_GB.UTF-8", Language::En),
            ("den_CA", Language::En),
            ("C", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }
}
