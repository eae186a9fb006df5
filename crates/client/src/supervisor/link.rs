//! One connection: from the tokens to the reason for its end.
//!
//! While it is up, [`super::line`] talks, [`super::catch_up`] fetches what was missed, [`super::learning`] looks up what is
//! not known, and [`super::freshness`] keeps the tokens good.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::Language;
use domain::account::Audience;
use domain::connection::{ConnectionState, LinkReason, LinkReasonCode};
use domain::rooms::RoomMembership;
use domain::settings::Account;
use jiff::SignedDuration;
use serde_json::json;
use socketio::{ConnectOptions, Recovery, Session};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::booking_lookup::learn_bookings;
use super::catch_up::{CatchUpStart, Progress, keep_complete};
use super::conversation::Conversation;
use super::link_reasons::{self, ConnectFailure};
use super::token_refresh::{fresh_tokens, keep_fresh};
use crate::backoff::HEALTHY;
use crate::credentials::Credentials;
use crate::jobs::Jobs;
use crate::network::NetworkConfig;
use crate::pipeline::WriterInput;
use crate::preferences::EffectivePreferences;
use crate::rest::Rest;
use crate::server_clock::ServerClock;
use crate::status::Status;
use crate::tokens::Claims;

/// How long the writer may take to make room before the link is given up: a server must not think that we listen.
pub(super) const WRITER_PATIENCE: Duration = Duration::from_secs(20);
/// A server that ends sessions at the expiry of their token does so within this time.
const EXPIRY_SLACK: SignedDuration = SignedDuration::from_secs(5);

/// What every link needs and none owns.
#[derive(Clone)]
pub(super) struct LinkContext {
    pub rest: Rest,
    pub network: watch::Receiver<NetworkConfig>,
    pub clock: ServerClock,
    pub feed: mpsc::Sender<WriterInput>,
    pub status: Status,
    pub works: Jobs,
    pub rooms: watch::Receiver<Vec<String>>,
    pub wanted: watch::Receiver<Arc<EffectivePreferences>>,
    /// This machine's addresses; `None` while nobody has told.
    pub addresses: watch::Receiver<Option<Arc<[IpAddr]>>>,
}

impl LinkContext {
    /// The language that the person is spoken to in now.
    pub fn language(&self) -> Language {
        self.wanted.borrow().voice.language
    }

    /// Whether this machine is known to have no network.
    pub fn network_is_down(&self) -> bool {
        self.addresses.borrow().as_ref().is_some_and(|addresses| !addresses.iter().any(is_of_a_network))
    }
}

/// Whether an address leads anywhere.
pub(super) fn is_of_a_network(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    }
}

/// What outlives a link and is of use to the next one.
pub(super) struct CarriedOver {
    pub credentials: Credentials,
    pub lookups: mpsc::Receiver<String>,
    /// Where the last session was, on servers that recover sessions.
    pub recovery: Option<Recovery>,
}

/// How a link ended.
pub(super) enum LinkEnd {
    /// We were asked to stop, and said goodbye.
    Stopped,
    /// The server did not accept the token; in its words, where it had some.
    TokenRefused { said: Option<String> },
    /// Somebody has to sign in.
    SignInNeeded(LinkReason),
    /// The server ended the session when its token expired; a fresh one is there.
    TokenExpired,
    /// Anything else.
    Failed { reason: LinkReason, online_for: Option<Duration>, retry_after: Option<Duration> },
}

impl LinkEnd {
    pub fn failed(reason: LinkReason) -> Self {
        Self::Failed { reason, online_for: None, retry_after: None }
    }
}

