//! The emitter: one task that tails the event log and emits to this node's sockets, in the order of the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use socketioxide::operators::BroadcastOperators;
use socketioxide::{BroadcastError, SocketError, SocketIo};
use tokio::sync::watch;

use crate::event_log::{Epoch, LoggedEvent, Recipient, Seq};
use crate::message::Message;
use crate::store::{GatewayStore, GatewayStoreError};

/// Events that are read from the log at once; each is at most as large as a request's body, or an append of ours.
const BATCH_MAX_EVENTS: usize = 64;

/// How long to wait before reading the log again after the store refused.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Counts emits that were refused because the buffer of a socket was full.
#[derive(Debug, Clone, Default)]
pub struct RefusedEmits(Arc<AtomicU64>);

impl RefusedEmits {
    /// Refused emits since the start.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Adds `more` and logs it.
    pub fn add(&self, more: u64, channel: &str) {
        if more > 0 {
            let total = self.0.fetch_add(more, Ordering::Relaxed) + more;
            tracing::warn!(channel, refused = more, total, "sockets with a full buffer missed an event");
        }
    }
}

/// Emits what is appended after `position`, until the store is gone.
///
/// The log itself is the queue, so nothing here can fill up: an emitter that falls behind reads larger batches.
pub async fn publish(store: GatewayStore, mut position: Seq, io: SocketIo, refused: RefusedEmits) {
    let mut head = store.head();
    while reached(&mut head, position).await {
        match store.call(move |work| work.log().tail(position, BATCH_MAX_EVENTS)).await {
            Ok(batch) => {
                for logged in batch {
                    emit(&io, store.epoch(), &logged, &refused).await;
                    position = logged.seq;
                }
            }
            Err(GatewayStoreError::Gone) => return,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the event log cannot be tailed");
                tokio::time::sleep(RETRY_DELAY).await;
            }
        }
    }
}

/// Waits for an event after `position`; `false` when the store is gone.
async fn reached(head: &mut watch::Receiver<Seq>, position: Seq) -> bool {
    head.wait_for(|head| *head > position).await.is_ok()
}

/// Emits one copy for each room (W2), so that a socket in two of them receives the event twice. A room with reduced
/// `data` is the exception: a socket that also gets the full data through another room does not get the reduced copy.
async fn emit(io: &SocketIo, epoch: &Epoch, LoggedEvent { seq, event }: &LoggedEvent, refused: &RefusedEmits) {
    // `of`, since the shortcuts panic once the namespaces have been closed.
    let Some(sockets) = io.of("/") else { return };
    let full_rooms = event.audience.iter().filter(|audience| audience.data.is_none());
    let full_rooms: Vec<String> = full_rooms.map(|audience| audience.room.clone()).collect();
    // The smaller copies come first: a socket that joins the larger room in between receives both, not neither.
    for Recipient { room, data } in &event.audience {
        let (to, data) = match data {
            Some(own) => (sockets.clone().to(room.clone()).except(full_rooms.clone()), own),
            None => (sockets.clone().to(room.clone()), &event.envelope.data),
        };
        let message = Message::for_room(epoch.at(*seq), &event.envelope, data, room);
        send(to, &event.channel, &message, refused).await;
    }
}

async fn send(to: BroadcastOperators, channel: &str, message: &Message<'_>, refused: &RefusedEmits) {
    match to.emit(channel, message).await {
        Ok(()) => tracing::debug!(channel, "emitted"),
        Err(BroadcastError::Socket(errors)) => {
            // A socket that has just closed is no loss of ours.
            let full = errors.iter().filter(|error| matches!(error, SocketError::InternalChannelFull)).count();
            refused.add(full as u64, channel);
        }
        Err(error) => tracing::error!(channel, %error, "an event could not be emitted"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use socketio::{ConnectOptions, Session, SessionEvent};
    use socketioxide::extract::SocketRef;

    use super::*;
    use crate::event_log::PublishedEvent;
    use crate::events;
    use crate::money::{CURRENCY, Cents};
    use crate::store::flights::FlightRecord;
    use crate::time::UnixMillis;

    const BUFFER: usize = 8;
    const EVENTS: u64 = 200;

    fn delayed() -> PublishedEvent {
        let flight = FlightRecord {
            id: "f1".to_owned(),
            flight_number: "AA123".to_owned(),
            origin: "JFK".to_owned(),
            destination: "LAX".to_owned(),
            departure_time: UnixMillis(0),
            arrival_time: UnixMillis(1),
            status: "DELAYED".to_owned(),
            price: Cents(1),
            currency: CURRENCY,
        };
        events::flight_status_changed(&flight, "SCHEDULED", Vec::new(), UnixMillis(0)).unwrap()
    }

    async fn next(session: &mut Session) -> String {
        match session.next().await {
            SessionEvent::Event(event) => event.name,
            SessionEvent::Closed(reason) => panic!("closed: {reason}"),
        }
    }

    #[tokio::test]
    async fn every_event_is_either_delivered_or_counted() {
        let (service, io) = SocketIo::builder().max_buffer_size(BUFFER).build_svc();
        io.ns("/", async |socket: SocketRef| {
            socket.join("admin");
            socket.emit("ready", "").unwrap();
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(
            axum::serve(listener, axum::Router::new().route_service("/socket.io/", service)).into_future(),
        );
        let (mut session, _emitter) = Session::connect(&ConnectOptions::new(url.parse().unwrap())).await.unwrap();
        assert_eq!(next(&mut session).await, "ready");

        let (store, closed, _) = GatewayStore::open(None).await.unwrap();
        let (emitter, refused) = (store.clone(), RefusedEmits::default());
        let emitting = tokio::spawn(publish(emitter, Seq(0), io, refused.clone()));
        let appended = store.call(|work| (0..EVENTS).try_for_each(|_| work.append(&delayed()).map(drop)));
        appended.await.unwrap();
        let mut delivered = 0;
        while delivered + refused.count() < EVENTS {
            tokio::select! {
                name = next(&mut session) => {
                    assert_eq!(name, "flight:status-changed");
                    delivered += 1;
                }
                () = tokio::task::yield_now() => {}
            }
        }
        assert!(delivered > 0 && delivered < EVENTS, "{delivered}");
        store.close(closed).await;
        emitting.await.unwrap();
        server.abort();
    }
}
