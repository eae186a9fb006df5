//! State shared by the sockets of the endpoint.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::sync::SyncPoint;
use crate::auth::token::AccessTokens;
use crate::publish::RefusedEmits;

/// What every socket needs from the service.
pub struct SocketState {
    /// Verifies the handshake.
    pub tokens: Arc<AccessTokens>,
    /// Reads the head of the event log for a new socket.
    pub sync: SyncPoint,
    /// Counts emits that a full buffer refused.
    pub refused: RefusedEmits,
    /// Owns one task for each socket.
    pub tasks: TaskTracker,
    /// Ends those tasks.
    pub stopping: CancellationToken,
}
