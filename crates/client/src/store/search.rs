//! Full-text queries: what a person types, translated for the index over everything shown of a row.

use domain::criteria::Criteria;
use rusqlite::ToSql;

use super::sql_values::name;

/// Words of a question that count.
const WORDS: usize = 8;

/// Columns of the index that are shown. The others only narrow a search down.
const SHOWN: &str = "{pnr flight_number origin destination title body}";

/// A question to the index.
pub(super) struct FullTextQuery(String);

impl FullTextQuery {
    /// Asks for rows that contain every word; the last one may be unfinished, as long as it has more than one character.
    /// `None` when there is no word. Kinds, flight and rule are asked of the index as well: it goes through lists of
    /// numbers, where rows would have to be read.
    pub fn of(criteria: &Criteria) -> Option<Self> {
        let mut question = format!("{SHOWN} : ({})", words(&criteria.text)?);
        if !criteria.kinds.is_empty() {
            let kinds: Vec<_> = criteria.kinds.iter().map(|kind| quoted(&name(kind))).collect();
            question += &format!(" AND kind : ({})", kinds.join(" OR "));
        }
        for (column, value) in [("flight_number", &criteria.flight), ("outcome_rule", &criteria.rule)] {
            // What has no letter has no word in the index, and is left to the row.
            if let Some(value) = value.as_deref().filter(|value| value.contains(char::is_alphanumeric)) {
                question += &format!(" AND {column} : {}", quoted(value));
            }
        }
        Some(Self(question))
    }

    /// As a value.
    pub fn as_sql(&self) -> &dyn ToSql {
        &self.0
    }
}

/// Every word in quotes, so that nothing that is typed means anything to the index.
fn words(text: &str) -> Option<String> {
    let mut words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(WORDS).map(quoted).collect();
    let last = words.last_mut()?;
    // A single character begins half of all words: the index has no list for that, and nobody a use.
    if last.chars().count() > 3 {
        last.push('*');
    }
    Some(words.join(" "))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', " "))
}

#[cfg(test)]
mod tests {
    use domain::event::EventKind;

    use super::*;

    #[test]
    fn what_is_typed_is_never_a_command() {
        assert_eq!(words("  "), None);
        assert_eq!(words("\"*()-^:"), None);
        assert_eq!(words("aa123 OR la").as_deref(), Some(r#""aa123" "OR" "la"*"#));
        assert_eq!(words("title:x\" NEAR x").as_deref(), Some(r#""title" "x" "NEAR" "x""#));
    }

    #[test]
    fn a_question_is_narrowed_down_by_what_else_is_asked() {
        let criteria = Criteria {
            kinds: vec![EventKind::BookingCreated, EventKind::FlightStatus],
            flight: Some("AA\"123".to_owned()),
            rule: Some("⭐".to_owned()),
            text: "jfk".to_owned(),
            ..Criteria::default()
        };
        let FullTextQuery(question) = FullTextQuery::of(&criteria).expect("a word");
        assert_eq!(
            question,
            r#"{pnr flight_number origin destination title body} : ("jfk"*) AND kind : ("bookingCreated" OR "flightStatus") AND flight_number : "AA 123""#
        );
    }
}
