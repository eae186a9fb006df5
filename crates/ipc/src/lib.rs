//! The line between the resident program, its window and the command line.
//!
//! A Unix socket (0600, same user checked by peer credentials) or a named pipe on Windows. Frames are JSON behind a
//! 32-bit big-endian length, at most [`MAX_FRAME_BYTES`]. The first frame each way is a versioned hello. Owns the
//! messages and the transport; what they mean is the resident's business.

mod client;
mod endpoint;
mod frame;
mod messages;
mod server;
mod state;

pub use client::{CallError, Client, ConnectError, Driver};
pub use endpoint::Endpoint;
pub use frame::MAX_FRAME_BYTES;
pub use messages::{
    About, Autostart, ErrorBody, ErrorCode, ExportFormat, ExportResult, Hello, NetworkView, PROTOCOL_VERSION, Page,
    Peer, Push, Request, ServerFrame, SignIn, TestToastResult, ThreadPage, Undoable,
};
pub use server::{Connection, Server};
pub use state::IpcState;
