//! One open socket: its `connected` event, its rooms, and the expiry of its token.
//!
//! Handlers only queue what came; one task for each socket takes it in order, which keeps `subscribe` and
//! `unsubscribe` in the order in which they were sent, and owns the timer that ends the socket with its token.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use socketioxide::extract::{AckSender, SocketRef, TryData};
use socketioxide::{ParserError, SendError, SocketError};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::state::SocketState;
use super::sync::SyncInfo;
use crate::auth::token::AccessClaims;
use crate::event_names;
use crate::publish::RefusedEmits;
use crate::rights::{ROOM_NAME_MAX_BYTES, Role, user_room};
use crate::time::UnixMillis;

/// Rooms that one request may name.
const ROOMS_PER_REQUEST: usize = 50;

/// Rooms that one socket may be in.
const ROOMS_PER_SOCKET: usize = 200;

/// Requests that wait for the socket's task. A client that has more in flight is told to slow down.
const REQUESTS_WAITING: usize = 512;

/// A namespace disconnect that found the send buffer full is tried again after this.
const DISCONNECT_RETRY: Duration = Duration::from_secs(1);

/// A socket whose token is verified and whose CONNECT is not answered yet.
#[derive(Clone)]
pub struct PendingSocket {
    claims: Arc<AccessClaims>,
    /// Taken once, by [`accept_socket`]; behind a lock since the library hands out clones.
    requests: Arc<Mutex<Option<mpsc::Receiver<RoomRequest>>>>,
    ended: CancellationToken,
}

struct RoomRequest {
    action: RoomAction,
    payload: Result<RoomList, ParserError>,
    ack: AckSender,
}

#[derive(Clone, Copy)]
enum RoomAction {
    Subscribe,
    Unsubscribe,
}

#[derive(Deserialize)]
struct RoomList {
    rooms: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Connected<'a> {
    message: &'static str,
    user_id: &'a str,
    sync: SyncInfo,
}

#[derive(Serialize)]
struct Subscribed<'a> {
    rooms: &'a [String],
    refused: &'a [String],
}

#[derive(Serialize)]
struct Unsubscribed<'a> {
    rooms: &'a [String],
}

#[derive(Serialize)]
struct RoomRequestError {
    code: &'static str,
    message: &'static str,
}

#[derive(Serialize)]
struct RequestErrorAck<'a> {
    error: &'a RoomRequestError,
}

/// Registers the handlers of a socket whose token holds, before CONNECT is answered.
pub fn prepare(socket: &SocketRef, claims: AccessClaims) {
    let (queue, requests) = mpsc::channel(REQUESTS_WAITING);
    let ended = CancellationToken::new();
    for (event, action) in
        [(event_names::SUBSCRIBE, RoomAction::Subscribe), (event_names::UNSUBSCRIBE, RoomAction::Unsubscribe)]
    {
        let queue = queue.clone();
        socket.on(event, move |socket: SocketRef, TryData(payload): TryData<RoomList>, ack: AckSender| {
            if let Err(mpsc::error::TrySendError::Full(request)) = queue.try_send(RoomRequest { action, payload, ack })
            {
                let error =
                    RoomRequestError { code: "TOO_MANY_REQUESTS", message: "Wait for the answers to earlier requests" };
                // A client that floods us may lose an answer.
                let _ = socket.emit(event_names::ERROR, &error);
                let _ = request.ack.send(&RequestErrorAck { error: &error });
            }
            std::future::ready(())
        });
    }
    let disconnected = ended.clone();
    socket.on_disconnect(move || {
        disconnected.cancel();
        std::future::ready(())
    });
    let requests = Arc::new(Mutex::new(Some(requests)));
    socket.extensions.insert(PendingSocket { claims: Arc::new(claims), requests, ended });
}

/// Joins the user's room, emits `connected` with the head of the event log, and starts the socket's task.
pub fn accept_socket(state: &SocketState, socket: SocketRef, pending: PendingSocket) {
    let requests = pending.requests.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(requests) = requests else { return };
    let claims = pending.claims;
    let own_room = user_room(&claims.sub);
    socket.join(own_room.clone());
    let session = SocketSession {
        joined: HashSet::from([own_room]),
        role: claims.role(),
        user_id: claims.sub.clone(),
        socket,
        refused: state.refused.clone(),
    };
    // Read after the room was joined: what is not at or before this place will be emitted to the room.
    let sync = state.sync.now();
    let connected = Connected { message: "Connected to booking notifications", user_id: &claims.sub, sync };
    session.emit(event_names::CONNECTED, &connected);
    tracing::debug!(sid = %session.socket.id, "a socket connected");
    let left_ms = claims.exp.saturating_mul(1000).saturating_sub(UnixMillis::now().0);
    let expiry = Instant::now() + Duration::from_millis(u64::try_from(left_ms).unwrap_or_default());
    state.tasks.spawn(session.run(requests, expiry, pending.ended, state.stopping.clone()));
}

