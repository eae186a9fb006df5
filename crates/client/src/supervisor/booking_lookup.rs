//! Lookup of unknown bookings by REST while the link is up.

use std::collections::HashSet;
use std::convert::Infallible;
use std::time::Duration;

use domain::Secret;
use domain::settings::Account;
use tokio::sync::{mpsc, watch};

use super::context::LinkContext;
use crate::pipeline::WriterInput;

/// Between two look-ups of single bookings.
const LOOKUP_PAUSE: Duration = Duration::from_millis(100);

/// Looks up the bookings that events name and nobody knows.
pub(super) async fn look_up_bookings(
    context: &LinkContext,
    lookups: &mut mpsc::Receiver<String>,
    account: &Account,
    mut token: watch::Receiver<Secret>,
) -> Infallible {
    let mut asked = HashSet::new();
    while let Some(id) = lookups.recv().await {
        if !asked.insert(id.clone()) {
            continue;
        }
        let access = token.borrow_and_update().clone();
        match context.rest.booking(account.booking(), &access, &id).await {
            Ok(Some(booking)) => {
                // The queue closes only when the writer is gone, and then everything ends.
                let _ = context.writer.send(WriterInput::Bookings(vec![booking])).await;
            }
            Ok(None) => {}
            Err(error) => {
                tracing::info!(%error, "a booking could not be looked up");
                asked.remove(&id);
            }
        }
        tokio::time::sleep(LOOKUP_PAUSE).await;
    }
    std::future::pending().await
}
