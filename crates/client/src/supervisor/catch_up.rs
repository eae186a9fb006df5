//! Catching up with the server: what was missed is fetched before anything else is shown, and asked for again from time
//! to time.
//!
//! A server with a log is read from our cursor on. Any other server is asked for its states, which the writer compares
//! with what is known. Live events do not move the cursor: a socket may lose some of them, and the log brings them
//! back. When a person cancels, what was fetched so far is kept and the next attempt continues from there.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use domain::Secret;
use domain::account::Audience;
use domain::jobs::JobKind;
use domain::room_tracking::RoomTrace;
use domain::settings::Account;
use domain::wire::SyncOffer;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};

use super::context::{LinkContext, host};
use super::link_reasons;
use crate::backoff::Backoff;
use crate::jobs::JobHandle;
use crate::pipeline::WriterInput;
use crate::rest::{LogPage, RestError};
use crate::status::Part;
use crate::store::{Gap, NewEvent, States, SyncState};

/// Events of one page of the log.
const PAGE: u32 = 200;
/// Between two reads of the log while the link is up: anything between these.
const POLL_SECS: std::ops::Range<u64> = 60..300;
/// Between two pages of states, so that a thousand of them are no burden.
const STATES_PAUSE: Duration = Duration::from_millis(100);
/// Pages of states at most: 100 bookings each.
const STATES_PAGES: u32 = 100;
/// A booking that changed this long before the last comparison is looked at again: clocks and commits differ.
const WATERMARK_SLACK: SignedDuration = SignedDuration::from_mins(5);

/// What a link knows when it comes up.
pub(super) struct CatchUpStart {
    /// What the server offers.
    pub offer: Option<SyncOffer>,
    /// Where we stood.
    pub state: SyncState,
    /// Events that a recovered session brought before its greeting.
    pub early: Vec<NewEvent>,
    /// Whose bookings are ours to know.
    pub audience: Audience,
    /// Told when the server has let us into a room: what it heard before that is in the log.
    pub joined: Arc<Notify>,
}

/// How far a link has come with what was missed before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// It is being fetched.
    Behind,
    /// A person does not want to wait for it.
    Stopped,
    /// All of it is here.
    Complete,
}

/// What came of a look at the server.
enum FetchedChanges {
    /// Everything, unless the server had forgotten some of it.
    All { incomplete: bool },
    /// A part, as a person wanted it. The cursor says how far.
    Some,
}

/// Fetches what was missed, says by `progress` how far it is, and goes on looking. Never ends.
pub(super) async fn keep_complete(
    context: &LinkContext,
    account: &Account,
    mut before: CatchUpStart,
    token: watch::Receiver<Secret>,
    progress: watch::Sender<Progress>,
) -> Infallible {
    let mut work = CatchUp { context, account, token, cursor: before.state.cursor.clone() };
    // What an earlier link could not verify, this one will.
    context.status.problem(Part::Verification, None);
    let is_a_gap = before.state != SyncState::default() || !before.early.is_empty();
    if is_a_gap {
        work.feed(WriterInput::Gap(Gap { from: before.state.contact, to: context.clock.now(), late: false })).await;
    }
    let early = std::mem::take(&mut before.early);
    if !early.is_empty() {
        work.feed(WriterInput::Missed { events: early, cursor: None }).await;
    }
    loop {
        if *progress.borrow() == Progress::Complete {
            work.feed(WriterInput::Gap(Gap { from: None, to: context.clock.now(), late: true })).await;
            work.complete(&before, false).await;
        } else if work.complete(&before, true).await {
            work.feed(WriterInput::Contact(context.clock.now())).await;
            progress.send_replace(Progress::Complete);
        } else {
            progress.send_replace(Progress::Stopped);
        }
        if before.offer.is_none() {
            // Such a server is asked again by the next link.
            return std::future::pending().await;
        }
        let pause = Duration::from_secs(rand::random_range(POLL_SECS));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = before.joined.notified() => {}
        }
    }
}

struct CatchUp<'a> {
    context: &'a LinkContext,
    account: &'a Account,
    token: watch::Receiver<Secret>,
    cursor: Option<String>,
}