struct SocketSession {
    socket: SocketRef,
    user_id: String,
    role: Role,
    joined: HashSet<String>,
    refused: RefusedEmits,
}

impl SocketSession {
    async fn run(
        mut self,
        mut requests: mpsc::Receiver<RoomRequest>,
        expiry: Instant,
        ended: CancellationToken,
        stopping: CancellationToken,
    ) {
        let mut expiry = std::pin::pin!(tokio::time::sleep_until(expiry));
        loop {
            tokio::select! {
                biased;
                () = ended.cancelled() => break,
                () = stopping.cancelled() => break,
                () = &mut expiry => match self.socket.clone().disconnect() {
                    Err(SocketError::InternalChannelFull) => expiry.as_mut().reset(Instant::now() + DISCONNECT_RETRY),
                    Ok(()) | Err(SocketError::Closed) => {
                        tracing::info!(sid = %self.socket.id, "a socket ended with its token");
                        break;
                    }
                },
                Some(request) = requests.recv() => self.answer(request),
            }
        }
    }

    fn answer(&mut self, RoomRequest { action, payload, ack }: RoomRequest) {
        let error = |message| RoomRequestError { code: "BAD_REQUEST", message };
        let rooms = match payload {
            Ok(RoomList { rooms }) if rooms.len() > ROOMS_PER_REQUEST => Err(error("At most 50 rooms at once")),
            Ok(RoomList { rooms }) if rooms.iter().any(|room| room.is_empty() || room.len() > ROOM_NAME_MAX_BYTES) => {
                Err(error("A room's name has 1 to 100 bytes"))
            }
            Ok(RoomList { rooms }) => Ok(rooms),
            Err(_) => Err(error("Send one object such as { \"rooms\": [\"admin\"] }")),
        };
        let acknowledged = match (rooms, action) {
            (Err(error), _) => {
                self.emit(event_names::ERROR, &error);
                ack.send(&RequestErrorAck { error: &error })
            }
            (Ok(rooms), RoomAction::Subscribe) => {
                let (rooms, refused) = self.join(rooms);
                let answer = Subscribed { rooms: &rooms, refused: &refused };
                self.emit(event_names::SUBSCRIBED, &answer);
                ack.send(&answer)
            }
            (Ok(rooms), RoomAction::Unsubscribe) => {
                let rooms = self.leave(rooms);
                let answer = Unsubscribed { rooms: &rooms };
                self.emit(event_names::UNSUBSCRIBED, &answer);
                ack.send(&answer)
            }
        };
        self.count(acknowledged, "ack");
    }

    /// Joins what the role allows; the rest comes back as refused.
    fn join(&mut self, rooms: Vec<String>) -> (Vec<String>, Vec<String>) {
        let (mut joined, mut refused) = (Vec::new(), Vec::new());
        for room in rooms {
            let known = self.joined.contains(&room);
            let space = known || self.joined.len() < ROOMS_PER_SOCKET;
            if space && self.role.may_join(&self.user_id, &room) {
                if !known {
                    self.socket.join(room.clone());
                    self.joined.insert(room.clone());
                }
                joined.push(room);
            } else {
                refused.push(room);
            }
        }
        (joined, refused)
    }

    /// Leaves the rooms that the socket is in; those are the answer.
    fn leave(&mut self, mut rooms: Vec<String>) -> Vec<String> {
        rooms.retain(|room| self.joined.remove(room));
        for room in &rooms {
            self.socket.leave(room.clone());
        }
        rooms
    }

    fn emit(&self, event: &str, data: &impl Serialize) {
        self.count(self.socket.emit(event, data), event);
    }

    fn count(&self, sent: Result<(), SendError>, what: &str) {
        match sent {
            Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
            Err(SendError::Socket(SocketError::InternalChannelFull)) => self.refused.add(1, what),
            Err(SendError::Serialize(error)) => tracing::error!(what, %error, "an answer could not be written"),
        }
    }
}
