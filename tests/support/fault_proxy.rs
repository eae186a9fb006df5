//! A TCP proxy on loopback that injects faults: stalls, delays, throttling, corruption, resets.
//!
//! The proxy owns every task and socket it creates, and closes all of them when dropped.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

/// Bytes per read. Small, so that throttling is smooth.
const CHUNK: usize = 16 << 10;

/// The direction of a byte stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Upstream,
    /// From the server to the client.
    Downstream,
}

/// Conditions of one direction.
#[derive(Debug, Clone, Copy, Default)]
pub struct LinkConditions {
    /// Nothing is delivered, not even the end of the stream: the connection is half-open.
    pub stalled: bool,
    /// The delay of each chunk.
    pub delay: Duration,
    /// The bandwidth limit.
    pub bytes_per_sec: Option<u64>,
}

/// A fault of the next chunk of a direction; applied once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkFault {
    /// The chunk is delivered twice.
    Duplicate,
    /// The second half of the chunk is dropped.
    Truncate,
    /// All bits of the last byte are flipped.
    Corrupt,
}

/// How new connections are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptMode {
    /// Forwarded to the upstream.
    Open,
    /// Reset right after the accept. Counted as accepted, unlike a refused connection.
    Reset,
    /// Accepted and never answered.
    Silent,
}

/// How open connections are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutKind {
    /// With RST, as after a crash.
    Reset,
    /// With FIN, as after an orderly exit.
    Fin,
}

#[derive(Debug, Clone, Copy)]
struct ProxySettings {
    upstream: SocketAddr,
    accept_mode: AcceptMode,
    /// Connections up to this number stay half-open for good.
    frozen: u64,
    upstream_conditions: LinkConditions,
    downstream_conditions: LinkConditions,
}

struct ProxyState {
    settings: watch::Sender<ProxySettings>,
    cuts: watch::Sender<(u64, CutKind)>,
    upstream_fault: watch::Sender<Option<ChunkFault>>,
    downstream_fault: watch::Sender<Option<ChunkFault>>,
    accepted: AtomicU64,
    open: watch::Sender<usize>,
}

/// A running fault proxy.
pub struct FaultProxy {
    address: SocketAddr,
    state: Arc<ProxyState>,
    /// A bound socket that never listens: it reserves the port while connections are refused.
    _placeholder: TcpSocket,
    accepting: Option<AbortOnDropHandle<()>>,
    serving: AbortOnDropHandle<()>,
    accepted_streams: tokio::sync::mpsc::UnboundedSender<TcpStream>,
}

impl FaultProxy {
    /// Starts the proxy on a free port, in front of `upstream`.
    pub async fn start(upstream: SocketAddr) -> Self {
        let placeholder = bound(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = placeholder.local_addr().unwrap();
        let state = Arc::new(ProxyState {
            settings: watch::Sender::new(ProxySettings {
                upstream,
                accept_mode: AcceptMode::Open,
                frozen: 0,
                upstream_conditions: LinkConditions::default(),
                downstream_conditions: LinkConditions::default(),
            }),
            cuts: watch::Sender::new((0, CutKind::Reset)),
            upstream_fault: watch::Sender::new(None),
            downstream_fault: watch::Sender::new(None),
            accepted: AtomicU64::new(0),
            open: watch::Sender::new(0),
        });
        let (accepted_streams, queue) = tokio::sync::mpsc::unbounded_channel();
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(Arc::clone(&state), queue)));
        let mut proxy = Self { address, state, _placeholder: placeholder, accepting: None, serving, accepted_streams };
        proxy.listen();
        proxy
    }

    /// The listening address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The number of connections accepted so far.
    pub fn accepted(&self) -> u64 {
        self.state.accepted.load(Ordering::Relaxed)
    }

    /// The number of open connections.
    pub fn open(&self) -> watch::Receiver<usize> {
        self.state.open.subscribe()
    }

    /// Sets the upstream of new connections.
    pub fn set_upstream(&self, upstream: SocketAddr) {
        self.state.settings.send_modify(|settings| settings.upstream = upstream);
    }

    /// Sets how new connections are handled.
    pub fn set_accept_mode(&self, accept_mode: AcceptMode) {
        self.state.settings.send_modify(|settings| settings.accept_mode = accept_mode);
    }

    /// Sets the conditions of one direction, for all connections.
    pub fn set_conditions(&self, direction: Direction, conditions: LinkConditions) {
        self.state.settings.send_modify(|settings| match direction {
            Direction::Upstream => settings.upstream_conditions = conditions,
            Direction::Downstream => settings.downstream_conditions = conditions,
        });
    }

    /// Applies a fault to the next chunk of this direction, once, on the first connection that has one.
    pub fn inject(&self, direction: Direction, inject: ChunkFault) {
        self.state.inject(direction).send_replace(Some(inject));
    }

    /// Closes every open connection.
    pub fn cut(&self, kind: CutKind) {
        self.state.cuts.send_modify(|(count, last)| {
            *count += 1;
            *last = kind;
        });
    }

    /// Makes every open connection half-open, but no new one: the situation after a wake from sleep.
    pub fn freeze_open(&self) {
        let accepted = self.accepted();
        self.state.settings.send_modify(|settings| settings.frozen = accepted);
    }

    /// Stops listening; open connections stay.
    pub async fn refuse(&mut self) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // The task ends as cancelled; what matters is that its socket is closed.
            let _ = accepting.await;
        }
    }

    /// Listens again, after [`FaultProxy::refuse`].
    pub fn listen(&mut self) {
        if self.accepting.is_none() {
            let listener = bound(self.address).unwrap().listen(1024).unwrap();
            let (state, accepted_streams) = (Arc::clone(&self.state), self.accepted_streams.clone());
            self.accepting = Some(AbortOnDropHandle::new(tokio::spawn(accept(listener, state, accepted_streams))));
        }
    }

    /// Removes all faults; the upstream stays as it is.
    pub fn clear_faults(&mut self) {
        self.listen();
        self.state.settings.send_modify(|settings| {
            (settings.accept_mode, settings.upstream_conditions, settings.downstream_conditions) =
                (AcceptMode::Open, LinkConditions::default(), LinkConditions::default());
        });
        self.state.upstream_fault.send_replace(None);
        self.state.downstream_fault.send_replace(None);
    }

    /// Stops the proxy and waits until every socket is closed.
    pub async fn stop(mut self) {
        self.refuse().await;
        self.serving.abort();
        // Ends as cancelled.
        let _ = self.serving.await;
    }
}

