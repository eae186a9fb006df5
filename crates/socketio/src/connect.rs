//! From an address to a session: name, TCP, TLS, WebSocket, OPEN, CONNECT, all under one deadline.

use std::future::Future;
use std::io;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use http::HeaderValue;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Host;

use crate::codec::{Codec, Open, Packet};
use crate::error::{CloseReason, ConnectError, Stage};
use crate::options::ConnectOptions;
use crate::session::{Event, closed_by};
use crate::tls;

/// A plain or a secured connection.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// A namespace that has accepted us.
pub(crate) struct Link {
    pub ws: WebSocketStream<Box<dyn Transport>>,
    pub codec: Codec,
    pub open: Open,
    /// Events that came before CONNECT: a server that recovers a session replays what was missed first.
    pub early: Vec<Event>,
}

pub(crate) async fn link(options: &ConnectOptions) -> Result<Link, ConnectError> {
    let deadline = Instant::now() + options.connect_timeout;
    let tcp = tcp(options, deadline).await?;
    let transport: Box<dyn Transport> =
        if options.is_tls() { Box::new(secure(options, tcp, deadline).await?) } else { Box::new(tcp) };
    let ws = within(deadline, Stage::Upgrade, upgrade(options, transport)).await?;
    let mut opening = Opening { ws, codec: Codec::new(&options.namespace, options.max_message_bytes) };
    let open = within(deadline, Stage::Open, opening.open()).await?;
    let early = within(deadline, Stage::Connect, opening.connect(&options.auth)).await?;
    Ok(Link { ws: opening.ws, codec: opening.codec, open, early })
}

async fn within<T>(
    deadline: Instant,
    stage: Stage,
    step: impl Future<Output = Result<T, ConnectError>>,
) -> Result<T, ConnectError> {
    timeout_at(deadline, step).await.unwrap_or(Err(ConnectError::Timeout(stage)))
}

async fn tcp(options: &ConnectOptions, deadline: Instant) -> Result<TcpStream, ConnectError> {
    let host = match options.url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(ip)) => ip.to_string(),
        Some(Host::Ipv6(ip)) => ip.to_string(),
        None => return Err(ConnectError::Address("it has no host".to_owned())),
    };
    let port = options.url.port().unwrap_or(if options.is_tls() { 443 } else { 80 });
    let lookup = async { tokio::net::lookup_host((host, port)).await.map_err(ConnectError::Dns) };
    let addresses: Vec<_> = within(deadline, Stage::Dns, lookup).await?.collect();
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (index, address) in addresses.iter().enumerate() {
        // Each address gets an equal share of what is left, so that a silent one does not starve the next.
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(1);
        match tokio::time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small packets must not wait for each other. A socket that refuses the option still works.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    if last.kind() == io::ErrorKind::TimedOut {
        Err(ConnectError::Timeout(Stage::Tcp))
    } else {
        Err(ConnectError::Tcp(last))
    }
}

async fn secure(
    options: &ConnectOptions,
    tcp: TcpStream,
    deadline: Instant,
) -> Result<impl Transport + use<>, ConnectError> {
    let config = match &options.tls {
        Some(config) => Arc::clone(config),
        None => Arc::new(tls::platform_config().map_err(|error| ConnectError::Tls(io::Error::other(error)))?),
    };
    let host = options.url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|error| ConnectError::Address(error.to_string()))?;
    let handshake = async {
        tokio_rustls::TlsConnector::from(config).connect(name, tcp).await.map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(rustls::Error::InvalidCertificate(why)) => ConnectError::Certificate(why.clone()),
                _ => ConnectError::Tls(error),
            }
        })
    };
    within(deadline, Stage::Tls, handshake).await
}

async fn upgrade(
    options: &ConnectOptions,
    transport: Box<dyn Transport>,
) -> Result<WebSocketStream<Box<dyn Transport>>, ConnectError> {
    let mut request =
        options.endpoint().into_client_request().map_err(|error| ConnectError::Address(error.to_string()))?;
    for (name, value) in &options.headers {
        request.headers_mut().append(name, value.clone());
    }
    let config = WebSocketConfig::default()
        .max_message_size(Some(options.max_message_bytes))
        .max_frame_size(Some(options.max_message_bytes));
    match client_async_with_config(request, transport, Some(config)).await {
        Ok((ws, _)) => Ok(ws),
        Err(WsError::Http(response)) => {
            let header = |name| response.headers().get(name).map(HeaderValue::to_str)?.ok().map(str::to_owned);
            Err(ConnectError::Http {
                status: response.status().as_u16(),
                retry_after: header(http::header::RETRY_AFTER),
                date: header(http::header::DATE),
            })
        }
        Err(WsError::Io(error)) => Err(ConnectError::Closed(CloseReason::TransportError(error.to_string()))),
        Err(error) => Err(ConnectError::Protocol(error.to_string())),
    }
}

/// The conversation before the namespace has accepted us.
struct Opening {
    ws: WebSocketStream<Box<dyn Transport>>,
    codec: Codec,
}

impl Opening {
    async fn open(&mut self) -> Result<Open, ConnectError> {
        match self.packet().await? {
            Packet::Open(open) => Ok(open),
            other => Err(ConnectError::Protocol(format!("{other:?} came before OPEN"))),
        }
    }

    async fn connect(&mut self, auth: &serde_json::Value) -> Result<Vec<Event>, ConnectError> {
        self.send(self.codec.connect(auth)).await?;
        let mut early = Vec::new();
        loop {
            match self.packet().await? {
                Packet::Connected => return Ok(early),
                Packet::Refused { message, data } => return Err(ConnectError::Refused { message, data }),
                Packet::Event { name, args, attachments, ack } => {
                    early.push(Event { name, args, attachments, ack: ack.map(Into::into) });
                }
                Packet::Disconnect => return Err(ConnectError::Closed(CloseReason::ServerDisconnect)),
                Packet::EngineClose => return Err(ConnectError::Closed(CloseReason::EngineClose)),
                Packet::Open(_) | Packet::Ack { .. } | Packet::Ping(_) | Packet::Nothing => {}
            }
        }
    }

    /// The next packet that is not a ping; a ping may come at any time, even first.
    async fn packet(&mut self) -> Result<Packet, ConnectError> {
        loop {
            let message = match self.ws.next().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(ConnectError::Closed(closed_by(error))),
                None => {
                    return Err(ConnectError::Closed(CloseReason::TransportClosed {
                        code: None,
                        reason: String::new(),
                    }));
                }
            };
            let decoded = match message {
                Message::Text(text) => self.codec.decode_text(text.as_str()),
                Message::Binary(data) => self.codec.decode_binary(data),
                Message::Close(frame) => {
                    let reason = frame.as_ref().map(|frame| frame.reason.to_string()).unwrap_or_default();
                    let code = frame.map(|frame| frame.code.into());
                    return Err(ConnectError::Closed(CloseReason::TransportClosed { code, reason }));
                }
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            };
            match decoded.map_err(|violation| ConnectError::Protocol(violation.0))? {
                Packet::Ping(data) => self.send(format!("3{data}")).await?,
                packet => return Ok(packet),
            }
        }
    }

    async fn send(&mut self, text: String) -> Result<(), ConnectError> {
        self.ws.send(Message::text(text)).await.map_err(|error| ConnectError::Closed(closed_by(error)))
    }
}
