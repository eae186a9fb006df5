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

use crate::codec::{Codec, Open, Packet};
use crate::dial::{self, Dialed, Transport, within};
use crate::error::{CloseReason, ConnectError, Stage};
use crate::options::ConnectOptions;
use crate::recovery::Recovery;
use crate::session::{Event, closed_by};

/// What is read at once. tungstenite clears the whole buffer before each read, and events are small.
const READ_BUFFER_BYTES: usize = 8 << 10;

/// A namespace that has accepted us.
pub(crate) struct Link {
    pub ws: WebSocketStream<Box<dyn Transport>>,
    pub codec: Codec,
    pub open: Open,
    /// Events that came before CONNECT: a server that recovers a session replays what was missed first.
    pub early: Vec<Event>,
    /// Where the session is, when the server can recover it.
    pub recovery: Option<Recovery>,
    /// Whether it is the one that was asked for.
    pub recovered: bool,
    /// Our own address.
    pub local: Option<SocketAddr>,
}

/// Looks whether a server speaks: connects, reads its OPEN, and goes without having joined a namespace, so that it need not
/// know us. Cancel-safe: dropping the future drops the socket.
///
/// # Errors
/// See [`ConnectError`], whose kind says how far it came; never later than `connect_timeout`.
pub async fn probe(options: &ConnectOptions) -> Result<(), ConnectError> {
    let deadline = Instant::now() + options.connect_timeout;
    let (mut opening, _, _) = greeted(options, deadline).await?;
    // The socket is dropped either way.
    let _ = timeout_at(deadline, opening.ws.close(None)).await;
    Ok(())
}

/// The conversation up to OPEN, what stood in it, and our own address.
async fn greeted(
    options: &ConnectOptions,
    deadline: Instant,
) -> Result<(Opening, Open, Option<SocketAddr>), ConnectError> {
    let Dialed { stream, local } = dial::dial(options, deadline).await?;
    let ws = within(deadline, Stage::Upgrade, upgrade(options, stream)).await?;
    let mut opening = Opening { ws, codec: Codec::new(&options.namespace, options.max_message_bytes) };
    let open = within(deadline, Stage::Open, opening.open()).await?;
    Ok((opening, open, local))
}

pub(crate) async fn link(options: &ConnectOptions) -> Result<Link, ConnectError> {
    let deadline = Instant::now() + options.connect_timeout;
    let (mut opening, open, local) = greeted(options, deadline).await?;
    let asked = options.recover.as_ref();
    let auth = asked.map_or_else(|| options.auth.clone(), |place| place.add_to(&options.auth));
    let (pid, early) = within(deadline, Stage::Connect, opening.connect(&auth)).await?;
    let recovered = pid.is_some() && pid.as_ref() == asked.map(|place| &place.pid);
    let offset = asked.filter(|_| recovered).and_then(|place| place.offset.clone());
    let recovery = pid.map(|pid| Recovery { pid, offset });
    Ok(Link { ws: opening.ws, codec: opening.codec, open, early, recovery, recovered, local })
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

    /// The private session id, and the events that came before it.
    async fn connect(&mut self, auth: &serde_json::Value) -> Result<(Option<String>, Vec<Event>), ConnectError> {
        self.send(self.codec.connect(auth).text).await?;
        let mut early = Vec::new();
        loop {
            match self.packet().await? {
                Packet::Connected { pid } => return Ok((pid, early)),
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
