use proptest::prelude::*;

use super::*;

fn checked(text: &str, max: usize) -> String {
    let shown = line(text, max);
    check(&shown, max);
    shown
}

#[test]
fn strips_what_could_mislead() {
    for (text, shown) in [
        ("AA\u{202e}321\u{200b}\n to\tLAX ", "AA321 to LAX"),
        ("e\u{301}", "é"),
        ("e\u{200b}\u{301}", "é"),
        ("\u{2066}a\u{2069}\u{202a}b\u{202c}\u{61c}", "ab"),
        ("a\r\n\u{2028}\u{2029}\u{85}\u{0}\u{1b}[31mb", "a [31mb"),
        ("\u{3164}\u{ffa0}\u{115f}\u{2800}", ""),
        ("a\u{e0041}\u{e0100}\u{fe01}b", "ab"),
        ("\u{301} \u{302}a", "a"),
        ("☺\u{fe0f} ☺\u{fe0e} 👨\u{200d}👩\u{200d}👧 🇩🇪", "☺\u{fe0f} ☺\u{fe0e} 👨👩👧 🇩🇪"),
        ("Việt Nam שָׁלוֹם क्ष्म्य", "Việt Nam שָׁלוֹם क्ष्म्य"),
    ] {
        assert_eq!(checked(text, 80), checked(shown, 80), "{text:?}");
    }
    assert_eq!(checked("Việt שָׁ क्ष्म्य", 80).matches('\u{fffd}').count(), 0, "real words are no flood");
}

#[test]
fn what_is_cut_is_marked() {
    assert_eq!(checked("abcdef", 4), "abc…");
    assert_eq!(checked("abcd", 4), "abcd");
    assert_eq!(checked("ab  cd", 4), "ab…");
}

#[test]
fn markup_is_text() {
    for text in ["<b>bold</b> & <img src=x onerror=alert(1)>", "{ $x } { -term } { \"a\" }", "%s {0} ${HOME} `id`"] {
        assert_eq!(checked(text, 80), text, "escaping is the delivery's work");
    }
}

#[test]
fn a_megabyte_is_cut() {
    assert_eq!(checked(&"x".repeat(1 << 20), 10), "xxxxxxxxx…");
    assert_eq!(checked(&"\u{200b}".repeat(1 << 20), 10), "…");
    assert_eq!(checked(&" \n".repeat(1 << 20), 10), "…");
}

#[test]
fn one_letter_is_no_flood() {
    let over = |mark: &str| checked(&format!("a{} b", mark.repeat(1_000)), 80);
    assert_eq!(over("\u{301}"), "\u{fffd} b", "accents");
    assert_eq!(over("\u{489}"), "\u{fffd} b", "enclosing");
    assert_eq!(checked(&"\u{1100}".repeat(1_000), 80), "\u{fffd}", "jamo join without end");
    assert_eq!(checked(&"क्".repeat(200), 80), "\u{fffd}", "and so do conjuncts");
    assert_eq!(checked(&format!("👍{}", "\u{1f3fb}".repeat(500)), 80), "\u{fffd}", "and skins");
    let title = checked(&"a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}".repeat(1_000), 80);
    assert!(title.len() <= 80 * 32, "{}", title.len());
}

#[test]
fn no_lone_surrogate_comes_in() {
    assert!(serde_json::from_str::<String>(r#""\ud800""#).is_err(), "such an event is kept as unreadable");
}

/// Pieces that hostile text is made of.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9 <>&\"'{}$/;-]{0,12}",
        proptest::sample::select(vec![
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{200d}",
            "\u{feff}",
            "\u{ad}",
            "\u{fe0f}",
            "\u{1160}",
            "\u{e0061}",
            "\n",
            "\r\n",
            "\u{2028}",
            "\u{85}",
            "\u{a0}",
            "\u{3000}",
            "\u{0}",
            "\u{1b}",
            "\u{301}",
            "\u{338}",
            "\u{345}",
            "\u{5b0}",
            "\u{93c}",
            "\u{94d}",
            "क",
            "\u{1100}",
            "\u{1161}",
            "\u{11a8}",
            "가",
            "\u{600}",
            "\u{d4e}",
            "\u{1f1e9}",
            "👨",
            "\u{1f3fb}",
            "=",
            "e",
            "\u{212b}",
            "\u{fb1d}",
            "\u{1d15e}",
            "\u{fdfa}",
            "…",
            "\u{fffd}",
        ])
        .prop_map(str::to_owned),
        (
            proptest::sample::select(vec!["\u{301}", "\u{323}", "\u{20dd}", "\u{1100}", "क्", "\u{1f3fb}", "\u{200d}"]),
            1..300usize
        )
            .prop_map(|(mark, times)| mark.repeat(times)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn always_one_short_clean_line(text in any::<String>(), max in 1usize..100) {
        checked(&text, max);
    }

    #[test]
    fn whatever_it_is_made_of(pieces in prop::collection::vec(piece(), 0..24), max in 1usize..100) {
        checked(&pieces.concat(), max);
    }

    #[test]
    fn plain_words_stay(text in "[a-zA-Z0-9äöüßé]{1,10}( [a-zA-Z0-9äöüßé·→]{1,10}){0,5}") {
        prop_assert_eq!(checked(&text, 80), text);
    }
}
