//! Prints the events of a server: `cargo run -p socketio --example listen -- http://localhost:3004 TOKEN`
#![allow(clippy::print_stdout, reason = "an example prints")]

use socketio::{ConnectOptions, Session, SessionEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().ok_or("usage: listen URL [TOKEN]")?;
    let mut options = ConnectOptions::new(url.parse()?);
    if let Some(token) = args.next() {
        options.auth = serde_json::json!({ "token": token });
    }
    let (mut session, _emitter) = Session::connect(&options).await?;
    loop {
        match session.next().await {
            SessionEvent::Event(event) => println!("{} {:?}", event.name, event.args),
            SessionEvent::Closed(reason) => {
                println!("closed: {reason}");
                return Ok(());
            }
        }
    }
}
