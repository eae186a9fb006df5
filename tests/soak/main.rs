//! Nothing lost, nothing twice: a gateway and an engine that are killed, cut off and stopped while events flow.
//!
//! The short form runs in every `cargo xtask test`; the long one is a soak.
#![allow(clippy::unwrap_used, reason = "tests")]

mod cursor;
mod engine_process;
mod kills;
mod plain;
