//! Sanitizer for untrusted text: servers may send markup, control and bidi characters, or a megabyte.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Graphemes in a title.
pub const TITLE_GRAPHEMES: usize = 80;
/// Graphemes in a body.
pub const BODY_GRAPHEMES: usize = 240;
/// Graphemes in one field of an event: a PNR, a flight number, an airport, a status.
pub const FIELD_GRAPHEMES: usize = 40;
/// Graphemes in the name of a room; our gateway takes up to 100 bytes.
pub const ROOM_GRAPHEMES: usize = 100;
/// Graphemes in the name of an event; those of the guide have at most 21.
pub const CHANNEL_GRAPHEMES: usize = 60;

/// Bytes looked at per grapheme kept: bounds the work on hostile text.
const BYTES_PER_GRAPHEME: usize = 64;
/// A grapheme of more bytes is a flood: accents over accents, or letters that join without end. The longest conjuncts of
/// Indic scripts have about 30.
const GRAPHEME_BYTES: usize = 32;
/// More marks on one letter climb over the lines above. Vietnamese has 2, pointed Hebrew 5, Indic conjuncts 7.
const GRAPHEME_MARKS: usize = 8;

/// One line of at most `max` graphemes, at least one: NFC, without control, format and other unseen characters, white
/// space collapsed, no mark at its beginning, which would join what stands before. What was cut is marked by an ellipsis,
/// a flood of marks by U+FFFD. A line stays as it is.
pub fn line(text: &str, max: usize) -> String {
    let bound = text.floor_char_boundary(max * BYTES_PER_GRAPHEME);
    let cut_by_bytes = bound < text.len();
    // Taken out first: what they kept apart may compose.
    let seen = text[..bound].chars().filter(|c| c.is_whitespace() || !is_unseen(*c));
    let clean: String = seen.nfc().collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = clean.trim_start_matches(|c| c == ' ' || is_combining_mark(c));
    let clean: String = clean.graphemes(true).map(|one| if is_flood(one) { "\u{fffd}" } else { one }).collect();
    match clean.grapheme_indices(true).nth(max) {
        Some((end, _)) => ellipsis(&clean[..end], max),
        None if cut_by_bytes => ellipsis(&clean, max),
        None => clean,
    }
}

/// `text` with its end marked as cut, still within `max` graphemes.
fn ellipsis(text: &str, max: usize) -> String {
    let end = text.grapheme_indices(true).nth(max.saturating_sub(1)).map_or(text.len(), |(start, _)| start);
    format!("{}…", text[..end].trim_end())
}

fn is_flood(grapheme: &str) -> bool {
    // Most have one character.
    grapheme.len() > 4
        && (grapheme.len() > GRAPHEME_BYTES
            || grapheme.chars().filter(|c| is_combining_mark(*c)).count() > GRAPHEME_MARKS)
}

/// Takes no place on the line, or changes how the others stand.
fn is_unseen(c: char) -> bool {
    c.is_control() || is_format(c) || is_filler(c)
}

/// General category Cf and its kin, which `char::is_control` (Cc only) misses: zero-width, bidi marks, embeddings,
/// isolates, soft hyphen, tags, interlinear annotation, line and paragraph separators.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Letters and marks that Unicode lets nobody see (Default_Ignorable_Code_Point without Cf): joiners, fillers, variation
/// selectors. The selectors of text and emoji stay, and the braille blank goes with the fillers.
fn is_filler(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}')
}

/// What every line is held to, for fuzzing.
#[cfg(any(test, fuzzing))]
pub fn check(shown: &str, max: usize) {
    use unicode_normalization::is_nfc;
    assert!(shown.graphemes(true).count() <= max, "at most {max}: {shown:?}");
    assert!(!shown.chars().any(|c| is_unseen(c) || (c.is_whitespace() && c != ' ')), "nothing unseen: {shown:?}");
    assert!(!shown.contains("  ") && shown.trim() == shown, "white space collapsed: {shown:?}");
    assert!(is_nfc(shown), "NFC: {shown:?}");
    assert!(shown.len() <= max * GRAPHEME_BYTES, "bytes: {shown:?}");
    assert!(!shown.starts_with(is_combining_mark), "joins nothing: {shown:?}");
    assert_eq!(line(shown, max), shown, "stays as it is");
}

#[cfg(test)]
mod tests;
