//! Soak tests: no event is lost or stored twice while gateway and engine are killed, cut off and stopped.
//!
//! The short runs are part of `cargo xtask test`; the long ones of `--soak`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod cursor;
mod engine_process;
mod kills;
mod plain;
