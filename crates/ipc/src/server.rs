//! IPC server of the resident: accepts programs of the same user only.

use std::io;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::frame::Frames;
use crate::messages::{Call, Hello, PROTOCOL_VERSION, PeerKind, Request, ServerFrame};

/// Deadline for the peer's hello; the connection is closed after it.
const HELLO_DEADLINE: Duration = Duration::from_secs(5);

#[cfg(unix)]
type ServerStream = tokio::net::UnixStream;
#[cfg(windows)]
type ServerStream = tokio::net::windows::named_pipe::NamedPipeServer;

/// Listening socket or pipe. Removes its socket file when dropped.
pub struct Server {
    endpoint: Endpoint,
    #[cfg(unix)]
    listener: tokio::net::UnixListener,
    #[cfg(windows)]
    next: ServerStream,
}

/// Connection to one peer; unauthenticated until [`Connection::greet`] has returned.
pub struct Connection {
    frames: Frames<ServerStream>,
    /// Set by [`Connection::greet`].
    peer: PeerKind,
}

impl Server {
    /// Listens at `endpoint`. The caller holds the lock on the data folder, so an existing socket file was left by a crash
    /// and is replaced.
    ///
    /// # Errors
    /// The socket cannot be created at this path.
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

    /// Listens at `endpoint`. The default security descriptor gives other users no write access, and nothing is sent to
    /// a peer before it has written its hello.
    ///
    /// # Errors
    /// The pipe cannot be created under this name.
    #[cfg(windows)]
    pub fn bind(endpoint: &Endpoint) -> io::Result<Self> {
        let next = tokio::net::windows::named_pipe::ServerOptions::new()
            .first_pipe_instance(true)
            .reject_remote_clients(true)
            .create(&endpoint.path)?;
        Ok(Self { endpoint: endpoint.clone(), next })
    }

    /// Accepts the next connection of this user. Connections of other users are closed without an answer. Cancel-safe.
    ///
    /// # Errors
    /// The system cannot accept, for example because the process has run out of file descriptors.
    #[cfg(unix)]
    pub async fn accept(&mut self) -> io::Result<Connection> {
        use std::os::unix::fs::MetadataExt;
        // The owner of the socket file is this process's effective user.
        let owner = std::fs::metadata(&self.endpoint.path)?.uid();
        loop {
            let (stream, _) = self.listener.accept().await?;
            if stream.peer_cred().is_ok_and(|peer| peer.uid() == owner) {
                return Ok(Connection { frames: Frames::new(stream), peer: PeerKind::Caller });
            }
        }
    }

    /// Accepts the next connection. Cancel-safe.
    ///
    /// # Errors
    /// The system cannot create another pipe instance.
    #[cfg(windows)]
    pub async fn accept(&mut self) -> io::Result<Connection> {
        let connected = self.next.connect().await;
        let next = tokio::net::windows::named_pipe::ServerOptions::new()
            .reject_remote_clients(true)
            .create(&self.endpoint.path)?;
        // Replaced after a failed connect as well, such as a client that left at once: that instance takes no other.
        let stream = std::mem::replace(&mut self.next, next);
        connected?;
        Ok(Connection { frames: Frames::new(stream), peer: PeerKind::Caller })
    }
}

#[cfg(unix)]
impl Drop for Server {
    fn drop(&mut self) {
        // Best effort: the next start replaces a file left behind.
        let _ = std::fs::remove_file(&self.endpoint.path);
    }
}

impl Connection {
    /// Exchanges hellos. A peer of another version receives our hello as well, so that it can report the mismatch.
    ///
    /// # Errors
    /// No hello before the deadline, an invalid hello, or another protocol version.
    pub async fn greet(&mut self) -> io::Result<()> {
        let hello = tokio::time::timeout(HELLO_DEADLINE, self.frames.recv::<Hello>()).await??;
        let hello = hello.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.frames.send(&Hello::new(PeerKind::Caller)).await?;
        if hello.version != PROTOCOL_VERSION {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the peer speaks another version"));
        }
        self.peer = hello.peer;
        Ok(())
    }

    /// Kind of the peer.
    pub fn peer(&self) -> PeerKind {
        self.peer
    }

    /// Receives the next request and its id; `None` when the peer has closed the connection. Cancel-safe.
    ///
    /// # Errors
    /// The frame is too large or no request; the connection cannot be used any more.
    pub async fn recv(&mut self) -> io::Result<Option<(u64, Request)>> {
        Ok(self.frames.recv::<Call>().await?.map(|call| (call.id, call.request)))
    }

    /// Sends one frame.
    ///
    /// # Errors
    /// The peer has closed the connection.
    pub async fn send(&mut self, frame: &ServerFrame) -> io::Result<()> {
        self.frames.send(frame).await
    }
}
