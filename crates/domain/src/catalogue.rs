//! The message catalogues: every sentence about an event, in every language, as [Fluent] messages.
//!
//! The languages are the files `locales/*.ftl`; [`messages`] is the list of what they hold, a function for each, so that a
//! message that nobody asks for is dead code and one that is asked for without an argument does not compile. Tests hold
//! the files to that list. How to add a language: `docs/TRANSLATING.md`.
//!
//! Arguments are data and never read as Fluent. Text is made one clean line before it becomes one.
//!
//! [Fluent]: https://projectfluent.org

pub(crate) mod messages;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::locale::Language;
use crate::sanitize::{BODY_GRAPHEMES, line};

type Bundle = FluentBundle<FluentResource>;

const ENGLISH_SOURCE: &str = include_str!("../locales/en.ftl");
const GERMAN_SOURCE: &str = include_str!("../locales/de.ftl");

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle("en", ENGLISH_SOURCE));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle("de", GERMAN_SOURCE));

/// An argument of a message.
enum Argument<'a> {
    /// From wherever.
    Text(&'a str),
    /// Chooses the plural, too.
    Number(u64),
    /// A name that the message chooses by.
    Choice(&'static str),
}

/// Says a message. In English where a language lacks it, which a test rules out.
fn say(language: Language, id: &'static str, arguments: &[(&'static str, Argument<'_>)]) -> String {
    let mut filled = FluentArgs::with_capacity(arguments.len());
    for (name, argument) in arguments {
        #[cfg(test)]
        if let Argument::Choice(choice) = argument {
            tests::assert_choice(id, name, choice);
        }
        filled.set(
            *name,
            match argument {
                Argument::Text(text) => FluentValue::from(line(text, BODY_GRAPHEMES)),
                Argument::Number(number) => FluentValue::from(*number),
                Argument::Choice(choice) => FluentValue::from(*choice),
            },
        );
    }
    let mut problems = Vec::new();
    let said = [spoken(language), &*ENGLISH].into_iter().find_map(|bundle| {
        let pattern = bundle.get_message(id)?.value()?;
        Some(bundle.format_pattern(pattern, Some(&filled), &mut problems).into_owned())
    });
    debug_assert!(problems.is_empty() && said.is_some(), "{id}: {problems:?}");
    said.unwrap_or_else(|| id.to_owned())
}

fn spoken(language: Language) -> &'static Bundle {
    #[cfg(test)]
    if tests::is_pseudo() {
        return &tests::PSEUDO;
    }
    match language {
        Language::En => &ENGLISH,
        Language::De => &GERMAN,
    }
}

fn bundle(language: &str, source: &str) -> Bundle {
    let language = language.parse().expect("our languages have well-formed names");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolating characters are format characters: they would be stripped from every toast again.
    bundle.set_use_isolating(false);
    // A message that does not parse is left out; a test finds that.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
pub(crate) mod tests;
