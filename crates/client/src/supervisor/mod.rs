//! The supervisor: keeps the link up, without giving up, and reports its true state.
//!
//! It is the only owner of tokens, account and settings, so that a refresh cannot happen twice at once. Commands that
//! change the account or whether to connect end the link first; a request for a room does not.
//!
//! Whatever may have changed the outcome of an attempt cuts a wait short, once: a person who asks, a wake from sleep, a
//! network that came up. A server that asked for time gets all of it.

mod booking_lookup;
mod catch_up;
mod context;
mod conversation;
mod link;
mod link_reasons;
mod settings;
mod sign_in;
mod token_refresh;
mod wall_clock;

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::connection::{ConnectionState, LinkReason};
use domain::settings::{Account, Preferences, Settings};
use futures_util::FutureExt;
use jiff::SignedDuration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::context::{LinkContext, LinkEnd, is_of_a_network};
use self::link::CarriedOver;
use self::settings::LiveSettings;
use self::wall_clock::JumpDetector;
use crate::backoff::Backoff;
use crate::credentials::Credentials;
use crate::jobs::Jobs;
use crate::network::{NetworkConfig, PreparedNetwork};
use crate::pipeline::WriterInput;
use crate::ports::{Keychain, KeychainError};
use crate::preferences::PreferencesSender;
use crate::rest::Rest;
use crate::server_clock::ServerClock;
use crate::settings_file::SettingsFile;
use crate::status::{Part, Status};
use crate::store::StoreError;
use crate::tokens::Tokens;

pub(crate) use self::link_reasons::not_connected;
pub use self::sign_in::SignInError;

/// Between the starts of two attempts that a change of the network caused: a flapping one does not make a loop.
const NETWORK_PAUSE: Duration = Duration::from_secs(1);
/// A wake is told by more than one source, the slowest of which looks every 5 s: what comes this soon is an echo.
const WAKE_ECHO: Duration = Duration::from_secs(10);

/// What may be asked of the supervisor.
#[derive(Debug)]
pub(crate) enum SupervisorCommand {
    /// Use this account from now on; the server gave these tokens.
    SwitchTo {
        account: Box<Account>,
        tokens: Tokens,
        reply: oneshot::Sender<()>,
    },
    SignOut {
        wipe: bool,
        reply: oneshot::Sender<SignedOut>,
    },
    Pause,
    Resume,
    Reconnect,
    /// The machine slept.
    Woke,
    Preferences {
        reply: oneshot::Sender<Preferences>,
    },
    SetPreferences(Box<Preferences>),
    Network {
        reply: oneshot::Sender<domain::settings::NetworkSettings>,
    },
    /// Go this way from now on.
    SetNetwork {
        way: Box<PreparedNetwork>,
        reply: oneshot::Sender<()>,
    },
    Subscribe {
        room: String,
    },
    Unsubscribe {
        room: String,
    },
    /// Wants a room without remembering it; as many releases end it as there were holds.
    Hold {
        room: String,
    },
    Release {
        room: String,
    },
    Stop,
}

/// What came of a sign-out.
#[derive(Debug)]
pub(crate) struct SignedOut {
    pub tokens_deleted: Result<(), KeychainError>,
    /// Whether all of the history is gone, where it is to go.
    pub wiped: Option<oneshot::Receiver<Result<bool, StoreError>>>,
}

/// What the supervisor is made of.
pub(crate) struct SupervisorParts {
    pub keychain: Arc<dyn Keychain>,
    pub rest: Rest,
    pub network: watch::Sender<NetworkConfig>,
    pub clock: ServerClock,
    pub settings: Settings,
    pub settings_file: SettingsFile,
    pub preferences_sender: PreferencesSender,
    /// Rooms for this run only, beside those of the settings.
    pub extra_rooms: Vec<String>,
    pub writer: mpsc::Sender<WriterInput>,
    pub status: Status,
    pub jobs: Jobs,
    pub lookups: mpsc::Receiver<String>,
    pub commands: mpsc::Receiver<SupervisorCommand>,
    pub addresses: watch::Receiver<Option<Arc<[IpAddr]>>>,
}

