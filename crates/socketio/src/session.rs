//! A session after its handshake: receiving and sending events, the heartbeat, and the close reason.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Sink, SinkExt, Stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use crate::codec::{Codec, Encoded, Packet};
use crate::connect;
use crate::dial::Transport;
use crate::emitter::{AckPayload, AckSender, Emitter, Outgoing};
use crate::error::{CloseReason, ConnectError};
use crate::event::{AckId, ServerEvent, SessionEvent};
use crate::options::ConnectOptions;
use crate::recovery::Recovery;

/// Messages encoded ahead of the socket. Pongs come on top, at most one for each ping.
const OUTBOX_MAX_MESSAGES: usize = 32;
/// How long a clean close may take.
const CLOSE_DEADLINE: Duration = Duration::from_secs(1);

/// One connection to one namespace. Does nothing unless [`Session::next`] is awaited; dropping it closes the socket
/// at once, and every outstanding acknowledgement resolves as closed.
pub struct Session {
    ws: WebSocketStream<Box<dyn Transport>>,
    codec: Codec,
    replayed: VecDeque<ServerEvent>,
    queue: mpsc::Receiver<Outgoing>,
    queue_open: bool,
    outbox: VecDeque<Message>,
    unflushed: bool,
    acks: HashMap<i64, AckSender>,
    last_ack: i64,
    silence_limit: Duration,
    silence: Pin<Box<Sleep>>,
    recovery: Option<Recovery>,
    recovered: bool,
    local: Option<SocketAddr>,
    last_heard: Instant,
    closed: Option<CloseReason>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("closed", &self.closed).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects and waits until the namespace has accepted us.
    ///
    /// Cancel-safe: dropping the future drops the socket.
    ///
    /// # Errors
    /// See [`ConnectError`]; never later than `connect_timeout`.
    pub async fn connect(options: &ConnectOptions) -> Result<(Self, Emitter), ConnectError> {
        let connection = connect::establish(options).await?;
        let (emitter, queue) = Emitter::new();
        let silence_limit = connection.open.silence_limit();
        let session = Self {
            ws: connection.ws,
            codec: connection.codec,
            replayed: connection.replayed.into(),
            queue,
            queue_open: true,
            outbox: VecDeque::new(),
            unflushed: false,
            acks: HashMap::new(),
            last_ack: -1,
            silence_limit,
            silence: Box::pin(tokio::time::sleep(silence_limit)),
            recovery: connection.recovery,
            recovered: connection.recovered,
            local: connection.local,
            last_heard: Instant::now(),
            closed: None,
        };
        Ok((session, emitter))
    }

    /// The next event, or the end. Cancel-safe: dropping the future loses nothing, neither read nor written.
    pub async fn next(&mut self) -> SessionEvent {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Whether the server took up the session of [`ConnectOptions::recover`]: its rooms are back, and what was missed
    /// came or comes as events.
    pub fn recovered(&self) -> bool {
        self.recovered
    }

    /// Where the session is, up to the last event that [`Session::next`] gave; `None` when the server does not recover
    /// sessions. Outlives the end of the session.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// Our own address on the connection; when the machine loses it, the connection is dead.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.local
    }

    /// When the server said anything last, pings included.
    pub fn last_heard(&self) -> Instant {
        self.last_heard
    }

    /// Leaves the namespace and closes the WebSocket, within 1 s.
    pub async fn close(mut self) {
        if self.closed.is_some() {
            return;
        }
        let closing = async {
            self.ws.send(Message::text(self.codec.disconnect().text)).await?;
            self.ws.close(None).await
        };
        // The socket is dropped either way; a peer that does not read the close frame is gone already.
        let _ = tokio::time::timeout(CLOSE_DEADLINE, closing).await;
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<SessionEvent> {
        if let Some(event) = self.replayed.pop_front() {
            return Poll::Ready(self.deliver(event));
        }
        loop {
            if let Some(reason) = &self.closed {
                return Poll::Ready(SessionEvent::Closed(reason.clone()));
            }
            if let Err(error) = self.poll_send(cx) {
                self.end(error.into());
                continue;
            }
            match Pin::new(&mut self.ws).poll_next(cx) {
                Poll::Ready(message) => {
                    if matches!(message, Some(Ok(_))) {
                        self.last_heard = Instant::now();
                    }
                    if let Some(event) = self.take_message(message) {
                        return Poll::Ready(self.deliver(event));
                    }
                }
                Poll::Pending => {
                    if self.silence.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    self.end(CloseReason::PingTimeout);
                }
            }
        }
    }

    /// Notes the offset that a recovering server appends to every event that wants no acknowledgement.
    fn deliver(&mut self, event: ServerEvent) -> SessionEvent {
        if let (Some(recovery), None, Some(last)) = (&mut self.recovery, event.ack, event.args.last())
            && last.get().starts_with('"')
        {
            recovery.offset = serde_json::from_str(last.get()).ok();
        }
        SessionEvent::Event(event)
    }

    /// Sends what is queued until the queue is empty or the socket takes no more: either of them then wakes us.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Result<(), WsError> {
        loop {
            let more = self.take_queue(cx);
            self.poll_write(cx)?;
            if !more || !self.outbox.is_empty() {
                return Ok(());
            }
        }
    }

