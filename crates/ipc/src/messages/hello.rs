//! The first frame of each side: protocol version and kind of peer.

use serde::{Deserialize, Serialize};

/// Protocol version, raised with every incompatible change of the messages.
pub const PROTOCOL_VERSION: u32 = 6;

/// The first frame of each side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// [`PROTOCOL_VERSION`] of the sender.
    pub version: u32,
    /// Kind of the sender. The resident always sends [`PeerKind::Caller`]; clients ignore it.
    pub peer: PeerKind,
}

/// Kind of program at the client end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeerKind {
    /// Makes calls and receives no pushes.
    Caller,
    /// Receives pushes.
    Watcher,
    /// The window: receives pushes and is asked to open rows.
    Window,
}

impl Hello {
    /// A hello of this version.
    pub fn new(peer: PeerKind) -> Self {
        Self { version: PROTOCOL_VERSION, peer }
    }
}
