use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser::parse;

use super::messages::ALL;
use super::*;
use crate::sanitize;

/// English in full-width letters: what still has narrow ones did not come from the catalogue.
pub(super) static PSEUDO: LazyLock<Bundle> = LazyLock::new(|| {
    let mut pseudo = bundle("en", ENGLISH_SOURCE);
    pseudo.set_transform(Some(|text| text.chars().map(wide).collect::<String>().into()));
    pseudo
});

fn wide(c: char) -> char {
    if c.is_ascii_alphabetic() {
        char::from_u32(u32::from(c) - u32::from('A') + u32::from('Ａ')).expect("the letters stand in the same order")
    } else {
        c
    }
}

thread_local! {
    static IS_PSEUDO: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn is_pseudo() -> bool {
    IS_PSEUDO.get()
}

/// What `speak` says, in the pseudo language, whatever language it asks for.
pub(crate) fn in_pseudo<T>(speak: impl FnOnce() -> T) -> T {
    IS_PSEUDO.set(true);
    let said = speak();
    IS_PSEUDO.set(false);
    said
}

/// What a message is made of.
#[derive(Default)]
struct Anatomy {
    variables: BTreeSet<&'static str>,
    /// The names that it chooses by, for each variable. Plurals and numbers are each language's own.
    choices: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Anatomy {
    fn read(&mut self, pattern: &Pattern<&'static str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.read_expression(expression);
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&'static str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.read_inline(selector);
                let InlineExpression::VariableReference { id } = selector else { panic!("{selector:?}") };
                for variant in variants {
                    match &variant.key {
                        VariantKey::Identifier { name: "zero" | "one" | "two" | "few" | "many" } => {}
                        VariantKey::Identifier { name } => {
                            self.choices.entry(id.name).or_default().insert(name);
                        }
                        VariantKey::NumberLiteral { .. } => {}
                    }
                    self.read(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&'static str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name);
            }
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            // Whoever needs one teaches it to this test.
            other => panic!("neither functions nor references are in use: {other:?}"),
        }
    }
}

/// The messages of a language, read strictly.
fn anatomies(source: &'static str) -> BTreeMap<&'static str, Anatomy> {
    let resource = parse(source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut messages = BTreeMap::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                assert!(message.attributes.is_empty(), "{}", message.id.name);
                let mut anatomy = Anatomy::default();
                anatomy.read(message.value.as_ref().expect(message.id.name));
                assert!(messages.insert(message.id.name, anatomy).is_none(), "twice: {}", message.id.name);
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(_) | Entry::Junk { .. } => panic!("{entry:?}"),
        }
    }
    messages
}

static ENGLISH_ANATOMIES: LazyLock<BTreeMap<&str, Anatomy>> = LazyLock::new(|| anatomies(ENGLISH_SOURCE));

/// A name that a message does not choose by would silently be told as the usual case.
pub(super) fn assert_choice(id: &str, name: &str, choice: &str) {
    let choices = ENGLISH_ANATOMIES.get(id).and_then(|anatomy| anatomy.choices.get(name));
    assert!(choices.is_some_and(|choices| choices.contains(choice)), "{id}: {name} is never “{choice}”");
}

#[test]
fn every_language_has_the_messages_that_the_program_asks_for_and_no_others() {
    let asked: BTreeMap<_, BTreeSet<_>> =
        ALL.iter().map(|(id, arguments)| (*id, arguments.iter().map(|(name, _)| *name).collect())).collect();
    for (language, source) in [("en", ENGLISH_SOURCE), ("de", GERMAN_SOURCE)] {
        let there: BTreeMap<_, _> = anatomies(source).into_iter().map(|(id, it)| (id, it.variables)).collect();
        let missing: Vec<_> = asked.keys().filter(|id| !there.contains_key(*id)).collect();
        let idle: Vec<_> = there.keys().filter(|id| !asked.contains_key(*id)).collect();
        assert!(missing.is_empty() && idle.is_empty(), "{language}: missing {missing:?}, idle {idle:?}");
        for (id, arguments) in &asked {
            assert_eq!(&there[id], arguments, "{language}: arguments of {id}");
        }
    }
}

#[test]
fn every_language_makes_the_same_distinctions() {
    let german = anatomies(GERMAN_SOURCE);
    for (id, english) in ENGLISH_ANATOMIES.iter() {
        for (name, choices) in &english.choices {
            let is_plural = choices.iter().eq(["other"].iter());
            assert!(is_plural || german[id].choices.get(name) == Some(choices), "{id}: {name}");
        }
    }
}

#[test]
fn every_message_can_be_said_in_every_language() {
    for (id, arguments) in ALL {
        let choices = &ENGLISH_ANATOMIES[id].choices;
        let mut combinations: Vec<Vec<(&'static str, Argument<'static>)>> = vec![Vec::new()];
        for (name, kind) in *arguments {
            let named = choices.get(name).into_iter().flatten().copied();
            let values: Vec<fn(usize) -> Argument<'static>> = match *kind {
                "number" => vec![|_| Argument::Number(0), |_| Argument::Number(1), |_| Argument::Number(21)],
                _ => Vec::new(),
            };
            let mut next = Vec::new();
            for combination in &combinations {
                let mut with = |argument| {
                    let mut longer: Vec<_> = combination.iter().map(|(name, value)| (*name, copy(value))).collect();
                    longer.push((*name, argument));
                    next.push(longer);
                };
                values.iter().for_each(|value| with(value(0)));
                match *kind {
                    "choice" => named.clone().for_each(|choice| with(Argument::Choice(choice))),
                    "text" => named.clone().chain(["ABC123"]).for_each(|text| with(Argument::Text(text))),
                    "number" => {}
                    other => panic!("{other}"),
                }
            }
            combinations = next;
        }
        assert!(!combinations.is_empty(), "{id}");
        for combination in &combinations {
            for language in Language::ALL {
                // Fails by itself where Fluent has anything to say about it.
                let said = say(*language, id, combination);
                let line = sanitize::line(&said, 240);
                sanitize::check(&line, 240);
                assert_eq!(line, said, "{id} is one clean line");
                assert!(!said.is_empty() && !said.contains(['{', '}', '$']), "{id}: {said}");
            }
        }
    }
}

fn copy(argument: &Argument<'static>) -> Argument<'static> {
    match argument {
        Argument::Text(text) => Argument::Text(text),
        Argument::Number(number) => Argument::Number(*number),
        Argument::Choice(choice) => Argument::Choice(choice),
    }
}

#[test]
fn one_is_not_many() {
    for (language, count, said) in [
        (Language::En, 1, "1 booking on board"),
        (Language::En, 2, "2 bookings on board"),
        (Language::En, 0, "0 bookings on board"),
        (Language::De, 1, "1 Buchung an Bord"),
        (Language::De, 12_345, "12345 Buchungen an Bord"),
    ] {
        assert_eq!(messages::on_board(language, count), said);
    }
}

#[test]
fn what_comes_from_a_server_is_never_read_as_fluent() {
    for text in ["{ $x }", "{ booking_of }", "{ \"a\" }", "*[other]", "-term", "# no comment"] {
        assert_eq!(messages::booking_of(Language::En, text), format!("Booking {text}"));
    }
    assert_eq!(messages::booking_of(Language::En, "A\u{202e}B\nC"), "Booking AB C");
}

#[test]
fn the_pseudo_language_leaves_only_data_in_narrow_letters() {
    assert_eq!(in_pseudo(|| messages::booking_of(Language::De, "ABC")), "Ｂｏｏｋｉｎｇ ABC");
}
