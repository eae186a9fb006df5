//! One connection: from the tokens to the reason for its end.
//!
//! Up means that the server said `connected` (W11): no such word within five seconds, or a kick before it, is a refused
//! token. While it is up, rooms are asked for, bookings are learned by REST, and the tokens are kept fresh.

use std::pin::pin;
use std::time::Duration;

use domain::Secret;
use domain::account::{AccountId, Audience};
use domain::connection::{ConnectionState, Reason};
use domain::settings::Account;
use domain::view::{RoomState, RoomView};
use domain::wire::{self, Incoming as Wire};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use socketio::{CloseReason, ConnectOptions, Emitter, Incoming, Session};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::reasons::{self, Verdict};
use super::wall_clock;
use crate::credentials::Credentials;
use crate::pipeline::Feed;
use crate::rest::{Rest, RestError};
use crate::status::{Part, Status};
use crate::store::NewEvent;
use crate::tokens::{REFRESH_MARGIN, Tokens};

/// A server that has accepted us says so within this time (W11).
const GREETING_DEADLINE: Duration = Duration::from_secs(5);
/// How long a server may take to acknowledge a request for rooms; plain ones never do (W13).
const ACK_DEADLINE: Duration = Duration::from_secs(10);
/// Between two look-ups of single bookings.
const LOOKUP_PAUSE: Duration = Duration::from_millis(100);
/// Between two refreshes while the link is up, whether they worked or not.
const REFRESH_PAUSE: SignedDuration = SignedDuration::from_secs(15);
/// The room in which agents see every booking.
const ADMIN_ROOM: &str = "admin";

/// What every link needs and none owns.
#[derive(Clone)]
pub(super) struct Wires {
    pub rest: Rest,
    pub tls: std::sync::Arc<rustls::ClientConfig>,
    pub feed: mpsc::Sender<Feed>,
    pub status: Status,
    pub rooms: watch::Receiver<Vec<String>>,
}

/// How a link ended.
pub(super) enum End {
    /// We were asked to stop, and said goodbye.
    Stopped,
    /// The server did not accept the token.
    TokenRefused,
    /// Somebody has to sign in.
    SignInNeeded(Reason),
    /// Anything else.
    Failed { reason: Reason, online_since: Option<Timestamp>, retry_after: Option<Duration> },
}

impl End {
    fn failed(reason: Reason) -> Self {
        Self::Failed { reason, online_since: None, retry_after: None }
    }
}

/// Connects as `account` and stays until the link ends. `renew` forces a refresh first.
pub(super) async fn run(
    wires: &Wires,
    credentials: &mut Credentials,
    lookups: &mut mpsc::Receiver<String>,
    account: &Account,
    renew: bool,
    stop: &CancellationToken,
) -> End {
    let tokens = tokio::select! {
        biased;
        () = stop.cancelled() => return End::Stopped,
        tokens = fresh_tokens(wires, credentials, account, renew) => match tokens {
            Ok(tokens) => tokens,
            Err(end) => return end,
        },
    };
    let role = tokens.claims().role;
    wires.status.modify(|snapshot| {
        if let Some(view) = &mut snapshot.account {
            view.role.clone_from(&role);
        }
    });
    let mut options = ConnectOptions::new(account.booking().as_url().clone());
    options.auth = json!({ "token": tokens.access.expose() });
    options.tls = Some(std::sync::Arc::clone(&wires.tls));
    let connected = tokio::select! {
        biased;
        () = stop.cancelled() => return End::Stopped,
        connected = Session::connect(&options) => connected,
    };
    // The options hold the token; it is not needed any more.
    drop(options);
    let (session, emitter) = match connected {
        Ok(connected) => connected,
        Err(error) => {
            tracing::info!(%error, "the connection attempt failed");
            return match reasons::connect_failed(&error, host(account)) {
                Verdict::TokenRefused => End::TokenRefused,
                Verdict::Later { reason, retry_after } => End::Failed { reason, online_since: None, retry_after },
            };
        }
    };
    let session = match greeted(wires, session, stop).await {
        Ok(session) => session,
        Err(end) => return end,
    };
    let since = Timestamp::now();
    tracing::info!("online");
    wires.status.connection(ConnectionState::Online { since });
    let (token, watched_token) = watch::channel(tokens.access.clone());
    let mut keep_fresh = pin!(keep_fresh(wires, credentials, account, tokens, token));
    let mut learn = pin!(learn_bookings(wires, lookups, account, watched_token));
    let mut talk = pin!(talk(wires, session, emitter, role.as_deref().map(Audience::of_role), stop));
    tokio::select! {
        biased;
        end = &mut talk => match end {
            CloseReason::Local => End::Stopped,
            reason => {
                tracing::info!(%reason, "the connection ended");
                End::Failed { reason: reasons::closed(&reason), online_since: Some(since), retry_after: None }
            }
        },
        never = &mut keep_fresh => match never {},
        never = &mut learn => match never {},
    }
}

/// A future of this type never ends.
enum Never {}

