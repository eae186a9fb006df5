//! A TCP proxy on loopback that breaks the line on command, byte by byte and each way for itself.
//!
//! It owns every task and socket: with the value, all of them are gone.

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

/// Bytes that are read at once. Small, so that a throttle is smooth.
const CHUNK: usize = 16 << 10;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

/// How bytes of one way fare.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line {
    /// Nothing arrives any more, the end of the stream included: a half-open line.
    pub stalled: bool,
    /// What each chunk waits.
    pub delay: Duration,
    /// At most so many a second.
    pub bytes_per_sec: Option<u64>,
}

/// What happens to the next chunk of a way, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mangle {
    /// It arrives twice.
    Duplicate,
    /// Its second half is lost.
    Truncate,
    /// Its last byte arrives with all bits turned.
    Corrupt,
}

/// What a new connection meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The upstream.
    Open,
    /// A reset, right after it was accepted. Counted, unlike a refusal.
    Reset,
    /// Silence: accepted, and nothing more.
    Silent,
}

/// How a line is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// With RST, as after a crash.
    Reset,
    /// With FIN, as after an exit.
    Fin,
}

#[derive(Debug, Clone, Copy)]
struct Control {
    upstream: SocketAddr,
    door: Door,
    /// Connections up to this number are half-open for ever.
    stranded: u64,
    up: Line,
    down: Line,
}

struct Shared {
    control: watch::Sender<Control>,
    cuts: watch::Sender<(u64, Cut)>,
    mangle_up: watch::Sender<Option<Mangle>>,
    mangle_down: watch::Sender<Option<Mangle>>,
    accepted: AtomicU64,
    open: watch::Sender<usize>,
}

/// A running proxy.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Bound and never listening: keeps the port while connections are refused.
    _placeholder: TcpSocket,
    accepting: Option<AbortOnDropHandle<()>>,
    serving: AbortOnDropHandle<()>,
    arrivals: tokio::sync::mpsc::UnboundedSender<TcpStream>,
}

impl Proxy {
    /// Starts one on a free port, towards `upstream`.
    pub async fn start(upstream: SocketAddr) -> Self {
        let placeholder = bound(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = placeholder.local_addr().unwrap();
        let shared = Arc::new(Shared {
            control: watch::Sender::new(Control {
                upstream,
                door: Door::Open,
                stranded: 0,
                up: Line::default(),
                down: Line::default(),
            }),
            cuts: watch::Sender::new((0, Cut::Reset)),
            mangle_up: watch::Sender::new(None),
            mangle_down: watch::Sender::new(None),
            accepted: AtomicU64::new(0),
            open: watch::Sender::new(0),
        });
        let (arrivals, queue) = tokio::sync::mpsc::unbounded_channel();
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(Arc::clone(&shared), queue)));
        let mut proxy = Self { address, shared, _placeholder: placeholder, accepting: None, serving, arrivals };
        proxy.listen();
        proxy
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections that were accepted so far.
    pub fn accepted(&self) -> u64 {
        self.shared.accepted.load(Ordering::Relaxed)
    }

    /// Connections that are open now.
    pub fn open(&self) -> watch::Receiver<usize> {
        self.shared.open.subscribe()
    }

    /// New connections go there.
    pub fn set_upstream(&self, upstream: SocketAddr) {
        self.shared.control.send_modify(|control| control.upstream = upstream);
    }

    /// What new connections meet.
    pub fn set_door(&self, door: Door) {
        self.shared.control.send_modify(|control| control.door = door);
    }

    /// How bytes of this way fare from now on, on all connections.
    pub fn set_line(&self, way: Way, line: Line) {
        self.shared.control.send_modify(|control| match way {
            Way::Up => control.up = line,
            Way::Down => control.down = line,
        });
    }

    /// What happens to the next chunk of this way, once, on the first connection that has one.
    pub fn mangle(&self, way: Way, mangle: Mangle) {
        self.shared.mangle(way).send_replace(Some(mangle));
    }

    /// Cuts every open connection.
    pub fn cut(&self, form: Cut) {
        self.shared.cuts.send_modify(|(count, last)| {
            *count += 1;
            *last = form;
        });
    }

    /// Every open connection is half-open from now on; new ones are not: what a machine finds when it wakes.
    pub fn strand(&self) {
        let accepted = self.accepted();
        self.shared.control.send_modify(|control| control.stranded = accepted);
    }

