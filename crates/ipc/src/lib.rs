//! IPC between the resident, its window and the command line.
//!
//! Transport: a Unix socket (mode 0600, same user verified by peer credentials), or a named pipe on Windows. Frames are
//! JSON prefixed with a 32-bit big-endian length, at most [`MAX_FRAME_BYTES`]. The first frame in each direction is a
//! versioned hello. This crate owns messages and transport; the resident implements the requests.

mod client;
mod endpoint;
mod frame;
mod messages;
mod server;
mod state;

pub use client::{CallError, Client, Driver, IpcConnectError};
pub use endpoint::Endpoint;
pub use frame::MAX_FRAME_BYTES;
pub use messages::{
    About, Autostart, ErrorBody, ErrorCode, ExportFormat, ExportResult, Hello, NetworkView, PROTOCOL_VERSION, Page,
    PeerKind, Push, Request, ServerFrame, SignIn, TestToastResult, ThreadPage, Undoable,
};
pub use server::{Connection, Server};
pub use state::IpcState;
