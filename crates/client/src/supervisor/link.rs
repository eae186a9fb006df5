//! One connection: from the tokens to the reason for its end.
//!
//! Up means that the server said `connected` (W11): no such word within five seconds, or a kick before it, is a refused
//! token. While it is up, rooms are asked for, bookings are learned by REST, and the tokens are kept fresh.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::account::Audience;
use domain::connection::{ConnectionState, Reason, ReasonCode};
use domain::settings::Account;
use domain::view::{RoomState, RoomView};
use domain::wire::{self, Incoming as Wire, SyncOffer};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::SignedDuration;
use serde_json::json;
use socketio::{CloseReason, ConnectOptions, Emitter, Incoming, Recovery, Session};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::catch_up::{Before, keep_complete};
use super::freshness::{fresh_tokens, keep_fresh};
use super::learning::learn_bookings;
use super::reasons::{self, Verdict};
use crate::backoff::HEALTHY;
use crate::credentials::Credentials;
use crate::network::Network;
use crate::pipeline::Feed;
use crate::rest::Rest;
use crate::server_clock::ServerClock;
use crate::status::Status;
use crate::store::NewEvent;
use crate::tokens::Claims;

/// A server that has accepted us says so within this time (W11).
const GREETING_DEADLINE: Duration = Duration::from_secs(5);
/// How long a server may take to acknowledge a request for rooms; plain ones never do (W13).
const ACK_DEADLINE: Duration = Duration::from_secs(10);
/// Live events wait this long for what was missed before them; then they are told, since nobody knows how long that takes.
const HOLD: Duration = Duration::from_secs(5);
/// And at most this many of them; the socket is not read beyond.
const HELD: usize = 10_000;
/// Between two notes of a sign of life.
const CONTACT_EVERY: Duration = Duration::from_secs(60);
/// How long the writer may take to make room before the link is given up: a server must not think that we listen.
const WRITER_PATIENCE: Duration = Duration::from_secs(20);
/// A server that ends sessions at the expiry of their token does so within this time.
const EXPIRY_SLACK: SignedDuration = SignedDuration::from_secs(5);
/// The room in which agents see every booking.
const ADMIN_ROOM: &str = "admin";

/// What every link needs and none owns.
#[derive(Clone)]
pub(super) struct Wires {
    pub rest: Rest,
    pub network: Network,
    pub clock: ServerClock,
    pub feed: mpsc::Sender<Feed>,
    pub status: Status,
    pub rooms: watch::Receiver<Vec<String>>,
    /// This machine's addresses; `None` while nobody has told.
    pub addresses: watch::Receiver<Option<Arc<[IpAddr]>>>,
}

impl Wires {
    /// Whether this machine is known to have no network.
    pub fn network_is_down(&self) -> bool {
        self.addresses.borrow().as_ref().is_some_and(|addresses| !addresses.iter().any(is_of_a_network))
    }
}

/// Whether an address leads anywhere.
pub(super) fn is_of_a_network(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    }
}

/// What outlives a link and is of use to the next one.
pub(super) struct Keepsakes {
    pub credentials: Credentials,
    pub lookups: mpsc::Receiver<String>,
    /// Where the last session was, on servers that recover sessions.
    pub recovery: Option<Recovery>,
}

/// How a link ended.
pub(super) enum End {
    /// We were asked to stop, and said goodbye.
    Stopped,
    /// The server did not accept the token; in its words, where it had some.
    TokenRefused { said: Option<String> },
    /// Somebody has to sign in.
    SignInNeeded(Reason),
    /// The server ended the session when its token expired; a fresh one is there.
    TokenExpired,
    /// Anything else.
    Failed { reason: Reason, online_for: Option<Duration>, retry_after: Option<Duration> },
}

impl End {
    pub fn failed(reason: Reason) -> Self {
        Self::Failed { reason, online_for: None, retry_after: None }
    }
}

