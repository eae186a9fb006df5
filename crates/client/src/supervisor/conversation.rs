//! The conversation on one connection: greeting, events, rooms, and its end.
//!
//! The link is up once the server has sent `connected` (W11). No such event within five seconds, or a disconnect before
//! it, means a refused token.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::account::Audience;
use domain::connection::LinkReason;
use domain::room_tracking::RoomMembership;
use domain::view::{RoomState, RoomView};
use domain::wire::{self, Incoming as Wire, SyncOffer};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::SignedDuration;
use serde_json::json;
use socketio::{AckError, AckPayload, CloseReason, EmitError, Emitter, Recovery, Session, SessionEvent};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::catch_up::Progress;
use super::context::{LinkContext, LinkEnd, WRITER_PATIENCE};
use super::link_reasons;
use crate::pipeline::WriterInput;
use crate::status::Status;
use crate::store::NewEvent;

/// A server that has accepted us says so within this time (W11).
const GREETING_DEADLINE: Duration = Duration::from_secs(5);
/// How long a server may take to acknowledge a request for rooms; plain ones never do (W13).
const ACK_DEADLINE: Duration = Duration::from_secs(10);
/// Live events wait this long for what was missed before them; then they are told, since nobody knows how long that takes.
const BUFFER_FOR: Duration = Duration::from_secs(5);
/// And at most this many of them; the socket is not read beyond.
const BUFFER_CAPACITY: usize = 10_000;
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
    WriterStalled,
}

/// A session, and what listens to it.
pub(super) struct Conversation<'a> {
    context: &'a LinkContext,
    pub session: Session,
    recovery: &'a mut Option<Recovery>,
    /// Live events that wait for what was missed before them.
    buffered: VecDeque<NewEvent>,
    is_buffering: bool,
    progress: watch::Receiver<Progress>,
    /// Told when the server has let us into a room.
    joined: Arc<Notify>,
    /// The rooms by which events can come.
    membership: RoomMembership,
}

impl<'a> Conversation<'a> {
    /// A session that was just made: live events are buffered until what was missed before them is here.
    pub fn new(
        context: &'a LinkContext,
        session: Session,
        recovery: &'a mut Option<Recovery>,
        progress: watch::Receiver<Progress>,
        joined: Arc<Notify>,
    ) -> Self {
        let mut membership = RoomMembership::default();
        if session.recovered() {
            // It is in the rooms of before, and what it missed comes by those.
            membership.ask(&context.rooms.borrow());
        }
        let buffered = VecDeque::new();
        Self { context, session, recovery, buffered, is_buffering: true, progress, joined, membership }
    }

