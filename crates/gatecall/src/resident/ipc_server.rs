//! IPC server of the resident: one task for each peer; requests in, answers and pushes out.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use domain::Language;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use ipc::{Connection, ErrorBody, PeerKind, Push, Request, Server, ServerFrame};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::push_sources::PushSources;
use super::request_error::RequestError;
use super::request_handler::RequestHandler;
use super::window_registry::WindowRegistry;

/// Pause after a failed accept: most likely the process has run out of descriptors, and a retry at once would spin.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_secs(1);

/// Context shared by the tasks of all peers.
#[derive(Clone)]
pub struct PeerContext {
    pub handler: RequestHandler,
    pub windows: Arc<WindowRegistry>,
}

/// Accepts peers until `stop` is cancelled, then waits for their tasks.
pub async fn serve(mut server: Server, context: PeerContext, stop: CancellationToken) {
    let mut peers = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = peers.join_next() => {}
            accepted = server.accept() => match accepted {
                Ok(connection) => {
                    let (context, stop) = (context.clone(), stop.clone());
                    peers.spawn(async move {
                        tokio::select! {
                            () = stop.cancelled() => {}
                            served = context.serve_peer(connection) => if let Err(error) = served {
                                tracing::debug!(%error, "an IPC connection failed");
                            }
                        }
                    });
                }
                Err(error) => {
                    tracing::error!(%error, "the IPC server cannot accept connections");
                    tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
                }
            }
        }
    }
    while peers.join_next().await.is_some() {}
}

impl PeerContext {
    /// Serves one peer until it disconnects, then releases the rooms that it held. Cancelled only at shutdown, which ends all
    /// subscriptions.
    async fn serve_peer(&self, connection: Connection) -> io::Result<()> {
        let mut held_rooms = Vec::new();
        let served = self.exchange(connection, &mut held_rooms).await;
        for room in held_rooms {
            self.handler.engine.release_room(room).await;
        }
        served
    }

    async fn exchange(&self, mut connection: Connection, held_rooms: &mut Vec<String>) -> io::Result<()> {
        connection.greet().await?;
        let (mut presence, mut sources) = (None, None);
        if connection.peer() != PeerKind::Caller {
            let mut window_pushes = None;
            if connection.peer() == PeerKind::Window {
                let (entered, first_push, pushes) = self.windows.enter();
                presence = Some(entered);
                window_pushes = Some(pushes);
                if let Some(push) = first_push {
                    connection.send(&ServerFrame::Push { push: Box::new(push) }).await?;
                }
            }
            sources = Some(PushSources::new(&self.handler.engine, window_pushes));
        }
        let mut calls = FuturesUnordered::new();
        loop {
            tokio::select! {
                request = connection.recv() => match request? {
                    None => break,
                    Some((id, request)) => {
                        // Rooms are held here, not in a call: pending calls are dropped with the connection, and a
                        // dropped hold would never be released.
                        if let Request::HoldRoom { room } = &request {
                            self.handler.engine.hold_room(room.clone()).await;
                            held_rooms.push(room.clone());
                        }
                        calls.push(async move { (id, self.handler.answer(request).await) });
                    }
                },
                Some((id, answer)) = calls.next() => {
                    let frame = match answer {
                        Ok(value) => ServerFrame::Answer { id, value },
                        Err(error) => ServerFrame::Failure { id, error: self.error_body(&error, connection.peer()) },
                    };
                    connection.send(&frame).await?;
                }
                push = next_push(&mut sources) => match push {
                    Some(push) => connection.send(&ServerFrame::Push { push: Box::new(push) }).await?,
                    None => break,
                },
            }
        }
        drop(presence);
        Ok(())
    }

    /// Error for the peer: in the user's language for a window, in English for the command line.
    fn error_body(&self, error: &RequestError, peer: PeerKind) -> ErrorBody {
        tracing::debug!(%error, "a request failed");
        let is_window = peer == PeerKind::Window;
        error.to_body(if is_window { self.handler.engine.snapshot().borrow().language } else { Language::En })
    }
}

/// Receives the next push; `None` when the engine has stopped. Pending forever for a peer without pushes. Cancel-safe.
async fn next_push(sources: &mut Option<PushSources>) -> Option<Push> {
    match sources {
        Some(sources) => sources.next().await,
        None => std::future::pending().await,
    }
}
