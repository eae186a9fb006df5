//! The background half: supervisor, REST, credentials, pipeline and store.

pub mod ports;
