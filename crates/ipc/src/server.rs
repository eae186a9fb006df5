//! The resident's side: accepts programs of this user, and nobody else.

use std::io;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::frame::Frames;
use crate::messages::{Call, Hello, PROTOCOL_VERSION, Peer, Request, ServerFrame};

/// A peer that says no hello within this time is dropped.
const HELLO_DEADLINE: Duration = Duration::from_secs(5);

#[cfg(unix)]
type Stream = tokio::net::UnixStream;
#[cfg(windows)]
type Stream = tokio::net::windows::named_pipe::NamedPipeServer;

/// The listening end. Removes its socket file when dropped.
pub struct Server {
    endpoint: Endpoint,
    #[cfg(unix)]
    listener: tokio::net::UnixListener,
    #[cfg(windows)]
    next: Stream,
}

/// A stranger at the door: the hello is still to come.
pub struct Connection {
    frames: Frames<Stream>,
    /// Known after [`Connection::greet`].
    peer: Peer,
}

impl Server {
    /// Listens at `endpoint`. The caller holds the lock on the data folder, so a socket file found here is a left-over
    /// of a crash and is replaced.
    ///
    /// # Errors
    /// Whatever the system says about the path.
    #[cfg(unix)]
    pub fn bind(endpoint: &Endpoint) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        match std::fs::remove_file(&endpoint.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = tokio::net::UnixListener::bind(&endpoint.path)?;
        std::fs::set_permissions(&endpoint.path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { endpoint: endpoint.clone(), listener })
    }

    /// Listens at `endpoint`. The default security descriptor gives other users no write access, and nothing is ever
    /// sent to a peer that has not written its hello.
    ///
    /// # Errors
    /// Whatever the system says about the name.
    #[cfg(windows)]
    pub fn bind(endpoint: &Endpoint) -> io::Result<Self> {
        let next = tokio::net::windows::named_pipe::ServerOptions::new()
            .first_pipe_instance(true)
            .reject_remote_clients(true)
            .create(&endpoint.path)?;
        Ok(Self { endpoint: endpoint.clone(), next })
    }

    /// The next program of this user. Cancel-safe. Programs of other users are dropped without an answer.
    ///
    /// # Errors
    /// When the system cannot accept, such as for want of descriptors.
    #[cfg(unix)]
    pub async fn accept(&mut self) -> io::Result<Connection> {
        use std::os::unix::fs::MetadataExt;
        // The socket file belongs to this process's effective user, which is the one to compare with.
        let owner = std::fs::metadata(&self.endpoint.path)?.uid();
        loop {
            let (stream, _) = self.listener.accept().await?;
            if stream.peer_cred().is_ok_and(|peer| peer.uid() == owner) {
                return Ok(Connection { frames: Frames::new(stream), peer: Peer::Caller });
            }
        }
    }

    /// The next program. Cancel-safe.
    ///
    /// # Errors
    /// When the system cannot make another pipe instance.
    #[cfg(windows)]
    pub async fn accept(&mut self) -> io::Result<Connection> {
        let connected = self.next.connect().await;
        let fresh = tokio::net::windows::named_pipe::ServerOptions::new()
            .reject_remote_clients(true)
            .create(&self.endpoint.path)?;
        // Also after a failure, such as a program that has gone before it was let in: that instance takes no other.
        let stream = std::mem::replace(&mut self.next, fresh);
        connected?;
        Ok(Connection { frames: Frames::new(stream), peer: Peer::Caller })
    }
}

#[cfg(unix)]
impl Drop for Server {
    fn drop(&mut self) {
        // Best effort: a file left behind is replaced at the next start.
        let _ = std::fs::remove_file(&self.endpoint.path);
    }
}

impl Connection {
    /// Exchanges hellos. A peer of another version gets our hello, so that it can say so, and is dropped.
    ///
    /// # Errors
    /// No hello in time, not a hello, or another version.
    pub async fn greet(&mut self) -> io::Result<()> {
        let hello = tokio::time::timeout(HELLO_DEADLINE, self.frames.recv::<Hello>()).await??;
        let hello = hello.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.frames.send(&Hello::new(Peer::Caller)).await?;
        if hello.version != PROTOCOL_VERSION {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the peer speaks another version"));
        }
        self.peer = hello.peer;
        Ok(())
    }

    /// Who it is.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// The next request and its number; `None` when the peer has closed. Cancel-safe.
    ///
    /// # Errors
    /// A frame that is too large or not a request: the connection is of no more use.
    pub async fn recv(&mut self) -> io::Result<Option<(u64, Request)>> {
        Ok(self.frames.recv::<Call>().await?.map(|call| (call.id, call.request)))
    }

    /// Sends one frame.
    ///
    /// # Errors
    /// The peer has gone.
    pub async fn send(&mut self, frame: &ServerFrame) -> io::Result<()> {
        self.frames.send(frame).await
    }
}
