//! The asynchronous client of rust_socketio 0.6.0, as an app on tokio would use it.
//!
//! WebSocket only, as with all peers; reconnecting as far as the library can: on errors (its default) and after the
//! server's disconnect.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use peers::{BurstCheck, PeerCommand, PeerCommands, PeerReport, report, report_state, variable};
use rust_socketio::asynchronous::{Client, ClientBuilder, ReconnectSettings};
use rust_socketio::{Event, Payload, TransportType};
use serde_json::json;

/// The acknowledgement timeout of our client.
const ACK: Duration = Duration::from_secs(10);
/// A limit for the reports of the library's busy loop: attempts up to this one are reported, then each thousandth.
const SAID: u64 = 1_000;

#[derive(Default)]
struct Counters {
    events: AtomicU64,
    attempts: AtomicU64,
    answered: AtomicU64,
    burst: Mutex<BurstCheck>,
}

impl Counters {
    fn event(&self, name: &str, payload: &Payload) {
        if name == "connected" {
            return;
        }
        if name != "burst" {
            report(&PeerReport::Events(self.events.fetch_add(1, Relaxed) + 1));
            return;
        }
        let Payload::Text(args) = payload else { panic!("a burst of text") };
        let number = |key: &str| args[0][key].as_u64().expect("a numbered event");
        self.burst.lock().expect("nobody panics here").record(number("n"), number("of"));
    }

    fn attempt(&self) {
        let attempts = self.attempts.fetch_add(1, Relaxed) + 1;
        if attempts <= SAID || attempts.is_multiple_of(SAID) {
            report(&PeerReport::Attempt(attempts));
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let counters = Arc::new(Counters::default());
    let (events, attempts) = (Arc::clone(&counters), Arc::clone(&counters));
    report_state(false, "connecting", "");
    let connected = ClientBuilder::new(variable("PEER_URL"))
        .auth(json!({ "token": variable("PEER_TOKEN") }))
        .transport_type(TransportType::Websocket)
        .reconnect(true)
        .reconnect_on_disconnect(true)
        .on(Event::Connect, |_, _| async { report_state(true, "connect", "") }.boxed())
        .on(Event::Close, |_, _| async { report_state(false, "close", "") }.boxed())
        .on(Event::Error, |payload, _| async move { report_state(false, "error", shown(&payload)) }.boxed())
        .on_any(move |event, payload, _| {
            events.event(event.as_str(), &payload);
            async {}.boxed()
        })
        .on_reconnect(move || {
            attempts.attempt();
            async { ReconnectSettings::new() }.boxed()
        })
        .connect()
        .await;
    let mut commands = PeerCommands::new();
    let client = match connected {
        Ok(client) => client,
        Err(error) => {
            // The library reconnects only after a first success.
            report_state(false, "connect() returns an error, no more attempts", error.to_string());
            while commands.next().await.is_some() {}
            return;
        }
    };
    while let Some(PeerCommand::Subscribe(room)) = commands.next().await {
        subscribe(&client, &counters, room).await;
    }
    // The client may have disconnected already.
    let _ = client.disconnect().await;
}

async fn subscribe(client: &Client, counters: &Arc<Counters>, room: String) {
    let counters = Arc::clone(counters);
    let answered = move |_: Payload, _: Client| {
        report(&PeerReport::Acks { answered: counters.answered.fetch_add(1, Relaxed) + 1, failed: 0 });
        async {}.boxed()
    };
    if let Err(error) = client.emit_with_ack("subscribe", json!({ "rooms": [room] }), ACK, answered).await {
        report_state(false, "emit failed", error.to_string());
    }
}

fn shown(payload: &Payload) -> String {
    match payload {
        Payload::Text(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Payload::Binary(bytes) => format!("{} bytes", bytes.len()),
        #[expect(deprecated, reason = "the library still has it")]
        Payload::String(text) => text.clone(),
    }
}