impl CatchUp<'_> {
    /// Fetches until all of it is here, however often that takes, and says so: everything since the last sign of life, or
    /// since the last look. False when a person stops it.
    async fn complete(&mut self, before: &CatchUpStart, is_first: bool) -> bool {
        let mut backoff = Backoff::default();
        loop {
            let mut working = self.context.jobs.begin(JobKind::CatchUp).await;
            let fetched = match &before.offer {
                Some(offer) if !is_first => self.read_log(offer, &mut working).await,
                offer => self.first(offer.as_ref(), before, &mut working).await,
            };
            // Over also while it waits for a better moment.
            drop(working);
            match fetched {
                Ok(FetchedChanges::All { incomplete }) => {
                    self.feed(WriterInput::CaughtUp { at: self.context.clock.now(), incomplete }).await;
                    return true;
                }
                Ok(FetchedChanges::Some) => {
                    let sentence = link_reasons::unwanted(self.context.language());
                    self.context.status.problem(Part::Verification, Some(sentence));
                    return false;
                }
                Err(error) => self.failed(&error, &mut backoff).await,
            }
        }
    }

    /// Everything since the last sign of life.
    async fn first(
        &mut self,
        offer: Option<&SyncOffer>,
        before: &CatchUpStart,
        working: &mut JobHandle,
    ) -> Result<FetchedChanges, RestError> {
        let watermark = before.state.watermark;
        let Some(offer) = offer else {
            return self.compare_states(watermark, before.audience, working).await;
        };
        if self.cursor.is_none() {
            // A server that has just begun to keep a log has states to compare, like any other.
            let compared = self.compare_states(watermark, before.audience, working).await?;
            if let FetchedChanges::All { .. } = compared {
                self.cursor = Some(offer.cursor.clone());
                self.feed(WriterInput::Cursor(offer.cursor.clone())).await;
            }
            return Ok(compared);
        }
        let read = self.read_log(offer, working).await?;
        if let FetchedChanges::All { incomplete: true } = read
            && let FetchedChanges::Some = self.compare_states(watermark, before.audience, working).await?
        {
            return Ok(FetchedChanges::Some);
        }
        Ok(read)
    }

    /// The log from our cursor to its end. Incomplete when the server no longer knew the cursor.
    async fn read_log(&mut self, offer: &SyncOffer, working: &mut JobHandle) -> Result<FetchedChanges, RestError> {
        let mut incomplete = false;
        loop {
            let access = self.token.borrow_and_update().clone();
            let asked = self.context.rooms.borrow().clone();
            let rooms = asked.join(",");
            let after = self.cursor.clone();
            let page = self.context.rest.log(
                (self.account.booking(), &offer.catchup),
                &access,
                (after.as_deref(), &rooms, PAGE),
            );
            let Some(page) = working.wait_for(page).await else { return Ok(FetchedChanges::Some) };
            let LogPage { items, next, has_more, reset } = page?;
            incomplete |= reset;
            let received_at = self.context.clock.now();
            working.advance(items.len() as u64);
            let event = |envelope| {
                let trace = RoomTrace::of_log(&envelope, &asked);
                NewEvent::new(envelope, trace, received_at)
            };
            let events = items.into_iter().map(event).collect();
            self.feed(WriterInput::Missed { events, cursor: Some(next.clone()) }).await;
            let moved = after.as_ref() != Some(&next);
            self.cursor = Some(next);
            if !has_more || !moved {
                return Ok(FetchedChanges::All { incomplete });
            }
            working.show();
        }
    }

    /// The server's states, page by page. At the desk only what changed since the last comparison. Incomplete when the
    /// server does not tell them, so that nobody can know what was missed.
    async fn compare_states(
        &mut self,
        watermark: Option<Timestamp>,
        audience: Audience,
        working: &mut JobHandle,
    ) -> Result<FetchedChanges, RestError> {
        let since = watermark.and_then(|at| at.saturating_sub(WATERMARK_SLACK).ok());
        let seen_at = self.context.clock.server_now();
        let mut newest = watermark;
        for page in 1..=STATES_PAGES {
            let access = self.token.borrow_and_update().clone();
            let listed = self.context.rest.bookings(self.account.booking(), &access, audience, page);
            let Some(listed) = working.wait_for(listed).await else { return Ok(FetchedChanges::Some) };
            let listed = match listed {
                Err(RestError::Absent | RestError::Refused { status: 403, .. } | RestError::NotABookingService) => {
                    tracing::info!("the server does not list bookings; events are told without them");
                    return Ok(FetchedChanges::All { incomplete: true });
                }
                listed => listed?,
            };
            let oldest = listed.bookings.iter().filter_map(|booking| booking.status_at).min();
            newest = newest.max(listed.bookings.iter().filter_map(|booking| booking.status_at).max());
            let is_last = listed.bookings.is_empty() || page >= listed.pages;
            let received_at = self.context.clock.now();
            working.advance(listed.bookings.len() as u64);
            let trace = RoomTrace::of_states(audience, &self.context.rooms.borrow());
            self.feed(WriterInput::States(Box::new(States { bookings: listed.bookings, seen_at, received_at, trace })))
                .await;
            let is_known =
                audience == Audience::Agent && oldest.zip(since).is_some_and(|(oldest, since)| oldest < since);
            if is_last || is_known {
                break;
            }
            working.show();
            if working.wait_for(tokio::time::sleep(STATES_PAUSE)).await.is_none() {
                return Ok(FetchedChanges::Some);
            }
        }
        self.feed(WriterInput::Watermark(newest.unwrap_or(seen_at))).await;
        Ok(FetchedChanges::All { incomplete: false })
    }

    async fn failed(&self, error: &RestError, backoff: &mut Backoff) {
        tracing::info!(%error, "what was missed could not be fetched yet");
        let language = self.context.language();
        let reason = link_reasons::rest_failed(error, host(self.account), self.context.network_is_down(), language);
        self.context.status.problem(Part::Verification, Some(link_reasons::unverified(&reason, language)));
        backoff.failed(None);
        let wait = backoff.wait(rand::random::<f64>());
        let wait = match error {
            RestError::Busy { retry_after: Some(retry_after), .. } => wait.max(*retry_after),
            _ => wait,
        };
        tokio::time::sleep(wait).await;
    }

    async fn feed(&self, item: WriterInput) {
        // The queue closes only when the writer is gone, and then everything ends.
        let _ = self.context.writer.send(item).await;
    }
}
