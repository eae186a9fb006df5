//! The sending side of a session.

use std::time::Duration;

use bytes::Bytes;
use serde_json::value::RawValue;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use crate::args::Args;
use crate::event::AckId;

/// Capacity of the send queue. A full queue means that the session is not polled or the connection has stalled, so
/// emitting fails at once instead of waiting.
pub(crate) const QUEUE_MAX_PACKETS: usize = 512;

/// Resolves with the acknowledgement of an event; dropped when the session ends.
pub(crate) type AckSender = oneshot::Sender<AckPayload>;

/// The arguments of an acknowledgement from the server.
#[derive(Debug)]
pub struct AckPayload {
    /// Its arguments as JSON text; binary ones are placeholders, as in [`crate::ServerEvent`].
    pub args: Vec<Box<RawValue>>,
    /// What the placeholders stand for, by their number.
    pub attachments: Vec<Bytes>,
}

/// A packet queued for sending.
pub(crate) enum Outgoing {
    Event { name: String, args: Args, ack: Option<AckSender> },
    Reply { id: AckId, args: Args },
}

/// Queues events for a session, which sends them while it is polled. Cheap to clone; holds no socket.
#[derive(Debug, Clone)]
pub struct Emitter {
    queue: mpsc::Sender<Outgoing>,
}

/// Why a packet was not queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// The queue of 512 packets is full.
    #[error("the session's queue is full")]
    Full,
    /// The session has ended.
    #[error("the session has ended")]
    Closed,
}

/// Why no acknowledgement came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AckError {
    /// It was never sent.
    #[error(transparent)]
    NotSent(EmitError),
    /// No answer in time; a late one is ignored.
    #[error("no acknowledgement in time")]
    Timeout,
    /// The session ended first.
    #[error("the session ended before the acknowledgement")]
    Closed,
}

impl Emitter {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Outgoing>) {
        let (queue, receiver) = mpsc::channel(QUEUE_MAX_PACKETS);
        (Self { queue }, receiver)
    }

    /// Queues an event. Sent in order; delivered at most once.
    ///
    /// # Errors
    /// See [`EmitError`].
    pub fn emit(&self, name: &str, args: impl Into<Args>) -> Result<(), EmitError> {
        self.push(Outgoing::Event { name: name.to_owned(), args: args.into(), ack: None })
    }

    /// Queues an event and waits for its acknowledgement.
    ///
    /// # Errors
    /// See [`AckError`].
    pub async fn emit_with_ack(
        &self,
        name: &str,
        args: impl Into<Args>,
        timeout: Duration,
    ) -> Result<AckPayload, AckError> {
        let (ack, answer) = oneshot::channel();
        self.push(Outgoing::Event { name: name.to_owned(), args: args.into(), ack: Some(ack) })
            .map_err(AckError::NotSent)?;
        match tokio::time::timeout(timeout, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(AckError::Closed),
            Err(_) => Err(AckError::Timeout),
        }
    }

    /// Acknowledges an event of the server.
    ///
    /// # Errors
    /// See [`EmitError`].
    pub fn reply(&self, id: AckId, args: impl Into<Args>) -> Result<(), EmitError> {
        self.push(Outgoing::Reply { id, args: args.into() })
    }

    fn push(&self, packet: Outgoing) -> Result<(), EmitError> {
        self.queue.try_send(packet).map_err(|error| match error {
            TrySendError::Full(_) => EmitError::Full,
            TrySendError::Closed(_) => EmitError::Closed,
        })
    }
}
