//! The bench around the peers: their processes, the servers, and the proxies between.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a bench that cannot go on panics")]

pub mod clock;
pub mod docs;
pub mod node_server;
pub mod peer_process;
pub mod proc;
pub mod test_bench;

pub use node_server::NodeServer;
pub use peer_process::{ClientKind, PeerLog, PeerProcess, StateReport};
pub use test_bench::{BenchSetup, NodeServerKind, TestBench, TrustSource};