/// Connects as `account` and stays until the link ends. `renew` forces a refresh first.
///
/// Dropping the future drops the link without a goodbye; a refresh under way goes on.
pub(super) async fn run(
    wires: &Wires,
    keepsakes: &mut Keepsakes,
    account: &Account,
    renew: bool,
    stop: &CancellationToken,
) -> End {
    let Keepsakes { credentials, lookups, recovery } = keepsakes;
    let tokens = tokio::select! {
        biased;
        () = stop.cancelled() => return End::Stopped,
        tokens = fresh_tokens(wires, credentials, account, renew) => match tokens {
            Ok(tokens) => tokens,
            Err(end) => return end,
        },
    };
    if wires.feed.capacity() == 0 {
        return End::failed(reasons::inbox_is_full());
    }
    let claims = tokens.claims();
    let role = claims.role.clone();
    wires.status.modify(|snapshot| {
        if let Some(view) = &mut snapshot.account {
            view.role.clone_from(&role);
        }
    });
    let mut options = ConnectOptions::new(account.booking().as_url().clone());
    options.auth = json!({ "token": tokens.access.expose() });
    options.tls = Some(Arc::clone(&wires.network.tls));
    options.proxy = wires.network.proxy.clone();
    // Kept: an attempt that fails does not change where the last session was.
    options.recover = recovery.clone();
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
            return match reasons::connect_failed(&error, host(account), wires) {
                Verdict::TokenRefused { said } => End::TokenRefused { said },
                Verdict::Later { reason, retry_after } => End::Failed { reason, online_for: None, retry_after },
            };
        }
    };
    let (reply, state) = oneshot::channel();
    let asked = async {
        wires.feed.send(Feed::SyncState { reply }).await.ok()?;
        state.await.ok()
    };
    let state = tokio::select! {
        biased;
        () = stop.cancelled() => return End::Stopped,
        state = tokio::time::timeout(WRITER_PATIENCE, asked) => state,
    };
    let Ok(Some(state)) = state else { return End::failed(reasons::inbox_is_full()) };
    let (caught_up, is_caught_up) = watch::channel(false);
    let joined = Arc::new(Notify::new());
    let line = Line {
        wires,
        session,
        recovery,
        held: VecDeque::new(),
        is_holding: true,
        is_caught_up,
        joined: Arc::clone(&joined),
    };
    let (mut line, offer) = match line.greeted(stop).await {
        Ok(greeted) => greeted,
        Err(end) => return end,
    };
    let early = if line.session.recovered() { line.held.drain(..).collect() } else { Vec::new() };
    let since = Instant::now();
    tracing::info!(recovered = line.session.recovered(), "online");
    wires.status.connection(ConnectionState::Online { since: wires.clock.now() });
    let (token, watched_token) = watch::channel(tokens.access.clone());
    let mut keep_fresh = pin!(keep_fresh(wires, credentials, account, tokens, token));
    let mut learn = pin!(learn_bookings(wires, lookups, account, watched_token.clone()));
    let role = role.as_deref().map(Audience::of_role);
    let audience = audience(role, &wires.rooms.borrow());
    let before = Before { offer, state, early, audience, joined };
    let mut complete = pin!(keep_complete(wires, account, before, watched_token, caught_up));
    let mut talk = pin!(line.talk(emitter, role, stop));
    tokio::select! {
        biased;
        end = &mut talk => match end {
            None => End::Stopped,
            // Some servers end a session with the token that began it; ours was refreshed meanwhile.
            Some(reason)
                if reason.code == ReasonCode::ServerClosed
                    && since.elapsed() >= HEALTHY
                    && expires_by(&claims, &wires.clock) =>
            {
                End::TokenExpired
            }
            Some(reason) => End::Failed { reason, online_for: Some(since.elapsed()), retry_after: None },
        },
        never = &mut keep_fresh => match never {},
        never = &mut learn => match never {},
        never = &mut complete => match never {},
    }
}

/// A future of this type never ends.
pub(super) enum Never {}

/// What an incoming packet means to the link.
enum Heard {
    Greeting(Option<SyncOffer>),
    Rooms {
        joined: Vec<String>,
        refused: Vec<String>,
        left: Vec<String>,
    },
    Nothing,
    Closed(CloseReason),
    /// The writer makes no room.
    Stuck,
}

