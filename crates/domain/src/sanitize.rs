//! Makes untrusted text fit to be shown: server text may carry markup, control and bidi characters, or a megabyte.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Graphemes in a title.
pub const TITLE_GRAPHEMES: usize = 80;
/// Graphemes in a body.
pub const BODY_GRAPHEMES: usize = 240;
/// Graphemes in one field of an event: a PNR, a flight number, an airport, a status.
pub const FIELD_GRAPHEMES: usize = 40;
/// Graphemes in the name of an event; those of the guide have at most 21.
pub const CHANNEL_GRAPHEMES: usize = 60;

/// Bytes looked at per grapheme kept: bounds the work on hostile text, generous for emoji sequences.
const BYTES_PER_GRAPHEME: usize = 64;

/// One line of at most `max` graphemes: NFC, without control and format characters, white space collapsed.
/// What was cut is marked by an ellipsis.
pub fn line(text: &str, max: usize) -> String {
    let bound = text.floor_char_boundary(max * BYTES_PER_GRAPHEME);
    let cut_by_bytes = bound < text.len();
    let clean: String =
        text[..bound].nfc().filter(|c| c.is_whitespace() || !(c.is_control() || is_format(*c))).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    match clean.grapheme_indices(true).nth(max) {
        Some((end, _)) => ellipsis(&clean[..end], max),
        None if cut_by_bytes => ellipsis(&clean, max),
        None => clean,
    }
}

/// `text` with its end marked as cut, still within `max` graphemes.
fn ellipsis(text: &str, max: usize) -> String {
    let end = text.grapheme_indices(true).nth(max - 1).map_or(text.len(), |(start, _)| start);
    format!("{}…", text[..end].trim_end())
}

/// General category Cf and its kin, which `char::is_control` (Cc only) misses: zero-width, bidi marks, embeddings,
/// isolates, soft hyphen, tags, interlinear annotation, line and paragraph separators.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strips_what_could_mislead() {
        assert_eq!(line("AA\u{202e}321\u{200b}\n to\tLAX ", 80), "AA321 to LAX");
        assert_eq!(line("e\u{301}", 80), "é");
        assert_eq!(line("abcdef", 4), "abc…");
        assert_eq!(line("abcd", 4), "abcd");
        assert_eq!(line("<b>bold</b>", 80), "<b>bold</b>", "escaping is the delivery's work");
    }

    #[test]
    fn a_megabyte_is_cut() {
        assert_eq!(line(&"x".repeat(1 << 20), 10), "xxxxxxxxx…");
    }

    proptest! {
        #[test]
        fn always_one_short_clean_line(text in any::<String>(), max in 1usize..100) {
            let shown = line(&text, max);
            prop_assert!(shown.graphemes(true).count() <= max);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_format(c)));
            prop_assert_eq!(shown.trim(), shown.as_str());
        }
    }
}
