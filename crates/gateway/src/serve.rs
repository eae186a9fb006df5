//! Lifecycle of the service: the order in which its parts start and stop.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use domain::Secret;
use socketioxide::SocketIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::auth::ServiceToken;
use crate::auth::password::{PasswordError, Passwords};
use crate::auth::token::AccessTokens;
use crate::config::{GatewayConfig, SECRET_MIN_BYTES, Seeding};
use crate::net::BoundedListener;
use crate::publish::{self, RefusedEmits};
use crate::retention;
use crate::router;
use crate::seed::{self, SeedError};
use crate::socket::{self, ConnectionLimit, SocketState, SyncPoint};
use crate::state::AppState;
use crate::store::{Closed, GatewayStore, OpenError};

/// How long open sockets, and then open requests, may take to end.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(3);

/// Bound listeners, as the caller made them.
#[derive(Debug)]
pub struct Listeners {
    /// Serves everything.
    pub booking: TcpListener,
    /// Serves `/api/v1/auth` and `/health` as well, as the guide's port 3001.
    pub auth: Option<TcpListener>,
}

/// Why the service did not start, or ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// [`GatewayConfig::jwt_secret`] is shorter than 32 bytes.
    #[error("the signing secret needs at least {SECRET_MIN_BYTES} bytes")]
    WeakSecret,
    /// [`GatewayConfig::service_token`] is shorter than 32 bytes.
    #[error("the service token needs at least {SECRET_MIN_BYTES} bytes")]
    WeakServiceToken,
    /// The database could not be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// Argon2 does not take [`GatewayConfig::password_memory_kib`].
    #[error("passwords cannot be hashed: {0}")]
    Passwords(String),
    /// The demo users or flights could not be added.
    #[error("the demo users and flights cannot be added: {0}")]
    Seed(String),
    /// A listener failed.
    #[error("a listener failed")]
    Listen(#[source] io::Error),
    /// The task that emits or the one that prunes ended by itself; without it, events would silently stay away.
    #[error("a task of the service failed")]
    Task(#[source] io::Error),
}

impl From<PasswordError> for ServeError {
    fn from(error: PasswordError) -> Self {
        Self::Passwords(error.to_string())
    }
}

impl From<SeedError> for ServeError {
    fn from(error: SeedError) -> Self {
        Self::Seed(error.to_string())
    }
}

/// Runs the service until `shutdown` resolves: then sockets are closed, requests finish, and every task and the
/// store's thread have ended when this returns (within a few seconds, after which connections are cut). Only the
/// timers that socketioxide sets for connections without an accepted CONNECT may tick on for up to 5 s.
///
/// Dropping the future instead cuts every connection at once.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve(
    config: GatewayConfig,
    listeners: Listeners,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let running = RunningService::start(config, listeners).await?;
    running.run_until(shutdown).await
}

/// The parts of a running service. The guard of `end` cuts every connection when this is dropped.
struct RunningService {
    store: GatewayStore,
    store_closed: Closed,
    io: Option<SocketIo>,
    /// Tasks of the listeners.
    servers: JoinSet<io::Result<()>>,
    /// The task that emits, and the one that prunes.
    workers: JoinSet<()>,
    /// Tasks of the open sockets.
    sessions: TaskTracker,
    /// Asks requests and sockets to finish.
    stopping: CancellationToken,
    /// Cuts the connections that did not.
    end: CancellationToken,
    _end_guard: DropGuard,
}

