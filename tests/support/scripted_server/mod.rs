//! A server that behaves as a script says, on the levels of HTTP, WebSocket, Engine.IO and Socket.IO.
//!
//! One listener serves REST and socket after a [`ServerScript`]; each socket connection runs its [`ScriptStep`]s. The
//! server counts what it receives, and owns every task.

mod conversation;
mod http;
mod script;
mod state;

pub use conversation::{broken_text_frame, masked_frame, torn_frame, unknown_frame};
pub use http::{PORTAL, http_date, response};
pub use script::{AckPolicy, RestReply, ScriptStep, ServerScript, TokenPolicy, TokenRejection, healthy};
pub use state::{ServerObservations, access_token};

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use crate::PATIENCE;
use state::{ScriptedStream, ServerState};

/// A running server.
pub struct ScriptedServer {
    address: SocketAddr,
    state: Arc<ServerState>,
    _serving: AbortOnDropHandle<()>,
}

impl ScriptedServer {
    /// Starts one on a free port.
    pub async fn start(script: ServerScript) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (injected, _) = broadcast::channel(1024);
        let state = Arc::new(ServerState {
            script: Mutex::new(script),
            seen: watch::Sender::new(ServerObservations::default()),
            injected,
            issued: Mutex::new(0),
        });
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(listener, Arc::clone(&state))));
        Self { address, state, _serving: serving }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes how it behaves towards connections that come from now on.
    pub fn set(&self, change: impl FnOnce(&mut ServerScript)) {
        change(&mut self.state.script.lock().unwrap());
    }

    /// Every live connection does this, now.
    pub fn inject(&self, step: ScriptStep) {
        // Without a live connection there is nobody to obey.
        let _ = self.state.injected.send(step);
    }

    /// What was seen so far.
    pub fn seen(&self) -> ServerObservations {
        self.state.seen.borrow().clone()
    }

    /// Waits until it has seen this.
    pub async fn until(&self, what: &str, is_so: impl FnMut(&ServerObservations) -> bool) -> ServerObservations {
        let mut seen = self.state.seen.subscribe();
        let found = tokio::time::timeout(PATIENCE, seen.wait_for(is_so)).await;
        match found {
            Ok(found) => found.unwrap().clone(),
            Err(_) => panic!("the server waited in vain: {what}; it has seen {:?}", self.seen()),
        }
    }
}

async fn serve(listener: TcpListener, state: Arc<ServerState>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                state.note(|seen| seen.connections += 1);
                connections.spawn(connection(stream, Arc::clone(&state)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, state: Arc<ServerState>) {
    let script = state.script();
    // A socket that refuses the option still works.
    let _ = stream.set_nodelay(true);
    let mut stream: Box<dyn ScriptedStream> = match &script.tls {
        Some(config) => match tokio_rustls::TlsAcceptor::from(Arc::clone(config)).accept(stream).await {
            Ok(stream) => Box::new(stream),
            // A client that does not trust us.
            Err(_) => return,
        },
        None => Box::new(stream),
    };
    let Some(request) = http::read(&mut stream).await else { return };
    // The client may disconnect at any moment.
    let _ = if request.path.starts_with("/socket.io/") {
        state.note(|seen| seen.sockets += 1);
        conversation::run(stream, &request, &script, &state).await
    } else {
        http::answer(stream, &request, &script, &state).await
    };
}
