//! From a byte stream to a session: WebSocket, OPEN, CONNECT.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use http::HeaderMap;
use http::header::{DATE, HeaderName, LOCATION, RETRY_AFTER};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::codec::{Codec, OpenPacket, Packet};
use crate::dial::{self, DialedStream, Transport, within};
use crate::error::{CloseReason, ConnectError, ConnectStage};
use crate::event::ServerEvent;
use crate::options::ConnectOptions;
use crate::recovery::Recovery;

/// Size of the read buffer. tungstenite clears the whole buffer before each read, and events are small.
const READ_BUFFER_BYTES: usize = 8 << 10;

/// A connection whose CONNECT was accepted.
pub(crate) struct EstablishedConnection {
    pub ws: WebSocketStream<Box<dyn Transport>>,
    pub codec: Codec,
    pub open: OpenPacket,
    /// Events that came before CONNECT: a server that recovers a session replays what was missed first.
    pub replayed: Vec<ServerEvent>,
    /// Recovery state, when the server supports connection state recovery.
    pub recovery: Option<Recovery>,
    /// Whether the server restored the requested session.
    pub recovered: bool,
    /// Our own address.
    pub local: Option<SocketAddr>,
}

/// Checks that a Socket.IO server answers: connects, reads the OPEN packet and disconnects without joining a
/// namespace, so that no credentials are needed. Cancel-safe: dropping the future drops the socket.
///
/// # Errors
/// See [`ConnectError`], whose variant tells which step failed; never later than `connect_timeout`.
pub async fn probe(options: &ConnectOptions) -> Result<(), ConnectError> {
    let deadline = Instant::now() + options.connect_timeout;
    let (mut handshake, _, _) = open_engine(options, deadline).await?;
    // The socket is dropped either way.
    let _ = timeout_at(deadline, handshake.ws.close(None)).await;
    Ok(())
}

/// Connects up to the OPEN packet. Returns the connection, the packet and our local address.
async fn open_engine(
    options: &ConnectOptions,
    deadline: Instant,
) -> Result<(Handshake, OpenPacket, Option<SocketAddr>), ConnectError> {
    let DialedStream { stream, local } = dial::dial(options, deadline).await?;
    let ws = within(deadline, ConnectStage::Upgrade, upgrade(options, stream)).await?;
    let mut handshake = Handshake { ws, codec: Codec::new(&options.namespace, options.max_message_bytes) };
    let open = within(deadline, ConnectStage::Open, handshake.open()).await?;
    Ok((handshake, open, local))
}

pub(crate) async fn establish(options: &ConnectOptions) -> Result<EstablishedConnection, ConnectError> {
    let deadline = Instant::now() + options.connect_timeout;
    let (mut handshake, open, local) = open_engine(options, deadline).await?;
    let requested = options.recover.as_ref();
    let auth = requested.map_or_else(|| options.auth.clone(), |recovery| recovery.add_to(&options.auth));
    let (pid, replayed) = within(deadline, ConnectStage::Connect, handshake.connect(&auth)).await?;
    let recovered = pid.is_some() && pid.as_ref() == requested.map(|recovery| &recovery.pid);
    let offset = requested.filter(|_| recovered).and_then(|recovery| recovery.offset.clone());
    let recovery = pid.map(|pid| Recovery { pid, offset });
    Ok(EstablishedConnection { ws: handshake.ws, codec: handshake.codec, open, replayed, recovery, recovered, local })
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
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(Some(options.max_message_bytes))
        .max_frame_size(Some(options.max_message_bytes));
    match client_async_with_config(request, transport, Some(config)).await {
        Ok((ws, _)) => Ok(ws),
        Err(WsError::Http(response)) => Err(ConnectError::Http {
            status: response.status().as_u16(),
            retry_after: header(response.headers(), RETRY_AFTER),
            date: header(response.headers(), DATE),
            location: header(response.headers(), LOCATION),
        }),
        Err(WsError::Io(error)) => Err(ConnectError::Closed(CloseReason::TransportError(error.to_string()))),
        Err(error) => Err(ConnectError::Protocol(error.to_string())),
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// A connection whose CONNECT has not been accepted yet.
struct Handshake {
    ws: WebSocketStream<Box<dyn Transport>>,
    codec: Codec,
}

impl Handshake {
    async fn open(&mut self) -> Result<OpenPacket, ConnectError> {
        match self.packet().await? {
            Packet::Open(open) => Ok(open),
            other => Err(ConnectError::Protocol(format!("{other:?} came before OPEN"))),
        }
    }

    /// The private session id, and the events that came before it.
    async fn connect(&mut self, auth: &serde_json::Value) -> Result<(Option<String>, Vec<ServerEvent>), ConnectError> {
        self.send(self.codec.connect(auth).text).await?;
        let mut replayed = Vec::new();
        loop {
            match self.packet().await? {
                Packet::Connected { pid } => return Ok((pid, replayed)),
                Packet::Refused { message, data } => return Err(ConnectError::Refused { message, data }),
                Packet::Event { name, args, attachments, ack } => {
                    replayed.push(ServerEvent { name, args, attachments, ack: ack.map(Into::into) });
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
                Some(Err(error)) => return Err(ConnectError::Closed(error.into())),
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
        self.ws.send(Message::text(text)).await.map_err(|error| ConnectError::Closed(error.into()))
    }
}