/// The tokens for the next attempt: read again from the keychain, refreshed when they are due.
async fn fresh_tokens(
    wires: &Wires,
    credentials: &mut Credentials,
    account: &Account,
    renew: bool,
) -> Result<Tokens, End> {
    let id = account.id();
    let tokens = match credentials.load(&id).await {
        Ok(Some(tokens)) => tokens,
        Ok(None) => return Err(End::SignInNeeded(reasons::not_signed_in())),
        Err(error) => return Err(End::failed(reasons::keychain_failed(&error))),
    };
    let claims = tokens.claims();
    if !renew && !claims.is_due(Timestamp::now()) {
        return Ok(tokens);
    }
    match refresh(wires, credentials, account, &id, &tokens).await {
        Ok(tokens) => Ok(tokens),
        Err(RestError::Refused { .. }) => Err(End::SignInNeeded(reasons::token_refused())),
        // Nothing to refresh with: the server decides about the token we have, unless it just did.
        Err(RestError::Absent) if renew => Err(End::SignInNeeded(reasons::token_refused())),
        Err(RestError::Absent) => Ok(tokens),
        Err(_) if !renew && !claims.is_expired(Timestamp::now()) => Ok(tokens),
        Err(error) => Err(End::failed(reasons::refresh_failed(&error, host(account)))),
    }
}

/// Gets new tokens and keeps them before anybody uses them: a rotated refresh token that is lost locks the person out.
async fn refresh(
    wires: &Wires,
    credentials: &mut Credentials,
    account: &Account,
    id: &AccountId,
    tokens: &Tokens,
) -> Result<Tokens, RestError> {
    let Some(refresh_token) = &tokens.refresh else { return Err(RestError::Absent) };
    let fresh = match wires.rest.refresh(account.auth(), refresh_token).await {
        // Only these mean "sign in again" (W15).
        Err(RestError::Refused { status, message }) if !matches!(status, 200..=299 | 400 | 401 | 403) => {
            tracing::warn!(status, message, "the refresh was answered oddly");
            return Err(RestError::Busy(status));
        }
        answer => answer?,
    };
    let kept = credentials.store(id, &fresh).await;
    wires.status.trouble(Part::Keychain, kept.err().map(|error| unsaved(&error)));
    Ok(fresh)
}

/// What to say when the keychain took no tokens.
pub(super) fn unsaved(error: &crate::ports::KeychainError) -> String {
    format!("Signed in for this session only: {error}.")
}

/// Waits for the server's `connected`. Events that come before it are kept like any other.
async fn greeted(wires: &Wires, mut session: Session, stop: &CancellationToken) -> Result<Session, End> {
    let deadline = tokio::time::sleep(GREETING_DEADLINE);
    let mut deadline = pin!(deadline);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => {
                session.close().await;
                return Err(End::Stopped);
            }
            incoming = hear(wires, &mut session) => match incoming {
                Heard::Greeting => return Ok(session),
                Heard::Rooms { .. } | Heard::Nothing => {}
                Heard::Closed(CloseReason::ServerDisconnect) => return Err(End::TokenRefused),
                Heard::Closed(reason) => return Err(End::failed(reasons::closed(&reason))),
            },
            () = &mut deadline => {
                session.close().await;
                return Err(End::TokenRefused);
            }
        }
    }
}

/// What an incoming packet means to the link.
enum Heard {
    Greeting,
    Rooms { joined: Vec<String>, refused: Vec<String>, left: Vec<String> },
    Nothing,
    Closed(CloseReason),
}

/// The next packet. A place in the writer's queue is taken first: when the disk does not keep up, the socket is not
/// read, and the server notices. Cancel-safe.
async fn hear(wires: &Wires, session: &mut Session) -> Heard {
    let Ok(place) = wires.feed.reserve().await else { return Heard::Closed(CloseReason::Local) };
    let event = match session.next().await {
        Incoming::Event(event) => event,
        Incoming::Closed(reason) => return Heard::Closed(reason),
    };
    match wire::decode(&event.name, &event.args) {
        Wire::Connected => Heard::Greeting,
        Wire::Subscribed { rooms, refused } => Heard::Rooms { joined: rooms, refused, left: Vec::new() },
        Wire::Unsubscribed { rooms } => Heard::Rooms { joined: Vec::new(), refused: Vec::new(), left: rooms },
        Wire::Inbox(envelope) => {
            place.send(Feed::Event(Box::new(NewEvent { envelope: *envelope, received_at: Timestamp::now() })));
            Heard::Nothing
        }
    }
}

