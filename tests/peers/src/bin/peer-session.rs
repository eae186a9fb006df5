//! One session of ours and nothing around it, for the burst.

use peers::{Burst, Orders, say_state, variable};
use serde::Deserialize;
use serde::de::IgnoredAny;
use socketio::{ConnectOptions, Incoming, Session};

#[derive(Deserialize)]
struct Numbered {
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
    say_state(true, "connected", "");
    let mut burst = Burst::default();
    let mut orders = Orders::new();
    loop {
        let event = tokio::select! {
            incoming = session.next() => match incoming {
                Incoming::Event(event) => event,
                Incoming::Closed(reason) => return say_state(false, "closed", reason.to_string()),
            },
            None = orders.next() => return session.close().await,
        };
        if event.name == "burst" {
            let numbered: Numbered = serde_json::from_str(event.args[0].get()).expect("a numbered event");
            burst.take(numbered.n, numbered.of);
        }
    }
}