/// Connects as `account` and stays until the link ends. `renew` forces a refresh first.
///
/// Awaited to its end: what waits in the link for the writer is handed over last. A refresh under way goes on.
pub(super) async fn run(
    wires: &LinkContext,
    keepsakes: &mut CarriedOver,
    account: &Account,
    renew: bool,
    stop: &CancellationToken,
) -> LinkEnd {
    let CarriedOver { credentials, lookups, recovery } = keepsakes;
    let tokens = tokio::select! {
        biased;
        () = stop.cancelled() => return LinkEnd::Stopped,
        tokens = fresh_tokens(wires, credentials, account, renew) => match tokens {
            Ok(tokens) => tokens,
            Err(end) => return end,
        },
    };
    if wires.feed.capacity() == 0 {
        return LinkEnd::failed(link_reasons::inbox_is_full(wires.language()));
    }
    let claims = tokens.claims();
    let role = claims.role.clone();
    wires.status.modify(|snapshot| {
        if let Some(view) = &mut snapshot.account {
            view.role.clone_from(&role);
        }
    });
    let mut options = ConnectOptions::new(account.booking().as_url().clone());
    options.auth = json!({ "token": tokens.access.expose() });
    let network = wires.network.borrow().clone();
    (options.tls, options.proxy) = (Some(network.tls), network.proxy);
    // Kept: an attempt that fails does not change where the last session was.
    options.recover = recovery.clone();
    let connected = tokio::select! {
        biased;
        () = stop.cancelled() => return LinkEnd::Stopped,
        connected = Session::connect(&options) => connected,
    };
    // The options hold the token; it is not needed any more.
    drop(options);
    let (session, emitter) = match connected {
        Ok(connected) => connected,
        Err(error) => {
            tracing::info!(%error, "the connection attempt failed");
            return match link_reasons::connect_failed(&error, host(account), wires) {
                ConnectFailure::TokenRefused { said } => LinkEnd::TokenRefused { said },
                ConnectFailure::Later { reason, retry_after } => {
                    LinkEnd::Failed { reason, online_for: None, retry_after }
                }
            };
        }
    };
    let (reply, state) = oneshot::channel();
    let asked = async {
        wires.feed.send(WriterInput::SyncState { reply }).await.ok()?;
        state.await.ok()
    };
    let state = tokio::select! {
        biased;
        () = stop.cancelled() => return LinkEnd::Stopped,
        state = tokio::time::timeout(WRITER_PATIENCE, asked) => state,
    };
    let Ok(Some(state)) = state else { return LinkEnd::failed(link_reasons::inbox_is_full(wires.language())) };
    let mut standing = RoomMembership::default();
    if session.recovered() {
        // It is in the rooms of before, and what it missed comes by those.
        standing.ask(&wires.rooms.borrow());
    }
    let (progress, watched_progress) = watch::channel(Progress::Behind);
    let joined = Arc::new(Notify::new());
    let line = Conversation {
        wires,
        session,
        recovery,
        held: VecDeque::new(),
        is_holding: true,
        progress: watched_progress,
        joined: Arc::clone(&joined),
        standing,
    };
    let (mut line, offer) = match line.greeted(stop).await {
        Ok(greeted) => greeted,
        Err(end) => return end,
    };
    let early = if line.session.recovered() { line.held.drain(..).collect() } else { Vec::new() };
    let since = Instant::now();
    tracing::info!(recovered = line.session.recovered(), "online");
    wires.status.connection(ConnectionState::Online { since: wires.clock.now() });
    let (token, watched_token) = watch::channel(tokens.access.clone());
    let mut keep_fresh = pin!(keep_fresh(wires, credentials, account, tokens, token));
    let mut learn = pin!(learn_bookings(wires, lookups, account, watched_token.clone()));
    let role = role.as_deref().map(Audience::of_role);
    let audience = role.unwrap_or_default().in_rooms(wires.rooms.borrow().iter().map(String::as_str));
    let before = CatchUpStart { offer, state, early, audience, joined };
    let mut complete = pin!(keep_complete(wires, account, before, watched_token, progress));
    let mut talk = pin!(line.run(emitter, role, stop));
    tokio::select! {
        biased;
        end = &mut talk => match end {
            None => LinkEnd::Stopped,
            // Some servers end a session with the token that began it; ours was refreshed meanwhile.
            Some(reason)
                if reason.code == LinkReasonCode::ServerClosed
                    && since.elapsed() >= HEALTHY
                    && expires_by(&claims, &wires.clock) =>
            {
                LinkEnd::TokenExpired
            }
            Some(reason) => LinkEnd::Failed { reason, online_for: Some(since.elapsed()), retry_after: None },
        },
        never = &mut keep_fresh => match never {},
        never = &mut learn => match never {},
        never = &mut complete => match never {},
    }
}

/// A future of this type never ends.
pub(super) enum Infallible {}

/// Whether the token has expired, or is about to.
fn expires_by(claims: &Claims, clock: &ServerClock) -> bool {
    claims.expires_at().is_some_and(|at| at.duration_since(clock.server_now()) <= EXPIRY_SLACK)
}

/// The server, as people call it.
pub(super) fn host(account: &Account) -> &str {
    account.booking().as_url().host_str().unwrap_or("the server")
}
