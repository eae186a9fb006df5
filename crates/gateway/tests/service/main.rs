//! The whole service over real sockets: HTTP by `reqwest`, Socket.IO by our own client.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::print_stdout, reason = "some tests print the figures that they found")]

mod auth;
mod bookings;
mod catchup;
mod delivery;
mod events;
mod handshake;
mod ingest;
mod life;
mod retention;
mod rooms;
mod scale;
mod support;
