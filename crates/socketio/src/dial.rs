//! Opening the byte stream: DNS, TCP, proxy and TLS, all under one deadline.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::error::{ConnectError, ConnectStage, ProxyFailure};
use crate::options::ConnectOptions;
use crate::proxy::ProxyEndpoint;
use crate::tls;

/// How much later the next address is tried while the ones before it are silent (RFC 8305, section 5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// Largest answer of a proxy; a real one is a few lines.
const MAX_PROXY_ANSWER_BYTES: usize = 16 << 10;

/// A plain or a secured connection.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// An open byte stream to the server.
pub(crate) struct DialedStream {
    pub stream: Box<dyn Transport>,
    /// Our local address, where the system reports it.
    pub local: Option<SocketAddr>,
}

/// Runs one step of the attempt under the common deadline.
pub(crate) async fn within<T>(
    deadline: Instant,
    stage: ConnectStage,
    step: impl Future<Output = Result<T, ConnectError>>,
) -> Result<T, ConnectError> {
    timeout_at(deadline, step).await.unwrap_or(Err(ConnectError::Timeout(stage)))
}

/// A byte stream to the server, secured where the address asks for it.
pub(crate) async fn dial(options: &ConnectOptions, deadline: Instant) -> Result<DialedStream, ConnectError> {
    let (host, port) = target(options)?;
    let plain = match options.proxy.via(&options.url) {
        None => DialedStream::from(tcp(&host, port, deadline).await?),
        Some(via) => tunnel(options, &via, (&host, port), deadline).await?,
    };
    if options.is_tls() { secure(options, &host, plain, deadline).await } else { Ok(plain) }
}

impl From<TcpStream> for DialedStream {
    fn from(stream: TcpStream) -> Self {
        Self { local: stream.local_addr().ok(), stream: Box::new(stream) }
    }
}

fn target(options: &ConnectOptions) -> Result<(String, u16), ConnectError> {
    let host = options.url.host_str().ok_or_else(|| ConnectError::Address("it has no host".to_owned()))?;
    let port = options.url.port().unwrap_or(if options.is_tls() { 443 } else { 80 });
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}

async fn tcp(host: &str, port: u16, deadline: Instant) -> Result<TcpStream, ConnectError> {
    let lookup = async { tokio::net::lookup_host((host, port)).await.map_err(ConnectError::Dns) };
    let addresses: Vec<_> = within(deadline, ConnectStage::Dns, lookup).await?.collect();
    let connect = async {
        race(addresses, ATTEMPT_DELAY, TcpStream::connect).await.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => ConnectError::Timeout(ConnectStage::Tcp),
            _ => ConnectError::Tcp(error),
        })
    };
    let stream = within(deadline, ConnectStage::Tcp, connect).await?;
    // Small packets must not wait for each other. A socket that refuses the option still works.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// The first address that answers (RFC 8305, "happy eyeballs"): both families in turn, the next one as soon as one
/// fails and at the latest after `stagger`; the ones before it go on.
async fn race<T, F: Future<Output = io::Result<T>>>(
    addresses: Vec<SocketAddr>,
    stagger: Duration,
    connect: impl Fn(SocketAddr) -> F,
) -> io::Result<T> {
    let mut rest = interleave_families(addresses).into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        let more = match rest.next() {
            Some(address) => {
                attempts.push(connect(address));
                rest.len() > 0
            }
            None => false,
        };
        tokio::select! {
            result = attempts.next() => match result {
                Some(Ok(stream)) => return Ok(stream),
                Some(Err(error)) => last = error,
                None => return Err(last),
            },
            () = tokio::time::sleep(stagger), if more => {}
        }
    }
}

/// The resolver's order, with the families alternating.
fn interleave_families(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (one, other): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut one, mut other) = (one.into_iter(), other.into_iter());
    let mut interleaved = Vec::new();
    loop {
        let pair = [one.next(), other.next()];
        if pair.iter().all(Option::is_none) {
            return interleaved;
        }
        interleaved.extend(pair.into_iter().flatten());
    }
}