impl ProxyState {
    fn inject(&self, direction: Direction) -> &watch::Sender<Option<ChunkFault>> {
        match direction {
            Direction::Upstream => &self.upstream_fault,
            Direction::Downstream => &self.downstream_fault,
        }
    }
}

/// A bound socket whose port can be shared with the listening one.
fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn accept(
    listener: TcpListener,
    state: Arc<ProxyState>,
    accepted_streams: tokio::sync::mpsc::UnboundedSender<TcpStream>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        state.accepted.fetch_add(1, Ordering::Relaxed);
        if accepted_streams.send(stream).is_err() {
            return;
        }
    }
}

/// Owns all connections, so that they outlive a stopped listener and end with the proxy.
async fn serve(state: Arc<ProxyState>, mut accepted_streams: tokio::sync::mpsc::UnboundedReceiver<TcpStream>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            Some(stream) = accepted_streams.recv() => {
                let state = Arc::clone(&state);
                number += 1;
                // Counted before the task runs, so that no observer misses the connection.
                state.open.send_modify(|open| *open += 1);
                connections.spawn(async move {
                    // Broken connections are the purpose of this proxy.
                    let _ = connection(&state, number, stream).await;
                    state.open.send_modify(|open| *open -= 1);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(state: &ProxyState, number: u64, mut client: TcpStream) -> io::Result<()> {
    let settings = *state.settings.borrow();
    let mut cuts = state.cuts.subscribe();
    match settings.accept_mode {
        AcceptMode::Reset => return client.set_zero_linger(),
        AcceptMode::Silent => {
            let _ = cuts.changed().await;
            return client.set_zero_linger();
        }
        AcceptMode::Open => {}
    }
    let Ok(mut server) = TcpStream::connect(settings.upstream).await else { return client.set_zero_linger() };
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let kind = {
        let (client_read, client_write) = client.split();
        let (server_read, server_write) = server.split();
        let both = async {
            tokio::try_join!(
                pump(state, number, Direction::Upstream, client_read, server_write),
                pump(state, number, Direction::Downstream, server_read, client_write),
            )
        };
        tokio::select! {
            Ok(()) = cuts.changed() => cuts.borrow_and_update().1,
            ended = both => if ended.is_ok() { CutKind::Fin } else { CutKind::Reset },
        }
    };
    if kind == CutKind::Reset {
        client.set_zero_linger()?;
        server.set_zero_linger()?;
    }
    Ok(())
}

async fn pump(
    state: &ProxyState,
    number: u64,
    direction: Direction,
    mut from: tokio::net::tcp::ReadHalf<'_>,
    mut to: tokio::net::tcp::WriteHalf<'_>,
) -> io::Result<()> {
    let mut settings = state.settings.subscribe();
    let conditions = |settings: &ProxySettings| {
        if direction == Direction::Upstream { settings.upstream_conditions } else { settings.downstream_conditions }
    };
    let mut buffer = vec![0; CHUNK];
    loop {
        let size = match conditions(&settings.borrow()).bytes_per_sec {
            // A tenth of a second's worth, and at least 8 bytes: some clients treat one-byte packets as an attack.
            Some(rate) => usize::try_from(rate / 10).unwrap_or(CHUNK).clamp(8, CHUNK),
            None => CHUNK,
        };
        let read = from.read(&mut buffer[..size]).await?;
        let flows = settings.wait_for(|settings| !conditions(settings).stalled && number > settings.frozen).await;
        let conditions = flows.map(|settings| conditions(&settings)).unwrap_or_default();
        if read == 0 {
            return to.shutdown().await;
        }
        // Delay and throttling are the fault under test; there is no event to await.
        tokio::time::sleep(conditions.delay).await;
        let mut chunk = buffer[..read].to_vec();
        match state.inject(direction).send_replace(None) {
            Some(ChunkFault::Duplicate) => chunk.extend_from_within(..),
            Some(ChunkFault::Truncate) => chunk.truncate(read / 2),
            Some(ChunkFault::Corrupt) => chunk[read - 1] = !chunk[read - 1],
            None => {}
        }
        to.write_all(&chunk).await?;
        if let Some(rate) = conditions.bytes_per_sec {
            tokio::time::sleep(Duration::from_secs_f64(read as f64 / rate as f64)).await;
        }
    }
}
