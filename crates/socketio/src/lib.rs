//! A Socket.IO v5 client session on WebSocket.
//!
//! One [`Session`] is one connection to one namespace, from the handshake to its [`CloseReason`]. It never spawns:
//! [`Session::next`] moves every byte, answers pings and watches the heartbeat, so whoever owns the session owns all
//! of its work, and dropping it drops the socket. Reconnecting, tokens and the meaning of events are left to the caller.
//!
//! Follows Engine.IO protocol 4 and Socket.IO protocol 5, WebSocket transport only: HTTP polling breaks behind
//! proxies without sticky sessions.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use socketio::{ConnectOptions, SessionEvent, Session};
//!
//! let mut options = ConnectOptions::new("http://localhost:3004".parse()?);
//! options.auth = serde_json::json!({ "token": "…" });
//! let (mut session, emitter) = Session::connect(&options).await?;
//! emitter.emit("subscribe", [serde_json::json!({ "rooms": ["admin"] })])?;
//! loop {
//!     match session.next().await {
//!         SessionEvent::Event(event) => println!("{} {:?}", event.name, event.args),
//!         SessionEvent::Closed(reason) => break println!("closed: {reason}"),
//!     }
//! }
//! # Ok(()) }
//! ```

mod args;
mod codec;
mod connect;
mod dial;
mod emitter;
mod error;
mod event;
#[cfg(fuzzing)]
pub mod fuzzing;
mod options;
mod proxy;
mod recovery;
mod session;
pub mod tls;

pub use args::Args;
pub use connect::probe;
pub use emitter::{AckError, AckPayload, EmitError, Emitter};
pub use error::{CloseReason, ConnectError, ConnectStage, ProxyFailure};
pub use event::{AckId, ServerEvent, SessionEvent};
pub use options::ConnectOptions;
pub use proxy::{Proxy, ProxyError, is_this_machine};
pub use recovery::Recovery;
pub use session::Session;
