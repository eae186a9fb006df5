//! IPC client, used by the window and the command line.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use crate::endpoint::Endpoint;
use crate::frame::Frames;
use crate::messages::{Call, ErrorBody, Hello, PROTOCOL_VERSION, PeerKind, Push, Request, ServerFrame};

/// Capacity of the queue of calls to send; callers wait when it is full.
const CALLS_QUEUED: usize = 64;
/// Capacity of the queue of received pushes. The driver stops reading when it is full, so that the resident's socket
/// buffer fills up and slows the resident down.
const PUSHES_QUEUED: usize = 256;
/// Deadline for the hello; a running resident answers at once.
const HELLO_DEADLINE: Duration = Duration::from_secs(5);

#[cfg(unix)]
type ClientStream = tokio::net::UnixStream;
#[cfg(windows)]
type ClientStream = tokio::net::windows::named_pipe::NamedPipeClient;

/// The part of the resident's hello that every protocol version shares.
#[derive(serde::Deserialize)]
struct HelloVersion {
    version: u32,
}

/// Reasons why no connection to the resident could be made.
#[derive(Debug, thiserror::Error)]
pub enum IpcConnectError {
    /// No process listens at the endpoint.
    #[error("Gatecall is not running")]
    NotRunning(#[source] io::Error),
    /// The resident has another protocol version.
    #[error("the running Gatecall speaks protocol {theirs}, this program {PROTOCOL_VERSION}; restart Gatecall")]
    OtherVersion {
        /// Protocol version of the resident.
        theirs: u32,
    },
    /// The connection failed during the hello.
    #[error("the running Gatecall does not answer")]
    Broken(#[source] io::Error),
}

/// Reasons why a call has no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The resident answered with an error.
    #[error(transparent)]
    Refused(ErrorBody),
    /// The connection is closed.
    #[error("the connection to Gatecall is closed")]
    Gone,
    /// The answer does not have the expected type.
    #[error("the answer of Gatecall cannot be read")]
    Unreadable(#[source] serde_json::Error),
}

type RawAnswer = Result<Box<RawValue>, ErrorBody>;
type QueuedCall = (Request, oneshot::Sender<RawAnswer>);
type PendingAnswers = HashMap<u64, oneshot::Sender<RawAnswer>>;

/// Handle that makes calls. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    calls: mpsc::Sender<QueuedCall>,
}

/// Task that moves frames between the queues and the socket. Whoever connects has to run or spawn it; it ends with the
/// connection.
pub struct Driver {
    frames: Frames<ClientStream>,
    calls: mpsc::Receiver<QueuedCall>,
    pushes: mpsc::Sender<Push>,
}

impl Client {
    /// Connects and exchanges hellos.
    ///
    /// # Errors
    /// See [`IpcConnectError`].
    pub async fn connect(
        endpoint: &Endpoint,
        peer: PeerKind,
    ) -> Result<(Self, Driver, mpsc::Receiver<Push>), IpcConnectError> {
        let stream = open(endpoint).await.map_err(IpcConnectError::NotRunning)?;
        let mut frames = Frames::new(stream);
        let hello = async {
            frames.send(&Hello::new(peer)).await?;
            frames.recv::<HelloVersion>().await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
        };
        let timed = tokio::time::timeout(HELLO_DEADLINE, hello).await;
        let theirs = timed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(IpcConnectError::Broken)?;
        if theirs.version != PROTOCOL_VERSION {
            return Err(IpcConnectError::OtherVersion { theirs: theirs.version });
        }
        let (calls, calls_queue) = mpsc::channel(CALLS_QUEUED);
        let (push_sender, push_queue) = mpsc::channel(PUSHES_QUEUED);
        Ok((Self { calls }, Driver { frames, calls: calls_queue, pushes: push_sender }, push_queue))
    }

    /// Makes a call and deserializes the result as `T`.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, CallError> {
        let value = self.call_raw(request).await?;
        serde_json::from_str(value.get()).map_err(CallError::Unreadable)
    }

    /// Makes a call and returns the result as raw JSON.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call_raw(&self, request: Request) -> Result<Box<RawValue>, CallError> {
        let (sender, answer) = oneshot::channel();
        self.calls.send((request, sender)).await.map_err(|_| CallError::Gone)?;
        answer.await.map_err(|_| CallError::Gone)?.map_err(CallError::Refused)
    }
}

impl Driver {
    /// Runs until the resident closes the connection or every [`Client`] is dropped.
    ///
    /// # Errors
    /// The connection failed, or the resident sent an invalid frame.
    pub async fn run(mut self) -> io::Result<()> {
        let mut pending = HashMap::new();
        let mut last_id = 0;
        loop {
            tokio::select! {
                call = self.calls.recv() => {
                    let Some((request, sender)) = call else { return Ok(()) };
                    last_id += 1;
                    pending.insert(last_id, sender);
                    self.frames.send(&Call { id: last_id, request }).await?;
                }
                frame = self.frames.recv::<ServerFrame>() => match frame? {
                    None => return Ok(()),
                    Some(ServerFrame::Answer { id, value }) => answer(&mut pending, id, Ok(value)),
                    Some(ServerFrame::Failure { id, error }) => answer(&mut pending, id, Err(error)),
                    // Sending fails only for a caller that has dropped the receiver since it wants no pushes.
                    Some(ServerFrame::Push { push }) => drop(self.pushes.send(*push).await),
                },
            }
        }
    }
}

fn answer(pending: &mut PendingAnswers, id: u64, result: RawAnswer) {
    if let Some(sender) = pending.remove(&id) {
        // Sending fails only when the caller has stopped waiting.
        let _ = sender.send(result);
    }
}

#[cfg(unix)]
async fn open(endpoint: &Endpoint) -> io::Result<ClientStream> {
    ClientStream::connect(&endpoint.path).await
}

#[cfg(windows)]
async fn open(endpoint: &Endpoint) -> io::Result<ClientStream> {
    /// `ERROR_PIPE_BUSY`: all pipe instances are taken for a moment.
    const BUSY: i32 = 231;
    let deadline = tokio::time::Instant::now() + HELLO_DEADLINE;
    loop {
        match tokio::net::windows::named_pipe::ClientOptions::new().open(&endpoint.path) {
            Err(error) if error.raw_os_error() == Some(BUSY) && tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            result => return result,
        }
    }
}
