//! What watches the peers: their processes, the servers that they meet, and the line between.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a bench that cannot go on panics")]

pub mod clock;
pub mod docs;
pub mod lab;
pub mod peer;
pub mod proc;
pub mod real;

pub use lab::{Lab, RealServer, Setup, Trusted};
pub use peer::{Heard, Kind, Peer, Spoken};
pub use real::Real;