pub(crate) struct Supervisor {
    context: LinkContext,
    network: watch::Sender<NetworkConfig>,
    carried: CarriedOver,
    commands: mpsc::Receiver<SupervisorCommand>,
    live: LiveSettings,
    backoff: Backoff,
    jumps: JumpDetector,
    woke_at: Option<Instant>,
    /// The server refused the token once since it last accepted one.
    refused: bool,
}

/// What to do after a step.
enum NextStep {
    Attempt,
    Wait { reason: LinkReason, at_least: Option<Duration> },
    AskToSignIn(LinkReason),
    Handle(SupervisorCommand),
    End,
}

impl Supervisor {
    pub fn new(parts: SupervisorParts) -> Self {
        let preferences = parts.preferences_sender.subscribe();
        let (live, rooms) = LiveSettings::new(
            parts.settings,
            parts.settings_file,
            parts.preferences_sender,
            parts.extra_rooms,
            parts.status.clone(),
        );
        Self {
            jumps: JumpDetector::new(parts.clock.clone()),
            context: LinkContext {
                rest: parts.rest,
                network: parts.network.subscribe(),
                clock: parts.clock,
                writer: parts.writer,
                status: parts.status,
                jobs: parts.jobs,
                rooms,
                preferences,
                addresses: parts.addresses,
            },
            network: parts.network,
            carried: CarriedOver {
                credentials: Credentials::new(parts.keychain),
                lookups: parts.lookups,
                recovery: None,
            },
            commands: parts.commands,
            live,
            backoff: Backoff::default(),
            woke_at: None,
            refused: false,
        }
    }

    /// Runs until [`SupervisorCommand::Stop`]. A step that panics is reported, shown, and followed by the next attempt.
    pub async fn run(mut self) {
        let mut next = NextStep::Attempt;
        loop {
            let step = match next {
                NextStep::End => return self.carried.credentials.close().await,
                step => AssertUnwindSafe(self.step(step)).catch_unwind().await,
            };
            next = step.unwrap_or_else(|_| {
                tracing::error!("the supervisor failed and goes on");
                self.backoff.failed(None);
                NextStep::Wait { reason: link_reasons::own_fault(self.context.language()), at_least: None }
            });
        }
    }

    async fn step(&mut self, next: NextStep) -> NextStep {
        match next {
            NextStep::End => NextStep::End,
            NextStep::Attempt => self.attempt().await,
            NextStep::Wait { reason, at_least } => self.wait(reason, at_least).await,
            NextStep::AskToSignIn(reason) => self.idle(ConnectionState::SignInNeeded { reason }).await,
            NextStep::Handle(command) => self.handle(command).await,
        }
    }

    async fn attempt(&mut self) -> NextStep {
        if self.live.settings.paused {
            return self.idle(ConnectionState::Paused).await;
        }
        let Some(account) = self.live.settings.account.clone() else {
            return NextStep::AskToSignIn(link_reasons::not_signed_in(self.context.language()));
        };
        self.context.status.connection(ConnectionState::Connecting { attempt: self.backoff.attempt() });
        let started = Instant::now();
        let stop = CancellationToken::new();
        let mut interrupt = None;
        let mut addresses = self.context.addresses.clone();
        addresses.mark_unchanged();
        let end = {
            let link = link::run(&self.context, &mut self.carried, &account, self.refused, &stop);
            let mut link = pin!(link);
            loop {
                tokio::select! {
                    end = &mut link => break end,
                    command = self.commands.recv(), if interrupt.is_none() => {
                        match self.live.triage(command.unwrap_or(SupervisorCommand::Stop)) {
                            None => {}
                            Some(SupervisorCommand::Woke) if !is_a_wake(&mut self.woke_at) => {}
                            Some(SupervisorCommand::Woke) => stop.cancel(),
                            Some(command) => {
                                interrupt = Some(command);
                                stop.cancel();
                            }
                        }
                    }
                    // The other side may have gone while we slept, and nothing would tell: the link is made anew.
                    () = self.jumps.jumped() => if is_a_wake(&mut self.woke_at) {
                        stop.cancel();
                    },
                    // An attempt that began without a network would go on waiting for it.
                    gained = network_gained(&mut addresses) => {
                        let connecting = !matches!(self.context.status.connection_now(), ConnectionState::Online { .. });
                        if gained && connecting && started.elapsed() >= NETWORK_PAUSE {
                            stop.cancel();
                        }
                    }
                }
            }
        };
        self.context.status.modify(|snapshot| {
            snapshot.rooms.iter_mut().for_each(|room| room.state = domain::view::RoomState::Requested);
        });
        let next = self.after(end);
        interrupt.map_or(next, NextStep::Handle)
    }

