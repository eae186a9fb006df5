//! From committed events to sockets: one task, in commit order.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use socketioxide::{BroadcastError, SocketError, SocketIo};
use tokio::sync::mpsc;

use crate::events::Emission;

/// Commits whose events wait for the publisher. When it is full, the next commit waits.
pub const OUTBOX: usize = 256;

/// Emits that never left, since a socket's buffer was full.
#[derive(Debug, Clone, Default)]
pub struct RefusedEmits(Arc<AtomicU64>);

impl RefusedEmits {
    /// How many since the start.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Adds `more` and says so in the log.
    pub fn add(&self, more: u64, channel: &str) {
        if more > 0 {
            let total = self.0.fetch_add(more, Ordering::Relaxed) + more;
            tracing::warn!(channel, refused = more, total, "sockets with a full buffer missed an event");
        }
    }
}

/// Emits what comes from the store until the store is gone. Without sockets the events end here.
pub async fn publish(io: Option<SocketIo>, mut outbox: mpsc::Receiver<Vec<Emission>>, refused: RefusedEmits) {
    while let Some(emissions) = outbox.recv().await {
        // `of`, since the shortcuts panic once the namespaces have been closed.
        let Some(sockets) = io.as_ref().and_then(|io| io.of("/")) else { continue };
        for Emission { room, except, channel, envelope } in emissions {
            let mut listeners = sockets.clone().to(room);
            if let Some(except) = except {
                listeners = listeners.except(except);
            }
            match listeners.emit(channel, &envelope).await {
                Ok(()) => tracing::debug!(channel, "emitted"),
                Err(BroadcastError::Socket(errors)) => {
                    // A socket that has just closed is no loss of ours.
                    let full = errors.iter().filter(|error| matches!(error, SocketError::InternalChannelFull)).count();
                    refused.add(full as u64, channel);
                }
                Err(error) => tracing::error!(channel, %error, "an event could not be emitted"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use socketio::{ConnectOptions, Incoming, Session};
    use socketioxide::extract::SocketRef;

    use super::*;
    use crate::events;
    use crate::money::{CURRENCY, Cents};
    use crate::stamp::UnixMillis;
    use crate::store::flights::Flight;

    const BUFFER: usize = 8;
    const EVENTS: usize = 200;

    fn delayed() -> Emission {
        let flight = Flight {
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
        events::flight_status_changed(&flight, "SCHEDULED", Vec::new(), UnixMillis(0)).unwrap().remove(0)
    }

    async fn next(session: &mut Session) -> String {
        match session.next().await {
            Incoming::Event(event) => event.name,
            Incoming::Closed(reason) => panic!("closed: {reason}"),
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

        let (outbox_in, outbox) = mpsc::channel(1);
        outbox_in.send(vec![delayed(); EVENTS]).await.unwrap();
        drop(outbox_in);
        let refused = RefusedEmits::default();
        publish(Some(io), outbox, refused.clone()).await;

        let lost = usize::try_from(refused.count()).unwrap();
        assert!(lost > 0 && lost < EVENTS, "{lost}");
        for _ in 0..EVENTS - lost {
            assert_eq!(next(&mut session).await, "flight:status-changed");
        }
        server.abort();
    }
}
