//! Replay of the history in the order of arrival, for back-tests.

use std::collections::HashMap;

use domain::itinerary::Booking;
use domain::toast_scheduler::ToastEvent;
use domain::wire::Decoded;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::batch::Subject;
use super::inbox::{COLUMNS, notification};
use super::itinerary::{booking, flight_of};
use super::rerender::decode_again;
use super::row_columns::{RowColumns, kind, toast_event};
use super::sql_values::moment;
use super::{AccountKey, Store, StoreError};

impl Store {
    /// When the latest event came.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn newest(&self, account: AccountKey) -> Result<Option<Timestamp>, StoreError> {
        let mut select =
            self.connection.prepare("SELECT received_ms FROM event WHERE account_id = ?1 ORDER BY id DESC LIMIT 1")?;
        Ok(select.query_row([account.0], |row| moment(row, "received_ms")).optional()?)
    }

    /// Every readable event since then, in the order of arrival, with the status that its booking had before it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn replay(
        &self,
        account: AccountKey,
        since: Timestamp,
        mut each: impl FnMut(&Subject<'_>, ToastEvent),
    ) -> Result<(), StoreError> {
        // One moment for everything that is read.
        let view = self.connection.unchecked_transaction()?;
        let mut select = view.prepare(&format!(
            "SELECT {COLUMNS}, raw FROM event WHERE account_id = ?1 AND received_ms >= ?2 AND reconstructed = 0
             ORDER BY id"
        ))?;
        let mut rows = select.query(params![account.0, since.as_millisecond()])?;
        let read = notification(self.language);
        let mut statuses: HashMap<String, Option<String>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let notification = read(row)?;
            let Decoded::Known(event) = decode_again(&notification.channel, row.get("raw")?) else { continue };
            let known = match event.booking_id() {
                Some(id) => booking(&view, account, id)?,
                None => None,
            };
            let before = known.as_ref().and_then(|known| {
                let status = statuses.get(&known.id)?.clone();
                Some(Booking { status, ..known.clone() })
            });
            let flight = flight_of(&view, account, &event)?;
            let columns = RowColumns::of(Some(&event), known.as_ref(), flight.as_ref());
            let departure = flight.as_ref().or(known.as_ref().map(|known| &known.flight));
            let thread = event.thread();
            let subject = Subject {
                event: Some(&event),
                thread: Some(&thread),
                before: before.as_ref(),
                traits: columns.traits(kind(Some(&event)), known.as_ref()),
                departure: departure.and_then(|flight| flight.departure),
                received_at: notification.received_at,
            };
            each(&subject, toast_event(&event, &notification));
            if let Some(learned) = Booking::from_event(&event)
                && learned.status.is_some()
            {
                statuses.insert(learned.id, learned.status);
            }
        }
        Ok(())
    }
}