    fn after(&mut self, end: LinkEnd) -> NextStep {
        match end {
            LinkEnd::Stopped => {
                self.backoff.reset();
                NextStep::Attempt
            }
            LinkEnd::TokenRefused { server_message } if self.refused => {
                NextStep::AskToSignIn(link_reasons::token_refused(server_message.as_deref(), self.context.language()))
            }
            LinkEnd::TokenRefused { .. } => {
                tracing::info!("the server refused the token; trying a fresh one");
                self.refused = true;
                NextStep::Attempt
            }
            LinkEnd::SignInNeeded(reason) => NextStep::AskToSignIn(reason),
            LinkEnd::TokenExpired => {
                tracing::info!("the server ended the session with its token; going on with the fresh one");
                self.refused = false;
                NextStep::Attempt
            }
            LinkEnd::Failed { reason, online_for, retry_after } => {
                if online_for.is_some() {
                    self.refused = false;
                }
                self.backoff.failed(online_for);
                NextStep::Wait { reason, at_least: retry_after }
            }
        }
    }

    async fn wait(&mut self, reason: LinkReason, at_least: Option<Duration>) -> NextStep {
        let fraction = rand::random::<f64>();
        let wait = match at_least {
            // The tenth on top keeps those apart who were sent away together.
            Some(at_least) => self.backoff.wait(fraction).max(at_least.mul_f64(1.0 + fraction / 10.0)),
            None => self.backoff.wait(fraction),
        };
        let now = self.context.clock.now();
        let retry_at = SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now);
        tracing::info!(wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), "waiting for the next attempt");
        self.context.status.connection(ConnectionState::Waiting { retry_at, reason });
        let patient = at_least.is_some_and(|at_least| !at_least.is_zero());
        let began = Instant::now();
        let mut until = pin!(tokio::time::sleep(wait));
        let mut addresses = self.context.addresses.clone();
        addresses.mark_unchanged();
        loop {
            tokio::select! {
                () = &mut until => return NextStep::Attempt,
                command = self.commands.recv() => match self.live.triage(command.unwrap_or(SupervisorCommand::Stop)) {
                    None => {}
                    Some(SupervisorCommand::Woke) if patient || !is_a_wake(&mut self.woke_at) => {}
                    Some(command) => return NextStep::Handle(command),
                },
                () = self.jumps.jumped(), if !patient => if is_a_wake(&mut self.woke_at) {
                    return NextStep::Handle(SupervisorCommand::Woke);
                },
                gained = network_gained(&mut addresses), if !patient => if gained {
                    self.backoff.reset();
                    until.as_mut().reset((began + NETWORK_PAUSE).min(began + wait));
                },
            }
        }
    }

    /// Nothing to do until a command comes.
    async fn idle(&mut self, state: ConnectionState) -> NextStep {
        self.context.status.connection(state);
        loop {
            let command = self.commands.recv().await.unwrap_or(SupervisorCommand::Stop);
            match self.live.triage(command) {
                None | Some(SupervisorCommand::Woke) => {}
                Some(command) => return NextStep::Handle(command),
            }
        }
    }

    /// Carries out a command while no link is up.
    async fn handle(&mut self, command: SupervisorCommand) -> NextStep {
        match command {
            SupervisorCommand::Stop => return NextStep::End,
            SupervisorCommand::SwitchTo { account, tokens, reply } => {
                self.context.status.connection(ConnectionState::Connecting { attempt: 1 });
                self.switch_to(*account, &tokens).await;
                // A caller that has stopped waiting is no error.
                let _ = reply.send(());
            }
            SupervisorCommand::SignOut { wipe, reply } => {
                self.context.status.connection(ConnectionState::SignInNeeded {
                    reason: link_reasons::not_signed_in(self.context.language()),
                });
                let _ = reply.send(self.sign_out(wipe).await);
            }
            SupervisorCommand::Pause => self.live.change(|settings| settings.paused = true),
            SupervisorCommand::Resume => self.live.change(|settings| settings.paused = false),
            SupervisorCommand::SetNetwork { way, reply } => {
                let PreparedNetwork { choice, network, http } = *way;
                self.live.change(|settings| settings.network = choice);
                self.context.rest.go_by(http);
                self.network.send_replace(network);
                let _ = reply.send(());
            }
            // Of rooms and preferences, `triage` leaves nothing to do here.
            SupervisorCommand::Reconnect
            | SupervisorCommand::Woke
            | SupervisorCommand::Preferences { .. }
            | SupervisorCommand::SetPreferences(_)
            | SupervisorCommand::Network { .. }
            | SupervisorCommand::Subscribe { .. }
            | SupervisorCommand::Unsubscribe { .. }
            | SupervisorCommand::Hold { .. }
            | SupervisorCommand::Release { .. } => {}
        }
        self.backoff.reset();
        self.refused = false;
        NextStep::Attempt
    }

    async fn switch_to(&mut self, account: Account, tokens: &Tokens) {
        let id = account.id();
        self.carried.recovery = None;
        if let Some(before) = self.live.settings.account.as_ref().map(Account::id).filter(|before| *before != id) {
            // The tokens of an account that is no longer used have no business here.
            if let Err(error) = self.carried.credentials.delete(&before).await {
                tracing::warn!(%error, "the former account's tokens could not be deleted");
            }
        }
        let kept = self.carried.credentials.store(&id, tokens).await;
        self.context
            .status
            .problem(Part::Keychain, kept.err().map(|error| link_reasons::unsaved(&error, self.context.language())));
        self.live.change(|settings| {
            settings.account = Some(account);
            settings.paused = false;
        });
        self.switch_account().await;
    }

    /// Forgets the account and deletes its tokens; the account is forgotten even when the keychain keeps them.
    async fn sign_out(&mut self, wipe: bool) -> SignedOut {
        let Some(id) = self.live.settings.account.as_ref().map(Account::id) else {
            return SignedOut { tokens_deleted: Ok(()), wiped: None };
        };
        self.carried.recovery = None;
        let tokens_deleted = self.carried.credentials.delete(&id).await;
        self.context.status.problem(Part::Keychain, None);
        self.live.change(|settings| settings.account = None);
        self.switch_account().await;
        if !wipe {
            return SignedOut { tokens_deleted, wiped: None };
        }
        let (reply, wiped) = oneshot::channel();
        // As in `switch_account`.
        let _ = self.context.writer.send(WriterInput::Wipe { account: id, reply }).await;
        SignedOut { tokens_deleted, wiped: Some(wiped) }
    }

    async fn switch_account(&self) {
        let id = self.live.settings.account.as_ref().map(Account::id);
        // The queue closes only when the writer is gone, and then everything ends.
        let _ = self.context.writer.send(WriterInput::Account(id)).await;
    }
}

/// Whether this is the first that we hear of a wake.
fn is_a_wake(woke_at: &mut Option<Instant>) -> bool {
    let is_new = woke_at.is_none_or(|at| at.elapsed() >= WAKE_ECHO);
    if is_new {
        *woke_at = Some(Instant::now());
    }
    is_new
}

/// Waits for a change of the machine's addresses; whether one came that leads somewhere. Cancel-safe.
async fn network_gained(addresses: &mut watch::Receiver<Option<Arc<[IpAddr]>>>) -> bool {
    let before = addresses.borrow().clone().unwrap_or_default();
    if addresses.changed().await.is_err() {
        // Nobody tells any more.
        std::future::pending::<()>().await;
    }
    let after = addresses.borrow_and_update().clone().unwrap_or_default();
    after.iter().any(|address| is_of_a_network(address) && !before.contains(address))
}