/// A session, and what listens to it.
struct Line<'a> {
    wires: &'a Wires,
    session: Session,
    recovery: &'a mut Option<Recovery>,
    /// Live events that wait for what was missed before them.
    held: VecDeque<NewEvent>,
    is_holding: bool,
    is_caught_up: watch::Receiver<bool>,
    joined: Arc<Notify>,
}

impl Line<'_> {
    /// Waits for the server's `connected`. Events that come before it are kept like any other.
    async fn greeted(mut self, stop: &CancellationToken) -> Result<(Self, Option<SyncOffer>), End> {
        let deadline = tokio::time::sleep(GREETING_DEADLINE);
        let mut deadline = pin!(deadline);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.session.close().await;
                    return Err(End::Stopped);
                }
                heard = self.hear() => match heard {
                    Heard::Greeting(offer) => return Ok((self, offer)),
                    Heard::Rooms { .. } | Heard::Nothing => {}
                    Heard::Closed(CloseReason::ServerDisconnect) => return Err(End::TokenRefused { said: None }),
                    Heard::Closed(reason) => return Err(End::failed(reasons::closed(&reason))),
                    Heard::Stuck => return Err(End::failed(reasons::inbox_is_full())),
                },
                () = &mut deadline => {
                    if self.session.recovered() {
                        // A server takes up only a session that it had accepted, and need not greet it again.
                        return Ok((self, None));
                    }
                    self.session.close().await;
                    return Err(End::TokenRefused { said: None });
                }
            }
        }
    }

    /// The next packet, or the next of those that waited. A place in the writer's queue is taken first: while the disk
    /// does not keep up, the socket is not read, and after [`WRITER_PATIENCE`] the link is given up. Cancel-safe.
    async fn hear(&mut self) -> Heard {
        if self.is_holding && self.held.len() >= HELD {
            // Released by the time, or by what was missed.
            return std::future::pending().await;
        }
        let place = if self.is_holding {
            None
        } else {
            match tokio::time::timeout(WRITER_PATIENCE, self.wires.feed.reserve()).await {
                Ok(Ok(place)) => Some(place),
                Ok(Err(_)) => return Heard::Closed(CloseReason::Local),
                Err(_) => return Heard::Stuck,
            }
        };
        let place = match (place, self.held.pop_front()) {
            (Some(place), Some(event)) => {
                place.send(Feed::Event(Box::new(event)));
                return Heard::Nothing;
            }
            (place, None) => place,
            (None, Some(event)) => {
                self.held.push_front(event);
                None
            }
        };
        let event = match self.session.next().await {
            Incoming::Event(event) => event,
            Incoming::Closed(reason) => return Heard::Closed(reason),
        };
        let heard = match wire::decode(&event.name, &event.args) {
            Wire::Connected { sync } => Heard::Greeting(sync),
            Wire::Subscribed { rooms, refused } => Heard::Rooms { joined: rooms, refused, left: Vec::new() },
            Wire::Unsubscribed { rooms } => Heard::Rooms { joined: Vec::new(), refused: Vec::new(), left: rooms },
            Wire::Inbox(envelope) => {
                let new = NewEvent { envelope: *envelope, received_at: self.wires.clock.now() };
                match place {
                    Some(place) => place.send(Feed::Event(Box::new(new))),
                    None => self.held.push_back(new),
                }
                Heard::Nothing
            }
        };
        // Only what the writer has is behind us.
        if self.recovery.as_ref() != self.session.recovery() {
            *self.recovery = self.session.recovery().cloned();
        }
        heard
    }

    /// Listens until the end; asks for rooms now and whenever the wanted ones change. Gives the reason for the end, or
    /// nothing when we were asked to stop.
    async fn talk(mut self, emitter: Emitter, role: Option<Audience>, stop: &CancellationToken) -> Option<Reason> {
        let wires = self.wires;
        let mut wanted = wires.rooms.clone();
        wanted.mark_changed();
        let mut addresses = wires.addresses.clone();
        addresses.mark_changed();
        let mut asked: Vec<String> = Vec::new();
        let mut acks = FuturesUnordered::new();
        let mut is_caught_up = self.is_caught_up.clone();
        let mut hold = pin!(async move {
            // A sender that is gone has nothing more to fetch.
            let _ = tokio::time::timeout(HOLD, is_caught_up.wait_for(|caught_up| *caught_up)).await;
        });
        let mut contact = tokio::time::interval(CONTACT_EVERY);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.note_contact();
                    self.session.close().await;
                    return None;
                }
                () = &mut hold, if self.is_holding => self.is_holding = false,
                _ = contact.tick() => self.note_contact(),
                Ok(()) = addresses.changed() => {
                    let here = addresses.borrow_and_update().clone();
                    if here.is_some_and(|here| self.lost_its_address(&here)) {
                        return Some(if wires.network_is_down() {
                            reasons::no_network()
                        } else {
                            Reason::new(ReasonCode::ConnectionLost, "The network changed")
                        });
                    }
                }
                Ok(()) = wanted.changed() => {
                    let rooms = wanted.borrow_and_update().clone();
                    let audience = audience(role, &rooms);
                    tokio::select! {
                        biased;
                        () = stop.cancelled() => continue,
                        // The queue closes only when the writer is gone, and then everything ends.
                        _ = wires.feed.send(Feed::Audience(audience)) => {}
                    }
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
                    if let Ok(answer) = ack
                        && let Wire::Subscribed { rooms, refused } = wire::decode("subscribed", &answer.args)
                    {
                        note_rooms(&wires.status, &rooms, &refused);
                    }
                }
                heard = self.hear() => match heard {
                    Heard::Rooms { joined, refused, left } => {
                        tracing::debug!(joined = joined.len(), refused = refused.len(), left = left.len(), "rooms");
                        note_rooms(&wires.status, &joined, &refused);
                        if !joined.is_empty() {
                            self.joined.notify_one();
                        }
                    }
                    Heard::Greeting(_) | Heard::Nothing => {}
                    Heard::Stuck => return Some(reasons::inbox_is_full()),
                    // The writer is gone, and everything ends.
                    Heard::Closed(CloseReason::Local) => return None,
                    Heard::Closed(reason) => {
                        tracing::info!(%reason, "the connection ended");
                        self.note_contact();
                        return Some(reasons::closed(&reason));
                    }
                },
            }
        }
    }

    /// Notes when the server was heard last, once nothing before that is missing.
    fn note_contact(&self) {
        if *self.is_caught_up.borrow() {
            let silence = SignedDuration::try_from(self.session.last_heard().elapsed()).unwrap_or_default();
            let heard_at = self.wires.clock.now().saturating_sub(silence).unwrap_or(self.wires.clock.now());
            // A full queue has more important things in it; the next note comes in a minute.
            let _ = self.wires.feed.try_send(Feed::Contact(heard_at));
        }
    }

    /// Whether the machine has lost the address that this connection hangs on: no packet will ever come back to it.
    fn lost_its_address(&self, here: &[IpAddr]) -> bool {
        let local = self.session.local_addr().map(|address| address.ip().to_canonical());
        local.is_some_and(|local| !local.is_loopback() && !here.contains(&local))
    }
}

/// At the desk is who may watch the room and wants to.
fn audience(role: Option<Audience>, rooms: &[String]) -> Audience {
    match role {
        Some(Audience::Agent) if rooms.iter().any(|room| room == ADMIN_ROOM) => Audience::Agent,
        _ => Audience::Traveler,
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

/// Whether the token has expired, or is about to.
fn expires_by(claims: &Claims, clock: &ServerClock) -> bool {
    claims.expires_at().is_some_and(|at| at.duration_since(clock.server_now()) <= EXPIRY_SLACK)
}

/// The server, as people call it.
pub(super) fn host(account: &Account) -> &str {
    account.booking().as_url().host_str().unwrap_or("the server")
}