/// Listens until the end; asks for rooms now and whenever the wanted ones change.
async fn talk(
    wires: &Wires,
    mut session: Session,
    emitter: Emitter,
    role: Option<Audience>,
    stop: &CancellationToken,
) -> CloseReason {
    let mut wanted = wires.rooms.clone();
    wanted.mark_changed();
    let mut asked: Vec<String> = Vec::new();
    let mut acks = FuturesUnordered::new();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => {
                session.close().await;
                return CloseReason::Local;
            }
            Ok(()) = wanted.changed() => {
                let rooms = wanted.borrow_and_update().clone();
                let audience = match role {
                    Some(Audience::Agent) if rooms.iter().any(|room| room == ADMIN_ROOM) => Audience::Agent,
                    _ => Audience::Traveler,
                };
                // The queue closes only when the writer is gone, and then everything ends.
                let _ = wires.feed.send(Feed::Audience(audience)).await;
                let new: Vec<_> = rooms.iter().filter(|room| !asked.contains(room)).cloned().collect();
                let old: Vec<_> = asked.iter().filter(|room| !rooms.contains(room)).cloned().collect();
                if !old.is_empty() {
                    report(emitter.emit("unsubscribe", [json!({ "rooms": old })]));
                }
                if !new.is_empty() {
                    let emitter = emitter.clone();
                    let request = json!({ "rooms": new });
                    acks.push(async move { emitter.emit_with_ack("subscribe", [request], ACK_DEADLINE).await });
                }
                wires.status.modify(|snapshot| {
                    let before = std::mem::take(&mut snapshot.rooms);
                    snapshot.rooms = rooms.iter().map(|room| keep_or_request(&before, room, &new)).collect();
                });
                asked = rooms;
            }
            Some(ack) = acks.next() => {
                // Servers that do not acknowledge answer by an event, or not at all.
                if let Ok(args) = ack
                    && let Wire::Subscribed { rooms, refused } = wire::decode("subscribed", &args)
                {
                    note_rooms(&wires.status, &rooms, &refused);
                }
            }
            heard = hear(wires, &mut session) => match heard {
                Heard::Rooms { joined, refused, left } => {
                    tracing::debug!(joined = joined.len(), refused = refused.len(), left = left.len(), "rooms");
                    note_rooms(&wires.status, &joined, &refused);
                }
                Heard::Greeting | Heard::Nothing => {}
                Heard::Closed(reason) => return reason,
            },
        }
    }
}

fn keep_or_request(before: &[RoomView], room: &str, new: &[String]) -> RoomView {
    let known = before.iter().find(|view| view.room == room).filter(|_| !new.iter().any(|name| name == room));
    known.cloned().unwrap_or_else(|| RoomView { room: room.to_owned(), state: RoomState::Requested })
}

fn note_rooms(status: &Status, joined: &[String], refused: &[String]) {
    status.modify(|snapshot| {
        for view in &mut snapshot.rooms {
            if joined.contains(&view.room) {
                view.state = RoomState::Joined;
            } else if refused.contains(&view.room) {
                view.state = RoomState::Refused;
            }
        }
    });
}

fn report(emitted: Result<(), socketio::EmitError>) {
    if let Err(error) = emitted {
        tracing::warn!(%error, "a request about rooms was not sent");
    }
}

/// Fills the itinerary index: all own bookings once, then those that events name and nobody knows.
async fn learn_bookings(
    wires: &Wires,
    lookups: &mut mpsc::Receiver<String>,
    account: &Account,
    mut token: watch::Receiver<Secret>,
) -> Never {
    let access = token.borrow_and_update().clone();
    match wires.rest.my_bookings(account.booking(), &access).await {
        Ok(bookings) => {
            // As above: without a writer everything ends.
            let _ = wires.feed.send(Feed::Bookings(bookings)).await;
        }
        Err(error) => tracing::info!(%error, "the bookings could not be listed; events are told without them"),
    }
    let mut asked = std::collections::HashSet::new();
    while let Some(id) = lookups.recv().await {
        if !asked.insert(id.clone()) {
            continue;
        }
        let access = token.borrow_and_update().clone();
        match wires.rest.booking(account.booking(), &access, &id).await {
            Ok(Some(booking)) => {
                let _ = wires.feed.send(Feed::Bookings(vec![booking])).await;
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

/// Refreshes the tokens before they expire, so that a server which kicks at expiry finds us ready.
async fn keep_fresh(
    wires: &Wires,
    credentials: &mut Credentials,
    account: &Account,
    mut tokens: Tokens,
    token: watch::Sender<Secret>,
) -> Never {
    let id = account.id();
    while let Some(expiry) = tokens.claims().expires_at() {
        // A server whose tokens live shorter than the margin would otherwise be asked without end.
        let soonest = Timestamp::now() + REFRESH_PAUSE;
        wall_clock::sleep_until(soonest.max(expiry - REFRESH_MARGIN)).await;
        match refresh(wires, credentials, account, &id, &tokens).await {
            Ok(fresh) => {
                token.send_replace(fresh.access.clone());
                tokens = fresh;
            }
            Err(RestError::Absent | RestError::Refused { .. }) => break,
            Err(error) => tracing::info!(%error, "the tokens could not be refreshed yet"),
        }
    }
    // The next attempt settles it; until then the link lives as long as the server lets it.
    std::future::pending().await
}

fn host(account: &Account) -> &str {
    account.booking().as_url().host_str().unwrap_or("the server")
}
