//! The conversation on one connection: the greeting, the events, the rooms, and what ends it.
//!
//! Up means that the server said `connected` (W11): no such word within five seconds, or a kick before it, is a refused
//! token.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::account::Audience;
use domain::connection::LinkReason;
use domain::rooms::RoomMembership;
use domain::view::{RoomState, RoomView};
use domain::wire::{self, Incoming as Wire, SyncOffer};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::SignedDuration;
use serde_json::json;
use socketio::{CloseReason, Emitter, Incoming, Recovery, Session};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::catch_up::Progress;
use super::link::{LinkContext, LinkEnd, WRITER_PATIENCE};
use super::link_reasons;
use crate::pipeline::WriterInput;
use crate::status::Status;
use crate::store::NewEvent;

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

/// What an incoming packet means to the link.
enum Received {
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
pub(super) struct Conversation<'a> {
    pub wires: &'a LinkContext,
    pub session: Session,
    pub recovery: &'a mut Option<Recovery>,
    /// Live events that wait for what was missed before them.
    pub held: VecDeque<NewEvent>,
    pub is_holding: bool,
    pub progress: watch::Receiver<Progress>,
    pub joined: Arc<Notify>,
    /// By which rooms events can come.
    pub standing: RoomMembership,
}

impl Conversation<'_> {
    /// Waits for the server's `connected`. Events that come before it are kept like any other.
    pub async fn greeted(mut self, stop: &CancellationToken) -> Result<(Self, Option<SyncOffer>), LinkEnd> {
        let deadline = tokio::time::sleep(GREETING_DEADLINE);
        let mut deadline = pin!(deadline);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.session.close().await;
                    return Err(LinkEnd::Stopped);
                }
                heard = self.hear() => match heard {
                    Received::Greeting(offer) => return Ok((self, offer)),
                    Received::Rooms { .. } | Received::Nothing => {}
                    Received::Closed(CloseReason::ServerDisconnect) => return Err(LinkEnd::TokenRefused { said: None }),
                    Received::Closed(reason) => return Err(LinkEnd::failed(link_reasons::closed(&reason, self.wires.language()))),
                    Received::Stuck => return Err(LinkEnd::failed(link_reasons::inbox_is_full(self.wires.language()))),
                },
                () = &mut deadline => {
                    if self.session.recovered() {
                        // A server takes up only a session that it had accepted, and need not greet it again.
                        return Ok((self, None));
                    }
                    self.session.close().await;
                    return Err(LinkEnd::TokenRefused { said: None });
                }
            }
        }
    }

    /// The next packet, or the next of those that waited. A place in the writer's queue is taken first: while the disk
    /// does not keep up, the socket is not read, and after [`WRITER_PATIENCE`] the link is given up. Cancel-safe.
    async fn hear(&mut self) -> Received {
        if self.is_holding && self.held.len() >= HELD {
            // Released by the time, or by what was missed.
            return std::future::pending().await;
        }
        let place = if self.is_holding {
            None
        } else {
            match tokio::time::timeout(WRITER_PATIENCE, self.wires.feed.reserve()).await {
                Ok(Ok(place)) => Some(place),
                Ok(Err(_)) => return Received::Closed(CloseReason::Local),
                Err(_) => return Received::Stuck,
            }
        };
        let place = match place {
            None => None,
            Some(place) => match self.held.pop_front() {
                Some(event) => {
                    place.send(WriterInput::Event(Box::new(event)));
                    return Received::Nothing;
                }
                None => Some(place),
            },
        };
        let event = match self.session.next().await {
            Incoming::Event(event) => event,
            Incoming::Closed(reason) => return Received::Closed(reason),
        };
        let heard = match wire::decode(&event.name, &event.args) {
            Wire::Connected { sync } => Received::Greeting(sync),
            Wire::Subscribed { rooms, refused } => {
                self.standing.join(&rooms);
                self.standing.refused(&refused);
                Received::Rooms { joined: rooms, refused, left: Vec::new() }
            }
            Wire::Unsubscribed { rooms } => {
                self.standing.left(&rooms);
                Received::Rooms { joined: Vec::new(), refused: Vec::new(), left: rooms }
            }
            Wire::Inbox(envelope) => {
                let trace = self.standing.trace(&envelope);
                let new = NewEvent::new(*envelope, trace, self.wires.clock.now());
                match place {
                    Some(place) => place.send(WriterInput::Event(Box::new(new))),
                    None => self.held.push_back(new),
                }
                Received::Nothing
            }
        };
        // Only what the writer has is behind us.
        if !self.is_holding && self.recovery.as_ref() != self.session.recovery() {
            *self.recovery = self.session.recovery().cloned();
        }
        heard
    }

    /// Talks until the end, and then gives the writer what still waited for what was missed: on a plain server nothing
    /// else would bring it back. Gives the reason for the end, or nothing when we were asked to stop.
    pub async fn run(
        mut self,
        emitter: Emitter,
        role: Option<Audience>,
        stop: &CancellationToken,
    ) -> Option<LinkReason> {
        let end = self.talk(emitter, role, stop).await;
        let handed_over = tokio::time::timeout(HOLD, async {
            while let Some(event) = self.held.pop_front() {
                if self.wires.feed.send(WriterInput::Event(Box::new(event))).await.is_err() {
                    break;
                }
            }
        });
        if handed_over.await.is_err() {
            tracing::error!(events = self.held.len(), "the inbox took no more events before the link's end");
        }
        if end.is_none() {
            self.session.close().await;
        }
        end
    }

    /// Listens until the end; asks for rooms now and whenever the wanted ones change.
    async fn talk(&mut self, emitter: Emitter, role: Option<Audience>, stop: &CancellationToken) -> Option<LinkReason> {
        let wires = self.wires;
        let mut wanted = wires.rooms.clone();
        wanted.mark_changed();
        let mut addresses = wires.addresses.clone();
        addresses.mark_changed();
        let mut asked: Vec<String> = Vec::new();
        let mut acks = FuturesUnordered::new();
        let mut progress = self.progress.clone();
        let mut hold = pin!(async move {
            // A sender that is gone has nothing more to fetch.
            let _ = tokio::time::timeout(HOLD, progress.wait_for(|progress| *progress != Progress::Behind)).await;
        });
        let mut contact = tokio::time::interval(CONTACT_EVERY);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.note_contact();
                    return None;
                }
                () = &mut hold, if self.is_holding => self.is_holding = false,
                _ = contact.tick() => self.note_contact(),
                Ok(()) = addresses.changed() => {
                    let here = addresses.borrow_and_update().clone();
                    if here.is_some_and(|here| self.lost_its_address(&here)) {
                        return Some(if wires.network_is_down() {
                            link_reasons::no_network(wires.language())
                        } else {
                            link_reasons::network_changed(wires.language())
                        });
                    }
                }
                Ok(()) = wanted.changed() => {
                    let rooms = wanted.borrow_and_update().clone();
                    let audience = role.unwrap_or_default().in_rooms(rooms.iter().map(String::as_str));
                    tokio::select! {
                        biased;
                        () = stop.cancelled() => continue,
                        // The queue closes only when the writer is gone, and then everything ends.
                        _ = wires.feed.send(WriterInput::Audience(audience)) => {}
                    }
                    let new: Vec<_> = rooms.iter().filter(|room| !asked.contains(room)).cloned().collect();
                    let old: Vec<_> = asked.iter().filter(|room| !rooms.contains(room)).cloned().collect();
                    self.standing.leave(&old);
                    self.standing.ask(&new);
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
                        self.standing.join(&rooms);
                        self.standing.refused(&refused);
                        note_rooms(&wires.status, &rooms, &refused);
                    }
                }
                heard = self.hear() => match heard {
                    Received::Rooms { joined, refused, left } => {
                        tracing::debug!(joined = joined.len(), refused = refused.len(), left = left.len(), "rooms");
                        note_rooms(&wires.status, &joined, &refused);
                        if !joined.is_empty() {
                            self.joined.notify_one();
                        }
                    }
                    Received::Greeting(_) | Received::Nothing => {}
                    Received::Stuck => return Some(link_reasons::inbox_is_full(wires.language())),
                    // The writer is gone, and everything ends.
                    Received::Closed(CloseReason::Local) => return None,
                    Received::Closed(reason) => {
                        tracing::info!(%reason, "the connection ended");
                        self.note_contact();
                        return Some(link_reasons::closed(&reason, wires.language()));
                    }
                },
            }
        }
    }

    /// Notes when the server was heard last, once nothing before that is missing.
    fn note_contact(&self) {
        if *self.progress.borrow() == Progress::Complete {
            let silence = SignedDuration::try_from(self.session.last_heard().elapsed()).unwrap_or_default();
            let heard_at = self.wires.clock.now().saturating_sub(silence).unwrap_or(self.wires.clock.now());
            // A full queue has more important things in it; the next note comes in a minute.
            let _ = self.wires.feed.try_send(WriterInput::Contact(heard_at));
        }
    }

    /// Whether the machine has lost the address that this connection hangs on: no packet will ever come back to it.
    fn lost_its_address(&self, here: &[IpAddr]) -> bool {
        let local = self.session.local_addr().map(|address| address.ip().to_canonical());
        local.is_some_and(|local| !local.is_loopback() && !here.contains(&local))
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