    /// Moves queued packets into the outbox while there is room. True when it stopped for want of room.
    fn take_queue(&mut self, cx: &mut Context<'_>) -> bool {
        while self.queue_open {
            if self.outbox.len() >= OUTBOX_MAX_MESSAGES {
                return true;
            }
            match self.queue.poll_recv(cx) {
                Poll::Ready(Some(packet)) => {
                    let Encoded { text, attachments } = self.encode(packet);
                    self.outbox.push_back(Message::text(text));
                    self.outbox.extend(attachments.into_iter().map(Message::binary));
                }
                Poll::Ready(None) => self.queue_open = false,
                Poll::Pending => break,
            }
        }
        false
    }

    fn encode(&mut self, packet: Outgoing) -> Encoded {
        match packet {
            Outgoing::Event { name, args, ack } => {
                let id = ack.map(|sender| {
                    // Callers that gave up leave a closed sender behind; it goes with the next of its kind.
                    self.acks.retain(|_, sender| !sender.is_closed());
                    self.last_ack += 1;
                    self.acks.insert(self.last_ack, sender);
                    self.last_ack
                });
                self.codec.event(&name, args, id)
            }
            Outgoing::Reply { id, args } => self.codec.ack(id.into(), args),
        }
    }

    /// Hands the outbox to the socket as far as it takes it. A stalled write never stops reading.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Result<(), WsError> {
        while !self.outbox.is_empty() {
            match Pin::new(&mut self.ws).poll_ready(cx) {
                Poll::Ready(ready) => ready?,
                Poll::Pending => return Ok(()),
            }
            if let Some(message) = self.outbox.pop_front() {
                Pin::new(&mut self.ws).start_send(message)?;
                self.unflushed = true;
            }
        }
        if self.unflushed
            && let Poll::Ready(flushed) = Pin::new(&mut self.ws).poll_flush(cx)
        {
            flushed?;
            self.unflushed = false;
        }
        Ok(())
    }

    fn take_message(&mut self, message: Option<Result<Message, WsError>>) -> Option<ServerEvent> {
        let decoded = match message {
            Some(Ok(Message::Text(text))) => self.codec.decode_text(text.as_str()),
            Some(Ok(Message::Binary(data))) => self.codec.decode_binary(data),
            Some(Ok(Message::Close(frame))) => {
                self.end(CloseReason::from_frame(frame));
                return None;
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => return None,
            Some(Err(error)) => {
                self.end(error.into());
                return None;
            }
            None => {
                self.end(CloseReason::from_frame(None));
                return None;
            }
        };
        match decoded {
            Ok(Packet::Event { name, args, attachments, ack }) => {
                return Some(ServerEvent { name, args, attachments, ack: ack.map(AckId::from) });
            }
            Ok(Packet::Ack { id, args, attachments }) => {
                if let Some(sender) = self.acks.remove(&id) {
                    // The caller may have given up.
                    let _ = sender.send(AckPayload { args, attachments });
                }
            }
            Ok(Packet::Ping(data)) => {
                self.outbox.push_back(Message::text(format!("3{data}")));
                self.silence.as_mut().reset(Instant::now() + self.silence_limit);
            }
            Ok(Packet::Disconnect) => self.end(CloseReason::ServerDisconnect),
            Ok(Packet::EngineClose) => self.end(CloseReason::EngineClose),
            Ok(Packet::Refused { message, .. }) => {
                self.end(CloseReason::Protocol(format!("refused after CONNECT: {message}")))
            }
            Ok(Packet::Open(_) | Packet::Connected { .. } | Packet::Nothing) => {}
            Err(violation) => self.end(CloseReason::Protocol(violation.0)),
        }
        None
    }

    fn end(&mut self, reason: CloseReason) {
        self.closed = Some(reason);
        self.acks.clear();
        self.outbox.clear();
        self.queue.close();
        while let Ok(packet) = self.queue.try_recv() {
            drop(packet);
        }
        // One non-blocking write sends the close frame where it can; the socket itself closes on drop.
        let mut close = pin!(self.ws.close(None));
        let _ = close.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop()));
    }
}