/// Opens a CONNECT tunnel through the proxy (RFC 9110, section 9.3.6).
async fn tunnel(
    options: &ConnectOptions,
    via: &ProxyEndpoint,
    (host, port): (&str, u16),
    deadline: Instant,
) -> Result<DialedStream, ConnectError> {
    let (proxy_host, proxy_port) = via.address().unwrap_or_default();
    let failed = |failure| ConnectError::Proxy { proxy: format!("{proxy_host}:{proxy_port}"), failure };
    if !via.is_supported() {
        return Err(failed(ProxyFailure::Unsupported));
    }
    let stream = tcp(&proxy_host, proxy_port, deadline).await.map_err(|error| match error {
        ConnectError::Dns(error) | ConnectError::Tcp(error) => failed(ProxyFailure::Unreachable(error)),
        ConnectError::Timeout(_) => ConnectError::Timeout(ConnectStage::Proxy),
        error => error,
    })?;
    let mut dialed = DialedStream::from(stream);
    if via.is_tls() {
        dialed = secure(options, &proxy_host, dialed, deadline).await?;
    }
    let authority = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let request = async {
        request_tunnel(&mut dialed.stream, &authority, via).await.map_err(&failed)?;
        Ok(())
    };
    within(deadline, ConnectStage::Proxy, request).await?;
    Ok(dialed)
}

async fn request_tunnel(
    stream: &mut Box<dyn Transport>,
    authority: &str,
    via: &ProxyEndpoint,
) -> Result<(), ProxyFailure> {
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").into_bytes();
    if let Some(authorization) = &via.authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(|_| ProxyFailure::Protocol)?;
    stream.flush().await.map_err(|_| ProxyFailure::Protocol)?;
    let mut answer = Vec::new();
    loop {
        let count = stream.read_buf(&mut answer).await.map_err(|_| ProxyFailure::Protocol)?;
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut headers);
        match head.parse(&answer) {
            Ok(httparse::Status::Complete(length)) => {
                return match head.code {
                    // The server never speaks first, so bytes behind the head mean that this is no tunnel.
                    Some(200..=299) if length == answer.len() => Ok(()),
                    Some(407) => Err(ProxyFailure::Authentication),
                    Some(status) if !(200..=299).contains(&status) => Err(ProxyFailure::Refused(status)),
                    _ => Err(ProxyFailure::Protocol),
                };
            }
            Ok(httparse::Status::Partial) if count > 0 && answer.len() < MAX_PROXY_ANSWER_BYTES => {}
            _ => return Err(ProxyFailure::Protocol),
        }
    }
}

async fn secure(
    options: &ConnectOptions,
    host: &str,
    DialedStream { stream, local }: DialedStream,
    deadline: Instant,
) -> Result<DialedStream, ConnectError> {
    let config = match &options.tls {
        Some(config) => Arc::clone(config),
        None => Arc::new(tls::platform_config().map_err(|error| ConnectError::Tls(io::Error::other(error)))?),
    };
    let name = ServerName::try_from(host.to_owned()).map_err(|error| ConnectError::Address(error.to_string()))?;
    let handshake = async {
        tokio_rustls::TlsConnector::from(config).connect(name, stream).await.map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(rustls::Error::InvalidCertificate(why)) => ConnectError::Certificate(why.clone()),
                _ => ConnectError::Tls(error),
            }
        })
    };
    Ok(DialedStream { stream: Box::new(within(deadline, ConnectStage::Tls, handshake).await?), local })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().expect(text)
    }

    #[test]
    fn families_take_interleaved() {
        let addresses = ["[::1]:1", "[::2]:1", "[::3]:1", "1.0.0.1:1"].map(address).to_vec();
        assert_eq!(interleave_families(addresses), ["[::1]:1", "1.0.0.1:1", "[::2]:1", "[::3]:1"].map(address));
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_address_costs_a_quarter_of_a_second() {
        let start = Instant::now();
        let connect = |address: SocketAddr| async move {
            if address.is_ipv6() { std::future::pending().await } else { Ok(address) }
        };
        let addresses = vec![address("[::1]:1"), address("1.0.0.1:1")];
        assert_eq!(race(addresses, ATTEMPT_DELAY, connect).await.expect("an address"), address("1.0.0.1:1"));
        assert_eq!(start.elapsed(), ATTEMPT_DELAY);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusing_address_costs_nothing_and_the_last_error_is_told() {
        let start = Instant::now();
        let connect = |address: SocketAddr| async move {
            let kind =
                if address.is_ipv6() { io::ErrorKind::ConnectionRefused } else { io::ErrorKind::HostUnreachable };
            Err::<(), _>(io::Error::from(kind))
        };
        let addresses = vec![address("[::1]:1"), address("[::2]:1"), address("1.0.0.1:1")];
        assert_eq!(
            race(addresses, ATTEMPT_DELAY, connect).await.expect_err("none").kind(),
            io::ErrorKind::ConnectionRefused
        );
        assert_eq!(
            race(Vec::new(), ATTEMPT_DELAY, connect).await.expect_err("none").kind(),
            io::ErrorKind::AddrNotAvailable
        );
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
