//! The sending side of a session.

use std::time::Duration;

use bytes::Bytes;
use serde_json::value::RawValue;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use crate::args::Args;
use crate::session::AckId;

/// Packets that wait for the session to take them. A queue this full means that the session is not polled or the
/// line is stalled: the caller is told instead of made to wait.
pub(crate) const QUEUE: usize = 512;

/// The answer to an event, or the end of the session.
pub(crate) type AckSender = oneshot::Sender<Answer>;

/// What the server acknowledged with.
#[derive(Debug)]
pub struct Answer {
    /// Its arguments as JSON text; binary ones are placeholders, as in [`crate::Event`].
    pub args: Vec<Box<RawValue>>,
    /// What the placeholders stand for, by their number.
    pub attachments: Vec<Bytes>,
}

/// What the session is asked to send.
pub(crate) enum Outgoing {
    Event { name: String, args: Args, ack: Option<AckSender> },
    Reply { id: AckId, args: Args },
}

/// Sends events into a session that somebody polls. Cheap to clone; holds no socket.
#[derive(Debug, Clone)]
pub struct Emitter {
    queue: mpsc::Sender<Outgoing>,
}

/// Why nothing was queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// The queue of 512 packets is full.
    #[error("the session's queue is full")]
    Full,
    /// The session has ended.
    #[error("the session has ended")]
    Closed,
}

/// Why there is no answer.
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
        let (queue, receiver) = mpsc::channel(QUEUE);
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
    ) -> Result<Answer, AckError> {
        let (ack, answer) = oneshot::channel();
        self.push(Outgoing::Event { name: name.to_owned(), args: args.into(), ack: Some(ack) })
            .map_err(AckError::NotSent)?;
        match tokio::time::timeout(timeout, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(AckError::Closed),
            Err(_) => Err(AckError::Timeout),
        }
    }

    /// Answers an event of the server that asked for an acknowledgement.
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
