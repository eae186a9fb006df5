//! The whole service over real sockets: HTTP by `reqwest`, Socket.IO by our own client.
#![allow(clippy::unwrap_used, reason = "tests")]

mod auth;
mod bookings;
mod catchup;
mod events;
mod handshake;
mod ingest;
mod life;
mod retention;
mod rooms;
mod support;
