//! The session against a scripted raw WebSocket server: what a real one would not do on demand.
#![allow(clippy::unwrap_used, reason = "tests")]

mod connecting;
mod events;
mod life;
mod peer;
mod probing;
mod proxy;
mod recovery;
