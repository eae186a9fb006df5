//! The socket's side of a conversation: the steps, one by one.

use std::io;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::broadcast;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error as WsError, Message};

use super::http::{self, Request};
use super::{Acks, Manner, Refusal, Shared, Step, Stream, Trust, was_issued};

/// Why a conversation stopped early: the client went.
#[derive(Debug)]
pub(super) struct Gone;

impl From<io::Error> for Gone {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl From<WsError> for Gone {
    fn from(_: WsError) -> Self {
        Self
    }
}

/// Walks through the steps of `manner`.
pub(super) async fn run(
    mut stream: Box<dyn Stream>,
    request: &Request,
    manner: &Manner,
    shared: &Shared,
) -> Result<(), io::Error> {
    let mut steps = manner.socket.iter();
    loop {
        match steps.next() {
            Some(Step::Answer(text)) => return http::send(&mut stream, text).await,
            Some(Step::Silence) => return http::hold(&mut stream).await,
            Some(Step::Bytes(bytes)) => stream.write_all(bytes).await?,
            Some(Step::Upgrade) => break,
            _ => return Ok(()),
        }
    }
    let Some(key) = &request.key else {
        return http::send(&mut stream, &http::response(400, &[], "WebSocket only")).await;
    };
    let accept = derive_accept_key(key.as_bytes());
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.flush().await?;
    let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
    let ws = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
    let mut talk = Talk { ws, manner, shared, token: None, place: None, held: Vec::new() };
    for step in steps {
        // What is left to say after the client went, nobody hears.
        if talk.step(step).await.is_err() {
            break;
        }
    }
    Ok(())
}

struct Talk<'a> {
    ws: WebSocketStream<Box<dyn Stream>>,
    manner: &'a Manner,
    shared: &'a Shared,
    token: Option<String>,
    /// Where the client says that it was.
    place: Option<String>,
    /// Acknowledgements that wait for [`Step::ReleaseAcks`].
    held: Vec<String>,
}