    /// The events that a recovered session brought before its greeting; none of any other.
    pub fn take_early(&mut self) -> Vec<NewEvent> {
        if self.session.recovered() { self.buffered.drain(..).collect() } else { Vec::new() }
    }

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
                packet = self.next_packet() => match packet {
                    Received::Greeting(offer) => return Ok((self, offer)),
                    Received::Rooms { .. } | Received::Nothing => {}
                    Received::Closed(CloseReason::ServerDisconnect) => return Err(LinkEnd::TokenRefused { server_message: None }),
                    Received::Closed(reason) => return Err(LinkEnd::failed(link_reasons::closed(&reason, self.context.language()))),
                    Received::WriterStalled => return Err(LinkEnd::failed(link_reasons::inbox_is_full(self.context.language()))),
                },
                () = &mut deadline => {
                    if self.session.recovered() {
                        // A server takes up only a session that it had accepted, and need not greet it again.
                        return Ok((self, None));
                    }
                    self.session.close().await;
                    return Err(LinkEnd::TokenRefused { server_message: None });
                }
            }
        }
    }

    /// The next packet, or the next of those that waited. A place in the writer's queue is taken first: while the disk
    /// does not keep up, the socket is not read, and after [`WRITER_PATIENCE`] the link is given up. Cancel-safe.
    async fn next_packet(&mut self) -> Received {
        if self.is_buffering && self.buffered.len() >= BUFFER_CAPACITY {
            // Released by the time, or by what was missed.
            return std::future::pending().await;
        }
        let place = if self.is_buffering {
            None
        } else {
            match tokio::time::timeout(WRITER_PATIENCE, self.context.writer.reserve()).await {
                Ok(Ok(place)) => Some(place),
                Ok(Err(_)) => return Received::Closed(CloseReason::Local),
                Err(_) => return Received::WriterStalled,
            }
        };
        let place = match place {
            None => None,
            Some(place) => match self.buffered.pop_front() {
                Some(event) => {
                    place.send(WriterInput::Event(Box::new(event)));
                    self.note_recovery();
                    return Received::Nothing;
                }
                None => Some(place),
            },
        };
        let event = match self.session.next().await {
            SessionEvent::Event(event) => event,
            SessionEvent::Closed(reason) => return Received::Closed(reason),
        };
        let packet = match wire::decode(&event.name, &event.args) {
            Wire::Connected { sync } => Received::Greeting(sync),
            Wire::Subscribed { rooms, refused } => {
                self.membership.join(&rooms);
                self.membership.refused(&refused);
                Received::Rooms { joined: rooms, refused, left: Vec::new() }
            }
            Wire::Unsubscribed { rooms } => {
                self.membership.left(&rooms);
                Received::Rooms { joined: Vec::new(), refused: Vec::new(), left: rooms }
            }
            Wire::Inbox(envelope) => {
                let trace = self.membership.trace(&envelope);
                let new = NewEvent::new(*envelope, trace, self.context.clock.now());
                match place {
                    Some(place) => place.send(WriterInput::Event(Box::new(new))),
                    None => self.buffered.push_back(new),
                }
                Received::Nothing
            }
        };
        self.note_recovery();
        packet
    }

    /// Notes where the session is, as soon as the writer has everything up to there.
    fn note_recovery(&mut self) {
        let is_handed_over = !self.is_buffering && self.buffered.is_empty();
        if is_handed_over && self.recovery.as_ref() != self.session.recovery() {
            *self.recovery = self.session.recovery().cloned();
        }
    }

    /// Talks until the end, and then gives the writer what still waited for what was missed: on a plain server nothing
    /// else would bring it back. Gives the reason for the end, or nothing when we were asked to stop.
    pub async fn run(
        mut self,
        emitter: Emitter,
        role: Option<Audience>,
        stop: &CancellationToken,
    ) -> Option<LinkReason> {
        let end = self.exchange_packets(emitter, role, stop).await;
        let handed_over = tokio::time::timeout(BUFFER_FOR, async {
            while let Some(event) = self.buffered.pop_front() {
                if self.context.writer.send(WriterInput::Event(Box::new(event))).await.is_err() {
                    break;
                }
            }
        });
        if handed_over.await.is_err() {
            tracing::error!(events = self.buffered.len(), "the inbox took no more events before the link's end");
        }
        if end.is_none() {
            self.session.close().await;
        }
        end
    }

    /// Exchanges packets until the end; asks for rooms now and whenever other ones are wanted.
    async fn exchange_packets(
        &mut self,
        emitter: Emitter,
        role: Option<Audience>,
        stop: &CancellationToken,
    ) -> Option<LinkReason> {
        let context = self.context;
        let mut wanted = context.rooms.clone();
        wanted.mark_changed();
        let mut addresses = context.addresses.clone();
        addresses.mark_changed();
        let mut asked: Vec<String> = Vec::new();
        let mut acks = FuturesUnordered::new();
        let mut progress = self.progress.clone();
        let mut buffering = pin!(async move {
            // A sender that is gone has nothing more to fetch.
            let _ = tokio::time::timeout(BUFFER_FOR, progress.wait_for(|progress| *progress != Progress::Behind)).await;
        });
        let mut contact = tokio::time::interval(CONTACT_EVERY);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.note_contact();
                    return None;
                }
                () = &mut buffering, if self.is_buffering => {
                    self.is_buffering = false;
                    self.note_recovery();
                }
                _ = contact.tick() => self.note_contact(),
                Ok(()) = addresses.changed() => {
                    let here = addresses.borrow_and_update().clone();
                    if here.is_some_and(|here| self.lost_its_address(&here)) {
                        return Some(link_reasons::address_lost(context.network_is_down(), context.language()));
                    }
                }
                Ok(()) = wanted.changed() => {
                    let rooms = wanted.borrow_and_update().clone();
                    let audience = role.unwrap_or_default().in_rooms(rooms.iter().map(String::as_str));
                    tokio::select! {
                        biased;
                        () = stop.cancelled() => continue,
                        // The queue closes only when the writer is gone, and then everything ends.
                        _ = context.writer.send(WriterInput::Audience(audience)) => {}
                    }
                    if let Some(request) = self.change_rooms(&emitter, &asked, &rooms) {
                        acks.push(subscribe(emitter.clone(), request));
                    }
                    asked = rooms;
                }
                Some(ack) = acks.next() => self.on_ack(ack),
                packet = self.next_packet() => if let ControlFlow::Break(end) = self.on_packet(packet) {
                    return end;
                },
            }
        }
    }

    /// Leaves the rooms that are wanted no longer, and shows what is asked for now. Gives the request for the new ones.
    fn change_rooms(&mut self, emitter: &Emitter, asked: &[String], rooms: &[String]) -> Option<serde_json::Value> {
        let new: Vec<_> = rooms.iter().filter(|room| !asked.contains(room)).cloned().collect();
        let old: Vec<_> = asked.iter().filter(|room| !rooms.contains(room)).cloned().collect();
        self.membership.leave(&old);
        self.membership.ask(&new);
        if !old.is_empty() {
            report(emitter.emit("unsubscribe", [json!({ "rooms": old })]));
        }
        self.context.status.modify(|snapshot| {
            let before = std::mem::take(&mut snapshot.rooms);
            snapshot.rooms = rooms.iter().map(|room| keep_or_request(&before, room, &new)).collect();
        });
        (!new.is_empty()).then(|| json!({ "rooms": new }))
    }

    /// Servers that do not acknowledge answer by an event, or not at all.
    fn on_ack(&mut self, ack: Result<AckPayload, AckError>) {
        if let Ok(answer) = ack
            && let Wire::Subscribed { rooms, refused } = wire::decode("subscribed", &answer.args)
        {
            self.membership.join(&rooms);
            self.membership.refused(&refused);
            note_rooms(&self.context.status, &rooms, &refused);
        }
    }

    /// What a packet means to the link. Breaks with the reason for its end, or with nothing when everything ends.
    fn on_packet(&self, packet: Received) -> ControlFlow<Option<LinkReason>> {
        let language = self.context.language();
        match packet {
            Received::Rooms { joined, refused, left } => {
                tracing::debug!(joined = joined.len(), refused = refused.len(), left = left.len(), "rooms");
                note_rooms(&self.context.status, &joined, &refused);
                if !joined.is_empty() {
                    self.joined.notify_one();
                }
            }
            Received::Greeting(_) | Received::Nothing => {}
            Received::WriterStalled => return ControlFlow::Break(Some(link_reasons::inbox_is_full(language))),
            // The writer is gone, and everything ends.
            Received::Closed(CloseReason::Local) => return ControlFlow::Break(None),
            Received::Closed(reason) => {
                tracing::info!(%reason, "the connection ended");
                self.note_contact();
                return ControlFlow::Break(Some(link_reasons::closed(&reason, language)));
            }
        }
        ControlFlow::Continue(())
    }

    /// Notes when the server was heard last, once nothing before that is missing.
    fn note_contact(&self) {
        if *self.progress.borrow() == Progress::Complete {
            let silence = SignedDuration::try_from(self.session.last_heard().elapsed()).unwrap_or_default();
            let heard_at = self.context.clock.now().saturating_sub(silence).unwrap_or(self.context.clock.now());
            // A full queue has more important things in it; the next note comes in a minute.
            let _ = self.context.writer.try_send(WriterInput::Contact(heard_at));
        }
    }

    /// Whether the machine has lost the address that this connection hangs on: no packet will ever come back to it.
    fn lost_its_address(&self, here: &[IpAddr]) -> bool {
        let local = self.session.local_addr().map(|address| address.ip().to_canonical());
        local.is_some_and(|local| !local.is_loopback() && !here.contains(&local))
    }
}

async fn subscribe(emitter: Emitter, request: serde_json::Value) -> Result<AckPayload, AckError> {
    emitter.emit_with_ack("subscribe", [request], ACK_DEADLINE).await
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

fn report(emitted: Result<(), EmitError>) {
    if let Err(error) = emitted {
        tracing::warn!(%error, "a request about rooms was not sent");
    }
}
