//! A bare session of our client, for the burst.

use peers::{BurstCheck, PeerCommands, report_state, variable};
use serde::Deserialize;
use serde::de::IgnoredAny;
use socketio::{ConnectOptions, Session, SessionEvent};

#[derive(Deserialize)]
struct BurstEvent {
    n: u64,
    of: u64,
    #[serde(rename = "text")]
    _text: IgnoredAny,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut options = ConnectOptions::new(variable("PEER_URL").parse().expect("a URL"));
    options.auth = serde_json::json!({ "token": variable("PEER_TOKEN") });
    let (mut session, _emitter) = Session::connect(&options).await.expect("a session");
    report_state(true, "connected", "");
    let mut burst = BurstCheck::default();
    let mut commands = PeerCommands::new();
    loop {
        let event = tokio::select! {
            incoming = session.next() => match incoming {
                SessionEvent::Event(event) => event,
                SessionEvent::Closed(reason) => return report_state(false, "closed", reason.to_string()),
            },
            None = commands.next() => return session.close().await,
        };
        if event.name == "burst" {
            let event_number: BurstEvent = serde_json::from_str(event.args[0].get()).expect("a numbered event");
            burst.record(event_number.n, event_number.of);
        }
    }
}
