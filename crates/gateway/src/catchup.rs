//! Catching up: from a cursor that a client kept to the page that follows it, or to a reset.
//!
//! Follows section 2 of the wire facts. A cursor never causes an error: a client could do nothing about it but try
//! again. What cannot be followed is a reset, which moves the client to a place from where it can go on.

use crate::event_log::{Bounds, Cursor, Seq, VisibleEvent};
use crate::rights::Visibility;
use crate::store::{GatewayStoreError, UnitOfWork};

/// The events after a cursor.
#[derive(Debug)]
pub struct CatchUpPage {
    /// Events, oldest first.
    pub items: Vec<VisibleEvent>,
    /// The cursor of the next request. It also moves past events that the reader may not see.
    pub next: Cursor,
    /// Whether there is more after `next` already.
    pub has_more: bool,
    /// Whether events may be missing between the cursor that was asked for and these items.
    pub reset: bool,
}

/// Where a page starts.
enum PageStart {
    /// They have no cursor yet, or one that says nothing about this log.
    Head {
        reset: bool,
    },
    After {
        seq: Seq,
        reset: bool,
    },
}

/// The page of at most `limit` events after `after`, as far as `visibility` goes.
///
/// # Errors
/// When the store fails.
pub fn page(
    work: &UnitOfWork<'_>,
    after: Option<&str>,
    visibility: &Visibility,
    limit: usize,
) -> Result<CatchUpPage, GatewayStoreError> {
    let log = work.log();
    // The head of this transaction: nothing can come in between it and the items.
    let bounds = log.bounds()?;
    let (items, has_more, reset) = match start(after, &bounds) {
        PageStart::Head { reset } => (Vec::new(), false, reset),
        PageStart::After { seq, reset } => {
            let (items, has_more) = log.read(seq, visibility, limit)?;
            (items, has_more, reset)
        }
    };
    let last = items.last().filter(|_| has_more).map_or(bounds.head, |item| item.seq);
    Ok(CatchUpPage { items, next: bounds.epoch.at(last), has_more, reset })
}

fn start(after: Option<&str>, bounds: &Bounds) -> PageStart {
    let Some(after) = after else { return PageStart::Head { reset: false } };
    match Cursor::parse(after) {
        Some(cursor) if cursor.epoch == bounds.epoch && cursor.seq <= bounds.head => {
            let reset = cursor.seq < bounds.floor;
            PageStart::After { seq: cursor.seq.max(bounds.floor), reset }
        }
        // Malformed, of another log, or of a log that has been replaced by a backup.
        _ => PageStart::Head { reset: true },
    }
}
