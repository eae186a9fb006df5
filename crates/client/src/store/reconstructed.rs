//! Reconstructed rows, made from a comparison of states; the event itself replaces such a row when it arrives late.

use domain::event::Event;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::batch::NewEvent;
use super::rooms::change;
use super::{AccountKey, StoreError};

/// The status that an event reports; empty where it reports none.
pub(super) fn status(event: &Event) -> &str {
    match event {
        Event::Booking(event) => event.status.as_deref().unwrap_or_default(),
        Event::Payment(event) => event.status.as_deref().unwrap_or_default(),
        Event::Flight(event) => &event.new_status,
    }
}

/// When the event itself comes after the comparison that told of it, it takes the place of what was made up for it.
/// Returns the row.
pub(super) fn replace_reconstructed(
    transaction: &Transaction<'_>,
    account: AccountKey,
    new: &NewEvent,
    event: &Event,
) -> Result<Option<i64>, StoreError> {
    if matches!(event, Event::Payment(_)) {
        return Ok(None);
    }
    let (column, id) = match event {
        Event::Flight(event) => ("flight_id", event.flight_id.as_str()),
        event => ("booking_id", event.booking_id().unwrap_or_default()),
    };
    let sql = format!(
        "SELECT id, reconstructed, status FROM event
         WHERE account_id = ?1 AND {column} = ?2 AND thread = ?3 AND kind <> 'paymentCompleted'
         ORDER BY id DESC LIMIT 1"
    );
    let latest = transaction
        .prepare_cached(&sql)?
        .query_row(params![account.0, id, event.thread()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?, row.get::<_, Option<String>>(2)?))
        })
        .optional()?;
    let Some((row, true, known)) = latest else { return Ok(None) };
    let says = match event {
        Event::Booking(event) => domain::itinerary::status_of(event),
        event => Some(status(event).to_owned()),
    };
    if known.is_none() || known != says {
        return Ok(None);
    }
    transaction
        .prepare_cached(
            "UPDATE event SET digest = ?2, timed = ?3, raw = ?4, emitted_ms = coalesce(?5, emitted_ms), channel = ?6,
                reconstructed = 0
             WHERE id = ?1",
        )?
        .execute(params![
            row,
            new.envelope.key.digest,
            new.envelope.key.timed,
            new.envelope.raw,
            new.envelope.timestamp.map(Timestamp::as_millisecond),
            new.envelope.channel,
        ])?;
    change(transaction, account, row, |guessed| new.trace.confirmed(guessed))?;
    Ok(Some(row))
}
