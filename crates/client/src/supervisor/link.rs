//! One link in three phases: connect with fresh tokens, wait for the greeting, converse until the end.
//!
//! While it is up, [`super::conversation`] exchanges packets, [`super::catch_up`] fetches what was missed,
//! [`super::booking_lookup`] asks for unknown bookings, and [`super::token_refresh`] keeps the tokens fresh.

use std::pin::pin;
use std::sync::Arc;

use domain::account::Audience;
use domain::connection::{ConnectionState, LinkReasonCode};
use domain::settings::Account;
use jiff::SignedDuration;
use serde_json::json;
use socketio::{ConnectOptions, Emitter, Recovery, Session};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::booking_lookup::look_up_bookings;
use super::catch_up::{CatchUpStart, Progress, keep_complete};
use super::context::{LinkContext, LinkEnd, WRITER_PATIENCE, host};
use super::conversation::Conversation;
use super::link_reasons::{self, ConnectFailure};
use super::token_refresh::{fresh_tokens, keep_fresh};
use crate::backoff::HEALTHY;
use crate::credentials::Credentials;
use crate::pipeline::WriterInput;
use crate::server_clock::ServerClock;
use crate::store::SyncState;
use crate::tokens::{Claims, Tokens};

/// A server that ends sessions at the expiry of their token does so within this time.
const EXPIRY_SLACK: SignedDuration = SignedDuration::from_secs(5);

/// What outlives a link and is of use to the next one.
pub(super) struct CarriedOver {
    pub credentials: Credentials,
    pub lookups: mpsc::Receiver<String>,
    /// Where the last session was, on servers that recover sessions.
    pub recovery: Option<Recovery>,
}

/// A session that is connected and not greeted yet.
struct ConnectedSession {
    session: Session,
    emitter: Emitter,
    /// The ones it was made with.
    tokens: Tokens,
}

/// A session that the server has greeted.
struct GreetedSession<'a> {
    conversation: Conversation<'a>,
    emitter: Emitter,
    tokens: Tokens,
    /// What was missed, as far as it is known by now.
    catch_up: CatchUpStart,
    progress: watch::Sender<Progress>,
    role: Option<Audience>,
}

/// Connects as `account` and stays until the link ends. `renew` forces a refresh first.
///
/// Awaited to its end: what waits in the link for the writer is handed over last. A refresh under way goes on.
pub(super) async fn run(
    context: &LinkContext,
    carried: &mut CarriedOver,
    account: &Account,
    renew: bool,
    stop: &CancellationToken,
) -> LinkEnd {
    let CarriedOver { credentials, lookups, recovery } = carried;
    let connected = match connect(context, credentials, recovery.as_ref(), account, renew, stop).await {
        Ok(connected) => connected,
        Err(end) => return end,
    };
    match greet(context, connected, recovery, stop).await {
        Ok(greeted) => converse(context, greeted, (credentials, lookups), account, stop).await,
        Err(end) => end,
    }
}

/// First phase: tokens that are fresh, and a session made with them.
async fn connect(
    context: &LinkContext,
    credentials: &mut Credentials,
    recovery: Option<&Recovery>,
    account: &Account,
    renew: bool,
    stop: &CancellationToken,
) -> Result<ConnectedSession, LinkEnd> {
    let tokens = tokio::select! {
        biased;
        () = stop.cancelled() => return Err(LinkEnd::Stopped),
        tokens = fresh_tokens(context, credentials, account, renew) => tokens?,
    };
    if context.writer.capacity() == 0 {
        return Err(LinkEnd::failed(link_reasons::inbox_is_full(context.language())));
    }
    let role = tokens.claims().role.clone();
    context.status.modify(|snapshot| {
        if let Some(view) = &mut snapshot.account {
            view.role = role;
        }
    });
    let mut options = ConnectOptions::new(account.booking().as_url().clone());
    options.auth = json!({ "token": tokens.access.expose() });
    let network = context.network.borrow().clone();
    (options.tls, options.proxy) = (Some(network.tls), network.proxy);
    // Kept: an attempt that fails does not change where the last session was.
    options.recover = recovery.cloned();
    let connected = tokio::select! {
        biased;
        () = stop.cancelled() => return Err(LinkEnd::Stopped),
        connected = Session::connect(&options) => connected,
    };
    match connected {
        Ok((session, emitter)) => Ok(ConnectedSession { session, emitter, tokens }),
        Err(error) => {
            tracing::info!(%error, "the connection attempt failed");
            let (is_offline, language) = (context.network_is_down(), context.language());
            Err(match link_reasons::connect_failed(&error, host(account), &context.clock, is_offline, language) {
                ConnectFailure::TokenRefused { server_message } => LinkEnd::TokenRefused { server_message },
                ConnectFailure::Later { reason, retry_after } => {
                    LinkEnd::Failed { reason, online_for: None, retry_after }
                }
            })
        }
    }
}

