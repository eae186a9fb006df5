//! Rerendering of rows: once more is known about them, and in another language.

use domain::Language;
use domain::account::Audience;
use domain::itinerary::Booking;
use domain::text::{self, Text};
use domain::wire::{self, Decoded, Incoming};
use rusqlite::{Transaction, params};
use serde_json::value::RawValue;

use super::batch::RenderContext;
use super::itinerary::{booking, flight_of};
use super::row_columns::RowColumns;
use super::sql_values::{name, named};
use super::{AccountKey, Store, StoreError};

impl Store {
    /// Whether all rows of the account speak the language of now.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn is_rendered(&self, account: AccountKey) -> Result<bool, StoreError> {
        let mut select = self.connection.prepare_cached("SELECT language FROM account WHERE id = ?1")?;
        let spoken: Language = select.query_row([account.0], |row| named(row, "language"))?;
        Ok(spoken == self.language)
    }

    /// All rows of the account speak the language of now.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn note_rendered(&mut self, account: AccountKey) -> Result<(), StoreError> {
        let mut update = self.connection.prepare_cached("UPDATE account SET language = ?2 WHERE id = ?1")?;
        update.execute(params![account.0, name(&self.language)])?;
        Ok(())
    }

    /// Says at most `limit` rows older than `before` anew, the newest first. Returns where to go on, if there are more, and
    /// how many rows it was.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn rerender_some(
        &mut self,
        account: AccountKey,
        audience: Audience,
        before: i64,
        limit: u32,
    ) -> Result<(Option<i64>, u64), StoreError> {
        let context = RenderContext { account, audience, language: self.language };
        let transaction = self.begin()?;
        let rows = {
            let mut select = transaction.prepare_cached(
                "SELECT id, channel, raw, booking_id FROM event WHERE account_id = ?1 AND id < ?2
                 ORDER BY id DESC LIMIT ?3",
            )?;
            let rows = select.query_map(params![account.0, before, limit], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?))
            })?;
            rows.collect::<Result<Vec<_>, _>>()?
        };
        let (last, count) = (rows.last().map(|(id, ..)| *id), rows.len() as u64);
        for (id, channel, raw, booking_id) in rows {
            let known = booking_id.map(|id| booking(&transaction, account, &id)).transpose()?.flatten();
            rerender_row(&transaction, context, (id, channel, raw), known.as_ref())?;
        }
        transaction.commit()?;
        Ok((last, count))
    }
}

/// Says again, with what is known now, what rows could not say when they came.
pub(super) fn rename(
    transaction: &Transaction<'_>,
    context: RenderContext,
    condition: &str,
    id: &str,
    booking: Option<&Booking>,
    renamed: &mut Vec<i64>,
) -> Result<(), StoreError> {
    let sql = format!("SELECT id, channel, raw FROM event WHERE account_id = ?1 AND {condition}");
    let mut select = transaction.prepare_cached(&sql)?;
    let rows = select.query_map(params![context.account.0, id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows = rows.collect::<Result<Vec<(i64, String, String)>, _>>()?;
    for row in rows {
        let number = row.0;
        if rerender_row(transaction, context, row, booking)? {
            renamed.push(number);
        }
    }
    Ok(())
}

/// One row, as its number, its channel and what came; false for an event that cannot be read.
fn rerender_row(
    transaction: &Transaction<'_>,
    context: RenderContext,
    (row, channel, raw): (i64, String, String),
    booking: Option<&Booking>,
) -> Result<bool, StoreError> {
    let event = match decode_again(&channel, raw) {
        Decoded::Known(event) => event,
        decoded => {
            let Text { title, body } = text::unreadable(&channel, decoded == Decoded::Malformed, context.language);
            transaction
                .prepare_cached("UPDATE event SET title = ?2, body = ?3 WHERE id = ?1")?
                .execute(params![row, title, body])?;
            return Ok(false);
        }
    };
    let flight = flight_of(transaction, context.account, &event)?;
    let Text { title, body } = text::render(&event, booking, flight.as_ref(), context.audience, context.language);
    let columns = RowColumns::of(Some(&event), booking, flight.as_ref());
    transaction
        .prepare_cached(
            "UPDATE event SET title = ?2, body = ?3, pnr = ?4, flight_id = ?5, flight_number = ?6, origin = ?7,
                destination = ?8 WHERE id = ?1",
        )?
        .execute(params![
            row,
            title,
            body,
            columns.pnr,
            columns.flight_id,
            columns.flight_number,
            columns.origin,
            columns.destination
        ])?;
    Ok(true)
}

/// What was decoded when the event came, and may be decoded better now.
pub(super) fn decode_again(channel: &str, raw: String) -> Decoded {
    let Ok(raw) = RawValue::from_string(raw) else { return Decoded::Malformed };
    match wire::decode(channel, &[raw]) {
        Incoming::Inbox(envelope) => envelope.decoded,
        _ => Decoded::Malformed,
    }
}
