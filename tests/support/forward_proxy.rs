//! A forward proxy as in company networks: CONNECT, names that only the proxy resolves, and a password.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

/// The user name that the proxy accepts.
pub const USER: &str = "traveler";
/// The password that the proxy accepts.
pub const PASSWORD: &str = "p@ss:word";

/// How the proxy answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyMode {
    /// Requests with the right password are forwarded.
    ChecksPassword,
    /// Every password is rejected: 407.
    RejectsPassword,
    /// No upstream can be reached: 502.
    BadGateway,
    /// Requests are never answered.
    Silent,
    /// Connections are closed without an answer.
    HangsUp,
}

/// A running forward proxy; every host name leads to one upstream.
pub struct ForwardProxy {
    address: SocketAddr,
    mode: Arc<Mutex<ProxyMode>>,
    _serving: AbortOnDropHandle<()>,
}

impl ForwardProxy {
    /// Starts the proxy on a free port.
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mode = Arc::new(Mutex::new(ProxyMode::ChecksPassword));
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(listener, upstream, Arc::clone(&mode))));
        Self { address, mode, _serving: serving }
    }

    /// The proxy's URL with user and password.
    pub fn url(&self) -> String {
        format!("http://{USER}:p%40ss%3Aword@{}", self.address)
    }

    /// Sets how the proxy answers from now on.
    pub fn set(&self, mode: ProxyMode) {
        *self.mode.lock().unwrap() = mode;
    }
}

async fn serve(listener: TcpListener, upstream: SocketAddr, mode: Arc<Mutex<ProxyMode>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                let mode = *mode.lock().unwrap();
                connections.spawn(async move {
                    // The client may hang up at any moment.
                    let _ = pass(stream, upstream, mode).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn pass(mut client: TcpStream, upstream: SocketAddr, mode: ProxyMode) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        if client.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let text = String::from_utf8_lossy(&head).to_lowercase();
    let pass = STANDARD.encode(format!("{USER}:{PASSWORD}")).to_lowercase();
    let answer: &[u8] = match mode {
        ProxyMode::ChecksPassword if text.contains(&format!("proxy-authorization: basic {pass}")) => {
            let mut server = TcpStream::connect(upstream).await?;
            if text.starts_with("connect ") {
                client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
            } else {
                server.write_all(&head).await?;
            }
            copy_bidirectional(&mut client, &mut server).await?;
            return Ok(());
        }
        ProxyMode::ChecksPassword | ProxyMode::RejectsPassword => {
            b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"gate\"\r\nContent-Length: 0\r\n\r\n"
        }
        ProxyMode::BadGateway => b"HTTP/1.1 502 Nobody there\r\nContent-Length: 0\r\n\r\n",
        ProxyMode::Silent => {
            // Until the client hangs up.
            while client.read(&mut [0; 1024]).await? > 0 {}
            return Ok(());
        }
        ProxyMode::HangsUp => return Ok(()),
    };
    client.write_all(answer).await?;
    client.shutdown().await
}