    /// From now on nobody listens; open connections stay.
    pub async fn refuse(&mut self) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // Ends as cancelled; what matters is that its socket is gone.
            let _ = accepting.await;
        }
    }

    /// Listens again, after [`Proxy::refuse`].
    pub fn listen(&mut self) {
        if self.accepting.is_none() {
            let listener = bound(self.address).unwrap().listen(1024).unwrap();
            let (shared, arrivals) = (Arc::clone(&self.shared), self.arrivals.clone());
            self.accepting = Some(AbortOnDropHandle::new(tokio::spawn(accept(listener, shared, arrivals))));
        }
    }

    /// A clean line to where it leads now.
    pub fn calm(&mut self) {
        self.listen();
        self.shared.control.send_modify(|control| {
            (control.door, control.up, control.down) = (Door::Open, Line::default(), Line::default());
        });
        self.shared.mangle_up.send_replace(None);
        self.shared.mangle_down.send_replace(None);
    }

    /// Ends it and waits until every socket is closed.
    pub async fn stop(mut self) {
        self.refuse().await;
        self.serving.abort();
        // As above.
        let _ = self.serving.await;
    }
}

impl Shared {
    fn mangle(&self, way: Way) -> &watch::Sender<Option<Mangle>> {
        match way {
            Way::Up => &self.mangle_up,
            Way::Down => &self.mangle_down,
        }
    }
}

/// A socket whose port can be shared with another of ours: the one that listens.
fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, arrivals: tokio::sync::mpsc::UnboundedSender<TcpStream>) {
    while let Ok((stream, _)) = listener.accept().await {
        shared.accepted.fetch_add(1, Ordering::Relaxed);
        if arrivals.send(stream).is_err() {
            return;
        }
    }
}

/// Owns all connections, so that they outlive a closed door and end with the proxy.
async fn serve(shared: Arc<Shared>, mut arrivals: tokio::sync::mpsc::UnboundedReceiver<TcpStream>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            Some(stream) = arrivals.recv() => {
                let shared = Arc::clone(&shared);
                number += 1;
                // Counted from before it runs, so that nobody sees a moment without it.
                shared.open.send_modify(|open| *open += 1);
                connections.spawn(async move {
                    // A broken line is what this is for.
                    let _ = connection(&shared, number, stream).await;
                    shared.open.send_modify(|open| *open -= 1);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(shared: &Shared, number: u64, mut client: TcpStream) -> io::Result<()> {
    let control = *shared.control.borrow();
    let mut cuts = shared.cuts.subscribe();
    match control.door {
        Door::Reset => return client.set_zero_linger(),
        Door::Silent => {
            let _ = cuts.changed().await;
            return client.set_zero_linger();
        }
        Door::Open => {}
    }
    let Ok(mut server) = TcpStream::connect(control.upstream).await else { return client.set_zero_linger() };
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let form = {
        let (client_read, client_write) = client.split();
        let (server_read, server_write) = server.split();
        let both = async {
            tokio::try_join!(
                pump(shared, number, Way::Up, client_read, server_write),
                pump(shared, number, Way::Down, server_read, client_write),
            )
        };
        tokio::select! {
            Ok(()) = cuts.changed() => cuts.borrow_and_update().1,
            ended = both => if ended.is_ok() { Cut::Fin } else { Cut::Reset },
        }
    };
    if form == Cut::Reset {
        client.set_zero_linger()?;
        server.set_zero_linger()?;
    }
    Ok(())
}

async fn pump(
    shared: &Shared,
    number: u64,
    way: Way,
    mut from: tokio::net::tcp::ReadHalf<'_>,
    mut to: tokio::net::tcp::WriteHalf<'_>,
) -> io::Result<()> {
    let mut control = shared.control.subscribe();
    let line = |control: &Control| if way == Way::Up { control.up } else { control.down };
    let mut buffer = vec![0; CHUNK];
    loop {
        let size = match line(&control.borrow()).bytes_per_sec {
            // A tenth of a second's worth. Not less than a few bytes: packets of one are an attack to some clients.
            Some(rate) => usize::try_from(rate / 10).unwrap_or(CHUNK).clamp(8, CHUNK),
            None => CHUNK,
        };
        let read = from.read(&mut buffer[..size]).await?;
        let flows = control.wait_for(|control| !line(control).stalled && number > control.stranded).await;
        let line = flows.map(|control| line(&control)).unwrap_or_default();
        if read == 0 {
            return to.shutdown().await;
        }
        // Delay and throttle are what is asked for: there is no event to await.
        tokio::time::sleep(line.delay).await;
        let mut chunk = buffer[..read].to_vec();
        match shared.mangle(way).send_replace(None) {
            Some(Mangle::Duplicate) => chunk.extend_from_within(..),
            Some(Mangle::Truncate) => chunk.truncate(read / 2),
            Some(Mangle::Corrupt) => chunk[read - 1] = !chunk[read - 1],
            None => {}
        }
        to.write_all(&chunk).await?;
        if let Some(rate) = line.bytes_per_sec {
            tokio::time::sleep(Duration::from_secs_f64(read as f64 / rate as f64)).await;
        }
    }
}
