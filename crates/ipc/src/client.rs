//! The side of the window and of the command line.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use crate::endpoint::Endpoint;
use crate::frame::Frames;
use crate::messages::{Call, ErrorBody, Hello, PROTOCOL_VERSION, Peer, Push, Request, ServerFrame};

/// Calls that wait to be written; more of them make the caller wait.
const CALLS_QUEUED: usize = 64;
/// Pushes that wait to be read; the driver waits when the reader is slow, and the resident notices.
const PUSHES_QUEUED: usize = 256;
/// A resident that is there answers its hello at once.
const HELLO_DEADLINE: Duration = Duration::from_secs(5);

#[cfg(unix)]
type Stream = tokio::net::UnixStream;
#[cfg(windows)]
type Stream = tokio::net::windows::named_pipe::NamedPipeClient;

/// As much of the resident's hello as every version has.
#[derive(serde::Deserialize)]
struct Version {
    version: u32,
}

/// Why there is no line.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody listens there.
    #[error("Gatecall is not running")]
    NotRunning(#[source] io::Error),
    /// Somebody listens, and speaks another version.
    #[error("the running Gatecall speaks protocol {theirs}, this program {PROTOCOL_VERSION}; restart Gatecall")]
    OtherVersion {
        /// Its version.
        theirs: u32,
    },
    /// The line broke during the hello.
    #[error("the running Gatecall does not answer")]
    Broken(#[source] io::Error),
}

/// Why a call has no value.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The resident said no.
    #[error(transparent)]
    Refused(ErrorBody),
    /// The line is gone.
    #[error("the line to Gatecall is gone")]
    Gone,
    /// The answer is not what this version expects.
    #[error("the answer of Gatecall cannot be read")]
    Unreadable(#[source] serde_json::Error),
}

type Pending = (Request, oneshot::Sender<Result<Box<RawValue>, ErrorBody>>);

/// Makes calls. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    calls: mpsc::Sender<Pending>,
}

/// Moves the bytes; has to be awaited (or spawned) by whoever connected. Ends when the line does.
pub struct Driver {
    frames: Frames<Stream>,
    calls: mpsc::Receiver<Pending>,
    pushes: mpsc::Sender<Push>,
}

impl Client {
    /// Connects and says hello.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn connect(
        endpoint: &Endpoint,
        peer: Peer,
    ) -> Result<(Self, Driver, mpsc::Receiver<Push>), ConnectError> {
        let stream = open(endpoint).await.map_err(ConnectError::NotRunning)?;
        let mut frames = Frames::new(stream);
        let hello = async {
            frames.send(&Hello::new(peer)).await?;
            frames.recv::<Version>().await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
        };
        let timed = tokio::time::timeout(HELLO_DEADLINE, hello).await;
        let theirs = timed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(ConnectError::Broken)?;
        if theirs.version != PROTOCOL_VERSION {
            return Err(ConnectError::OtherVersion { theirs: theirs.version });
        }
        let (calls, calls_queue) = mpsc::channel(CALLS_QUEUED);
        let (push_sender, push_queue) = mpsc::channel(PUSHES_QUEUED);
        Ok((Self { calls }, Driver { frames, calls: calls_queue, pushes: push_sender }, push_queue))
    }

    /// Makes a call and reads the answer as `T`.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, CallError> {
        let value = self.call_raw(request).await?;
        serde_json::from_str(value.get()).map_err(CallError::Unreadable)
    }

    /// Makes a call and leaves the answer as JSON text.
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
    /// Runs until the resident closes the line or every [`Client`] is gone.
    ///
    /// # Errors
    /// The line broke, or the other side sent what cannot be read.
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
                    // A caller that does not read pushes has dropped the receiver, which is fine.
                    Some(ServerFrame::Push { push }) => drop(self.pushes.send(*push).await),
                },
            }
        }
    }
}

type Answers = HashMap<u64, oneshot::Sender<Result<Box<RawValue>, ErrorBody>>>;

fn answer(pending: &mut Answers, id: u64, result: Result<Box<RawValue>, ErrorBody>) {
    if let Some(sender) = pending.remove(&id) {
        // A caller that has stopped waiting is no error.
        let _ = sender.send(result);
    }
}

#[cfg(unix)]
async fn open(endpoint: &Endpoint) -> io::Result<Stream> {
    Stream::connect(&endpoint.path).await
}

#[cfg(windows)]
async fn open(endpoint: &Endpoint) -> io::Result<Stream> {
    /// ERROR_PIPE_BUSY: all instances are taken for a moment.
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