/// Second phase: where the inbox stands, and the server's greeting. From here on the link is online.
async fn greet<'a>(
    context: &'a LinkContext,
    ConnectedSession { session, emitter, tokens }: ConnectedSession,
    recovery: &'a mut Option<Recovery>,
    stop: &CancellationToken,
) -> Result<GreetedSession<'a>, LinkEnd> {
    let state = sync_state(context, stop).await?;
    let (progress, watched_progress) = watch::channel(Progress::Behind);
    let joined = Arc::new(Notify::new());
    let conversation = Conversation::new(context, session, recovery, watched_progress, Arc::clone(&joined));
    let (mut conversation, offer) = conversation.greeted(stop).await?;
    let early = conversation.take_early();
    tracing::info!(recovered = conversation.session.recovered(), "online");
    context.status.connection(ConnectionState::Online { since: context.clock.now() });
    let role = tokens.claims().role.as_deref().map(Audience::of_role);
    let audience = role.unwrap_or_default().in_rooms(context.rooms.borrow().iter().map(String::as_str));
    let catch_up = CatchUpStart { offer, state, early, audience, joined };
    Ok(GreetedSession { conversation, emitter, tokens, catch_up, progress, role })
}

/// Where the account stands with its server, asked of the writer.
async fn sync_state(context: &LinkContext, stop: &CancellationToken) -> Result<SyncState, LinkEnd> {
    let (reply, state) = oneshot::channel();
    let asked = async {
        context.writer.send(WriterInput::SyncState { reply }).await.ok()?;
        state.await.ok()
    };
    let state = tokio::select! {
        biased;
        () = stop.cancelled() => return Err(LinkEnd::Stopped),
        state = tokio::time::timeout(WRITER_PATIENCE, asked) => state,
    };
    match state {
        Ok(Some(state)) => Ok(state),
        _ => Err(LinkEnd::failed(link_reasons::inbox_is_full(context.language()))),
    }
}

/// Third phase: events are stored, what was missed is fetched, and tokens are renewed, until the link ends.
async fn converse(
    context: &LinkContext,
    greeted: GreetedSession<'_>,
    (credentials, lookups): (&mut Credentials, &mut mpsc::Receiver<String>),
    account: &Account,
    stop: &CancellationToken,
) -> LinkEnd {
    let GreetedSession { conversation, emitter, tokens, catch_up, progress, role } = greeted;
    let since = Instant::now();
    let claims = tokens.claims();
    let (token, watched_token) = watch::channel(tokens.access.clone());
    let mut refreshes = pin!(keep_fresh(context, credentials, account, tokens, token));
    let mut lookups = pin!(look_up_bookings(context, lookups, account, watched_token.clone()));
    let mut catching_up = pin!(keep_complete(context, account, catch_up, watched_token, progress));
    let mut conversing = pin!(conversation.run(emitter, role, stop));
    tokio::select! {
        biased;
        end = &mut conversing => match end {
            None => LinkEnd::Stopped,
            // Some servers end a session with the token that began it; ours was refreshed meanwhile.
            Some(reason)
                if reason.code == LinkReasonCode::ServerClosed
                    && since.elapsed() >= HEALTHY
                    && expires_by(&claims, &context.clock) =>
            {
                LinkEnd::TokenExpired
            }
            Some(reason) => LinkEnd::Failed { reason, online_for: Some(since.elapsed()), retry_after: None },
        },
        never = &mut refreshes => match never {},
        never = &mut lookups => match never {},
        never = &mut catching_up => match never {},
    }
}

/// Whether the token has expired, or is about to.
fn expires_by(claims: &Claims, clock: &ServerClock) -> bool {
    claims.expires_at().is_some_and(|at| at.duration_since(clock.server_now()) <= EXPIRY_SLACK)
}
