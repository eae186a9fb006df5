//! The WebSocket side of the scripted server: runs the steps of a script on one connection.

use std::io;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::broadcast;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error as WsError, Message};

use super::http::{self, HttpRequest};
use super::script::{AckPolicy, ScriptStep, ServerScript, TokenPolicy, TokenRejection};
use super::state::{ScriptedStream, ServerState, was_issued};

/// The client has disconnected.
#[derive(Debug)]
pub(super) struct Disconnected;

impl From<io::Error> for Disconnected {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl From<WsError> for Disconnected {
    fn from(_: WsError) -> Self {
        Self
    }
}

/// Runs the steps of `script`.
pub(super) async fn run(
    mut stream: Box<dyn ScriptedStream>,
    request: &HttpRequest,
    script: &ServerScript,
    state: &ServerState,
) -> Result<(), io::Error> {
    let mut steps = script.socket.iter();
    loop {
        match steps.next() {
            Some(ScriptStep::Answer(text)) => return http::send(&mut stream, text).await,
            Some(ScriptStep::Silence) => return http::hold(&mut stream).await,
            Some(ScriptStep::Bytes(bytes)) => stream.write_all(bytes).await?,
            Some(ScriptStep::Upgrade) => break,
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
    let mut conversation =
        ScriptedConversation { ws, script, state, token: None, session_id: None, held_acks: Vec::new() };
    for step in steps {
        // Steps after the client's disconnect have no receiver.
        if conversation.step(step).await.is_err() {
            break;
        }
    }
    Ok(())
}

struct ScriptedConversation<'a> {
    ws: WebSocketStream<Box<dyn ScriptedStream>>,
    script: &'a ServerScript,
    state: &'a ServerState,
    token: Option<String>,
    /// The session id that the client wants to resume.
    session_id: Option<String>,
    /// Acknowledgements that wait for [`ScriptStep::ReleaseAcks`].
    held_acks: Vec<String>,
}

impl ScriptedConversation<'_> {
    async fn step(&mut self, step: &ScriptStep) -> Result<(), Disconnected> {
        match step {
            ScriptStep::Open => {
                let open = json!({
                    "sid": "engine", "upgrades": [], "maxPayload": 1_000_000,
                    "pingInterval": u64::try_from(self.script.ping_interval.as_millis()).unwrap_or(u64::MAX),
                    "pingTimeout": u64::try_from(self.script.ping_timeout.as_millis()).unwrap_or(u64::MAX),
                });
                self.send_text(format!("0{open}")).await
            }
            ScriptStep::AwaitConnect => loop {
                let text = self.next_text().await?;
                if let Some(payload) = text.strip_prefix("40") {
                    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
                    self.token = payload["token"].as_str().map(str::to_owned);
                    self.session_id = payload["pid"].as_str().map(str::to_owned);
                    self.state.note(|seen| {
                        seen.connects += 1;
                        seen.last_token.clone_from(&self.token);
                    });
                    return Ok(());
                }
            },
            ScriptStep::Check(refusal) => self.check(*refusal).await,
            // A new session id each time: the client's earlier session is lost.
            ScriptStep::Accept => {
                let session_id = format!("place-{}", self.state.seen.borrow().connects);
                self.send_text(format!("40{}", json!({ "sid": "namespace", "pid": session_id }))).await
            }
            ScriptStep::Resume => {
                let session_id = self.session_id.clone().unwrap_or_else(|| "new".to_owned());
                self.send_text(format!("40{}", json!({ "sid": "namespace", "pid": session_id }))).await
            }
            ScriptStep::Greet => self.send_text(r#"42["connected",{"message":"Connected","userId":"user-1"}]"#).await,
            ScriptStep::Text(text) => self.send_text(text.clone()).await,
            ScriptStep::Binary(bytes) => Ok(self.ws.send(Message::binary(bytes.clone())).await?),
            ScriptStep::Bytes(bytes) => {
                self.ws.get_mut().write_all(bytes).await?;
                Ok(self.ws.get_mut().flush().await?)
            }
            ScriptStep::Close(code, reason) => {
                let frame = CloseFrame { code: (*code).into(), reason: (*reason).into() };
                self.ws.close(Some(frame)).await?;
                // Until the client has answered and disconnected.
                while let Some(Ok(_)) = self.ws.next().await {}
                Err(Disconnected)
            }
            ScriptStep::Silence => {
                while let Some(Ok(_)) = self.ws.next().await {}
                Err(Disconnected)
            }
            ScriptStep::Fin => {
                self.ws.get_mut().shutdown().await?;
                Err(Disconnected)
            }
            ScriptStep::Live | ScriptStep::LiveWithoutPings => {
                self.state.note(|seen| seen.live += 1);
                let ended = Box::pin(self.live(matches!(step, ScriptStep::Live))).await;
                self.state.note(|seen| seen.live -= 1);
                ended
            }
            ScriptStep::ReleaseAcks => {
                while let Some(ack) = self.held_acks.pop() {
                    self.send_text(ack).await?;
                }
                Ok(())
            }
            ScriptStep::Answer(_) | ScriptStep::Upgrade => Ok(()),
        }
    }

    async fn check(&mut self, refusal: TokenRejection) -> Result<(), Disconnected> {
        let good = match self.script.trust {
            TokenPolicy::All => true,
            TokenPolicy::None => false,
            TokenPolicy::Refreshed => self.token.as_deref().is_some_and(was_issued),
        };
        match refusal {
            _ if good => return Ok(()),
            TokenRejection::Kick => {
                self.send_text(r#"40{"sid":"namespace"}"#).await?;
                self.send_text("41").await?;
            }
            TokenRejection::Error => {
                self.send_text(r#"44{"message":"Unauthorized","data":{"code":"UNAUTHORIZED"}}"#).await?;
            }
        }
        // A real server keeps the transport open for a while.
        while let Some(Ok(_)) = self.ws.next().await {}
        Err(Disconnected)
    }

    async fn live(&mut self, pings: bool) -> Result<(), Disconnected> {
        let mut injected = self.state.injected.subscribe();
        let mut ping_timer = tokio::time::interval(self.script.ping_interval);
        // The first tick of an interval is immediate; a real server waits one interval.
        ping_timer.tick().await;
        loop {
            tokio::select! {
                _ = ping_timer.tick(), if pings => self.send_text("2").await?,
                inject = injected.recv() => match inject {
                    Ok(step) => self.step(&step).await?,
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return Err(Disconnected),
                },
                text = next_text(&mut self.ws, self.state) => {
                    let text = text?;
                    self.state.note(|seen| seen.texts.push(text.clone()));
                    self.respond(&text).await?;
                }
            }
        }
    }

    /// Acknowledges events that ask for it, and confirms rooms as plain servers do.
    async fn respond(&mut self, text: &str) -> Result<(), Disconnected> {
        let Some(rest) = text.strip_prefix("42") else { return Ok(()) };
        let Some(start) = rest.find('[') else { return Ok(()) };
        let (id, args) = rest.split_at(start);
        let args: Value = serde_json::from_str(args).unwrap_or_default();
        let rooms = &args[1]["rooms"];
        // Read now and not at the connect: a test changes it while the connection lives.
        let acks = self.state.script().acks;
        if id.is_empty() || acks == AckPolicy::Never {
            return Ok(());
        }
        let ack = format!("43{id}[{}]", json!({ "rooms": rooms }));
        if acks == AckPolicy::Held {
            self.held_acks.push(ack);
            return Ok(());
        }
        self.send_text(ack).await?;
        if acks == AckPolicy::Twice {
            self.send_text(format!("43{id}[{}]", json!({ "rooms": ["another"] }))).await?;
        }
        Ok(())
    }

    async fn send_text(&mut self, text: impl Into<String>) -> Result<(), Disconnected> {
        Ok(self.ws.send(Message::text(text.into())).await?)
    }

    async fn next_text(&mut self) -> Result<String, Disconnected> {
        next_text(&mut self.ws, self.state).await
    }
}

/// The next text message that is no pong. Cancel-safe.
async fn next_text(
    ws: &mut WebSocketStream<Box<dyn ScriptedStream>>,
    state: &ServerState,
) -> Result<String, Disconnected> {
    loop {
        match ws.next().await {
            Some(Ok(Message::Text(text))) if text.as_str().starts_with('3') => state.note(|seen| seen.pongs += 1),
            Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Disconnected),
            Some(Ok(_)) => {}
        }
    }
}

/// A frame that starts and never ends.
pub fn torn_frame() -> Vec<u8> {
    let mut bytes = vec![0x81, 126, 0x10, 0x00];
    bytes.extend_from_slice(b"42[\"booking:created\",");
    bytes
}

/// A text frame whose text is not UTF-8.
pub fn broken_text_frame() -> Vec<u8> {
    vec![0x81, 4, b'4', b'2', 0xff, 0xfe]
}

/// A frame with an undefined opcode.
pub fn unknown_frame() -> Vec<u8> {
    vec![0x83, 1, b'x']
}

/// A masked frame, which a server must not send.
pub fn masked_frame() -> Bytes {
    Bytes::from_static(&[0x81, 0x81, 1, 2, 3, 4, b'2' ^ 1])
}
