//! Full-text search over everything that is shown of a row.

use rusqlite::params;

use super::inbox::{COLUMNS, Page, cut, notification};
use super::{AccountKey, MAX_PAGE, Store, StoreError};

/// Words of a question that count.
const WORDS: usize = 8;

impl Store {
    /// Rows that contain every word of `text` as far as it is typed (a single character counts only as a whole word), newest
    /// first; older than `before`,
    /// at most `limit` of them and never more than [`MAX_PAGE`]. Nothing typed finds nothing.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn search(&self, account: AccountKey, text: &str, before: Option<i64>, limit: u32) -> Result<Page, StoreError> {
        let Some(question) = question(text) else { return Ok(Page { items: Vec::new(), has_more: false }) };
        let limit = limit.clamp(1, MAX_PAGE);
        let columns: Vec<String> = COLUMNS.split(',').map(|column| format!("event.{}", column.trim())).collect();
        // The index gives the newest first by itself, and stops when the page is full.
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {} FROM event_text JOIN event ON event.id = event_text.rowid
             WHERE event_text MATCH ?1 AND event_text.rowid < ?2 AND event.account_id = ?3 AND event.cleared_ms IS NULL
             ORDER BY event_text.rowid DESC LIMIT ?4",
            columns.join(", ")
        ))?;
        let rows = select.query_map(
            params![question, before.unwrap_or(i64::MAX), account.0, limit + 1],
            notification(self.language),
        )?;
        let (items, has_more) = cut(rows.collect::<Result<_, _>>()?, limit);
        Ok(Page { items, has_more })
    }
}

/// The question in the index's own language: quoted, so that nothing that is typed means anything to it.
fn question(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS)
        // A single character begins half of all words: the index has no list for that, and nobody a use.
        .map(|word| if word.chars().count() > 1 { format!("\"{word}\"*") } else { format!("\"{word}\"") })
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_never_a_command() {
        assert_eq!(question("  "), None);
        assert_eq!(question("\"*()-^:"), None);
        assert_eq!(question("aa123 OR la").as_deref(), Some(r#""aa123"* "OR"* "la"*"#));
        assert_eq!(question("title:x\" NEAR").as_deref(), Some(r#""title"* "x" "NEAR"*"#));
    }
}