impl RunningService {
    /// Opens the store and starts every task.
    async fn start(config: GatewayConfig, listeners: Listeners) -> Result<Self, ServeError> {
        let service_token = service_token(&config)?;
        let tokens = Arc::new(AccessTokens::new(&signing_secret(&config)?, config.access_ttl));
        let passwords = Passwords::new(config.password_memory_kib).await?;
        let (store, store_closed, fresh) = GatewayStore::open(config.database.clone()).await?;
        if config.seed == Seeding::Always || (config.seed == Seeding::WhenNew && fresh) {
            seed::insert_demo(&store, &passwords).await?;
        }

        let end = CancellationToken::new();
        let _end_guard = end.clone().drop_guard();
        let stopping = end.child_token();
        let sessions = TaskTracker::new();
        let refused = RefusedEmits::default();
        let connections = ConnectionLimit::new(config.max_connections.get());

        let state = SocketState {
            tokens: Arc::clone(&tokens),
            sync: SyncPoint::new(&store, config.retention),
            refused: refused.clone(),
            tasks: sessions.clone(),
            stopping: stopping.clone(),
        };
        let (endpoint, io) = match config.websocket_enabled {
            true => {
                let (routes, io) = socket::endpoint(&config, state, connections.clone());
                (Some(routes), Some(io))
            }
            false => (None, None),
        };
        let mut workers = JoinSet::new();
        if let Some(io) = io.clone() {
            // From the head of now, before there is anyone who could move it.
            let head = *store.head().borrow();
            workers.spawn(publish::publish(store.clone(), head, io, refused.clone()));
        }
        workers.spawn(retention::prune_periodically(store.clone(), config.retention, stopping.clone()));

        let refresh_ttl_secs = i64::try_from(config.refresh_ttl.as_secs()).unwrap_or(i64::MAX);
        let app =
            AppState { store: store.clone(), tokens, passwords, refresh_ttl_secs, service_token, connections, refused };
        let cors = config.cors_origin.cors();
        let mut servers = JoinSet::new();
        if let Some(listener) = listeners.auth {
            servers.spawn(run(listener, router::auth_service(app.clone(), cors.clone()), &stopping, &end));
        }
        servers.spawn(run(listeners.booking, router::booking_service(app, endpoint, cors), &stopping, &end));
        Ok(Self { store, store_closed, io, servers, workers, sessions, stopping, end, _end_guard })
    }

    /// Serves until `shutdown` resolves or a part fails, then stops.
    async fn run_until(mut self, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
        let outcome = tokio::select! {
            () = shutdown => Ok(()),
            // A server ends by itself only when its listener or its task failed.
            Some(ended) = self.servers.join_next() => {
                ended.map_err(io::Error::other).and_then(|served| served).map_err(ServeError::Listen)
            }
            Some(ended) = self.workers.join_next() => {
                let failure = ended.err().map_or_else(|| io::Error::other("it ended early"), io::Error::other);
                Err(ServeError::Task(failure))
            }
        };
        self.stop().await;
        outcome
    }

    /// Closes the sockets, lets requests finish, and ends every task and the store's thread.
    async fn stop(mut self) {
        self.stopping.cancel();
        if let Some(io) = self.io {
            with_grace_period("sockets", io.close()).await;
        }
        with_grace_period("requests", async { while self.servers.join_next().await.is_some() {} }).await;
        self.end.cancel();
        self.sessions.close();
        with_grace_period("sessions", self.sessions.wait()).await;
        self.servers.shutdown().await;
        self.store.close(self.store_closed).await;
        self.workers.shutdown().await;
    }
}

fn run(
    listener: TcpListener,
    router: Router,
    stopping: &CancellationToken,
    end: &CancellationToken,
) -> impl Future<Output = io::Result<()>> + Send + 'static {
    let listener = BoundedListener::new(listener, end.clone());
    let stopping = stopping.clone().cancelled_owned();
    async move { axum::serve(listener, router).with_graceful_shutdown(stopping).await }
}

async fn with_grace_period(what: &'static str, work: impl Future<Output = ()>) {
    if tokio::time::timeout(SHUTDOWN_GRACE, work).await.is_err() {
        tracing::warn!(what, deadline_secs = SHUTDOWN_GRACE.as_secs(), "did not end in time and is cut");
    }
}

fn service_token(config: &GatewayConfig) -> Result<Option<ServiceToken>, ServeError> {
    match &config.service_token {
        Some(token) if token.expose().len() < SECRET_MIN_BYTES => Err(ServeError::WeakServiceToken),
        token => Ok(token.as_ref().map(ServiceToken::new)),
    }
}

fn signing_secret(config: &GatewayConfig) -> Result<Vec<u8>, ServeError> {
    match config.jwt_secret.as_ref().map(Secret::expose) {
        Some(secret) if secret.len() < SECRET_MIN_BYTES => Err(ServeError::WeakSecret),
        Some(secret) => Ok(secret.as_bytes().to_vec()),
        None => {
            tracing::warn!("no signing secret is set: a random one is used, and tokens end with this process");
            Ok(rand::random::<[u8; SECRET_MIN_BYTES]>().to_vec())
        }
    }
}
