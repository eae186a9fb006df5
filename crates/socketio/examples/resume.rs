//! Reconnects and resumes, for ever: `cargo run -p socketio --example resume -- http://localhost:3004 TOKEN`
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::time::Duration;

use socketio::{ConnectOptions, Session, SessionEvent};

/// Between two attempts. A program that many people run should wait at random, and longer each time.
const PAUSE: Duration = Duration::from_secs(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().ok_or("usage: resume URL [TOKEN]")?;
    let mut options = ConnectOptions::new(url.parse()?);
    if let Some(token) = args.next() {
        options.auth = serde_json::json!({ "token": token });
    }
    loop {
        match Session::connect(&options).await {
            Ok((mut session, _emitter)) => {
                println!("{}", if session.recovered() { "resumed" } else { "connected anew" });
                let reason = loop {
                    match session.next().await {
                        SessionEvent::Event(event) => println!("{} {:?}", event.name, event.args),
                        SessionEvent::Closed(reason) => break reason,
                    }
                };
                println!("closed: {reason}");
                options.recover = session.recovery().cloned();
            }
            Err(error) => println!("{error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
