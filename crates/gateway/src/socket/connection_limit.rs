//! The limit of open sockets.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Limits the number of open sockets. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ConnectionLimit {
    free: Arc<Semaphore>,
    all: usize,
}

/// The right to one connection, given back when its last clone is dropped.
///
/// It travels in the extensions of the request that opens a session; Engine.IO keeps that request as long as the
/// session lives, so the permit is free again exactly when the session is gone, whatever ended it.
#[derive(Debug, Clone)]
pub struct ConnectionPermit {
    _permit: Arc<OwnedSemaphorePermit>,
}

impl ConnectionLimit {
    /// Allows `all` connections.
    pub fn new(all: usize) -> Self {
        let all = all.min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(all)), all }
    }

    /// A permit, unless all are taken.
    pub fn take(&self) -> Option<ConnectionPermit> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        Some(ConnectionPermit { _permit: Arc::new(permit) })
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.all - self.free.available_permits()
    }
}