impl Talk<'_> {
    async fn step(&mut self, step: &Step) -> Result<(), Gone> {
        match step {
            Step::Open => {
                let open = json!({
                    "sid": "engine", "upgrades": [], "maxPayload": 1_000_000,
                    "pingInterval": u64::try_from(self.manner.ping_interval.as_millis()).unwrap_or(u64::MAX),
                    "pingTimeout": u64::try_from(self.manner.ping_timeout.as_millis()).unwrap_or(u64::MAX),
                });
                self.say(format!("0{open}")).await
            }
            Step::AwaitConnect => loop {
                let text = self.hear().await?;
                if let Some(payload) = text.strip_prefix("40") {
                    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
                    self.token = payload["token"].as_str().map(str::to_owned);
                    self.place = payload["pid"].as_str().map(str::to_owned);
                    self.shared.note(|seen| {
                        seen.connects += 1;
                        seen.last_token.clone_from(&self.token);
                    });
                    return Ok(());
                }
            },
            Step::Check(refusal) => self.check(*refusal).await,
            // A new place each time: what the client had is gone.
            Step::Accept => {
                let place = format!("place-{}", self.shared.seen.borrow().connects);
                self.say(format!("40{}", json!({ "sid": "namespace", "pid": place }))).await
            }
            Step::TakeUp => {
                let place = self.place.clone().unwrap_or_else(|| "new".to_owned());
                self.say(format!("40{}", json!({ "sid": "namespace", "pid": place }))).await
            }
            Step::Greet => self.say(r#"42["connected",{"message":"Connected","userId":"user-1"}]"#).await,
            Step::Text(text) => self.say(text.clone()).await,
            Step::Binary(bytes) => Ok(self.ws.send(Message::binary(bytes.clone())).await?),
            Step::Bytes(bytes) => {
                self.ws.get_mut().write_all(bytes).await?;
                Ok(self.ws.get_mut().flush().await?)
            }
            Step::Close(code, reason) => {
                let frame = CloseFrame { code: (*code).into(), reason: (*reason).into() };
                self.ws.close(Some(frame)).await?;
                // Until the client has answered and gone.
                while let Some(Ok(_)) = self.ws.next().await {}
                Err(Gone)
            }
            Step::Silence => {
                while let Some(Ok(_)) = self.ws.next().await {}
                Err(Gone)
            }
            Step::Fin => {
                self.ws.get_mut().shutdown().await?;
                Err(Gone)
            }
            Step::Live | Step::LiveWithoutPings => {
                self.shared.note(|seen| seen.live += 1);
                let ended = Box::pin(self.live(matches!(step, Step::Live))).await;
                self.shared.note(|seen| seen.live -= 1);
                ended
            }
            Step::ReleaseAcks => {
                while let Some(ack) = self.held.pop() {
                    self.say(ack).await?;
                }
                Ok(())
            }
            Step::Answer(_) | Step::Upgrade => Ok(()),
        }
    }

    async fn check(&mut self, refusal: Refusal) -> Result<(), Gone> {
        let good = match self.manner.trust {
            Trust::All => true,
            Trust::None => false,
            Trust::Refreshed => self.token.as_deref().is_some_and(was_issued),
        };
        match refusal {
            _ if good => return Ok(()),
            Refusal::Kick => {
                self.say(r#"40{"sid":"namespace"}"#).await?;
                self.say("41").await?;
            }
            Refusal::Error => {
                self.say(r#"44{"message":"Unauthorized","data":{"code":"UNAUTHORIZED"}}"#).await?;
            }
        }
        // A real server keeps the transport open for a while.
        while let Some(Ok(_)) = self.ws.next().await {}
        Err(Gone)
    }

    async fn live(&mut self, pings: bool) -> Result<(), Gone> {
        let mut orders = self.shared.orders.subscribe();
        let mut beat = tokio::time::interval(self.manner.ping_interval);
        // The first tick of an interval is at once; a real server waits one interval.
        beat.tick().await;
        loop {
            tokio::select! {
                _ = beat.tick(), if pings => self.say("2").await?,
                order = orders.recv() => match order {
                    Ok(step) => self.step(&step).await?,
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return Err(Gone),
                },
                text = hear(&mut self.ws, self.shared) => {
                    let text = text?;
                    self.shared.note(|seen| seen.texts.push(text.clone()));
                    self.respond(&text).await?;
                }
            }
        }
    }

    /// Acknowledges what asks for it, and confirms rooms as plain servers do.
    async fn respond(&mut self, text: &str) -> Result<(), Gone> {
        let Some(rest) = text.strip_prefix("42") else { return Ok(()) };
        let Some(start) = rest.find('[') else { return Ok(()) };
        let (id, args) = rest.split_at(start);
        let args: Value = serde_json::from_str(args).unwrap_or_default();
        let rooms = &args[1]["rooms"];
        // Now, not when the connection began: a test changes it while the connection lives.
        let acks = self.shared.manner().acks;
        if id.is_empty() || acks == Acks::Never {
            return Ok(());
        }
        let ack = format!("43{id}[{}]", json!({ "rooms": rooms }));
        if acks == Acks::Held {
            self.held.push(ack);
            return Ok(());
        }
        self.say(ack).await?;
        if acks == Acks::Twice {
            self.say(format!("43{id}[{}]", json!({ "rooms": ["another"] }))).await?;
        }
        Ok(())
    }

    async fn say(&mut self, text: impl Into<String>) -> Result<(), Gone> {
        Ok(self.ws.send(Message::text(text.into())).await?)
    }

    async fn hear(&mut self) -> Result<String, Gone> {
        hear(&mut self.ws, self.shared).await
    }
}

/// The next text that is no pong. Cancel-safe.
async fn hear(ws: &mut WebSocketStream<Box<dyn Stream>>, shared: &Shared) -> Result<String, Gone> {
    loop {
        match ws.next().await {
            Some(Ok(Message::Text(text))) if text.as_str().starts_with('3') => shared.note(|seen| seen.pongs += 1),
            Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Gone),
            Some(Ok(_)) => {}
        }
    }
}

/// A binary frame that starts and never ends.
pub fn torn_frame() -> Vec<u8> {
    let mut bytes = vec![0x81, 126, 0x10, 0x00];
    bytes.extend_from_slice(b"42[\"booking:created\",");
    bytes
}

/// A text frame whose text is not UTF-8.
pub fn broken_text_frame() -> Vec<u8> {
    vec![0x81, 4, b'4', b'2', 0xff, 0xfe]
}

/// A frame with an opcode that nobody has defined.
pub fn unknown_frame() -> Vec<u8> {
    vec![0x83, 1, b'x']
}

/// A frame that a server may not send: masked.
pub fn masked_frame() -> Bytes {
    Bytes::from_static(&[0x81, 0x81, 1, 2, 3, 4, b'2' ^ 1])
}
