//! `connected.sync`: the head of the event log when a socket connects, and the path for catching up.

use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use crate::event_log::{Cursor, Epoch, Seq};
use crate::store::GatewayStore;

/// The route that answers for a cursor.
const CATCHUP: &str = "/api/v1/notifications";

/// Knows the head of the event log.
pub struct SyncPoint {
    epoch: Epoch,
    head: watch::Receiver<Seq>,
    retention_secs: u64,
}

/// Payload of `connected.sync`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncInfo {
    cursor: Cursor,
    catchup: &'static str,
    retention_sec: u64,
}

impl SyncPoint {
    /// Of the log in `store`, which keeps its events for `retention`.
    pub fn new(store: &GatewayStore, retention: Duration) -> Self {
        Self { epoch: store.epoch().clone(), head: store.head(), retention_secs: retention.as_secs() }
    }

    /// As it is at this moment. The emitter is woken by the same head, so it emits every later event after this.
    pub fn now(&self) -> SyncInfo {
        let head = *self.head.borrow();
        SyncInfo { cursor: self.epoch.at(head), catchup: CATCHUP, retention_sec: self.retention_secs }
    }
}
