//! Keeps the link up, for ever, and says truthfully where it stands.
//!
//! The only owner of tokens, account and settings: refreshing is single-flight because nobody else can do it. Commands
//! that change who or whether to connect end the link first; a request for a room does not.

mod link;
mod reasons;
mod wall_clock;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::Secret;
use domain::connection::{ConnectionState, Reason};
use domain::settings::{Account, Settings};
use domain::view::{AccountView, RoomState, RoomView};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use self::link::{End, Wires};
use crate::backoff::Backoff;
use crate::credentials::Credentials;
use crate::pipeline::Feed;
use crate::ports::{Keychain, KeychainError};
use crate::rest::{Rest, RestError};
use crate::settings_file::SettingsFile;
use crate::status::{Part, Status};

/// What may be asked of the supervisor.
#[derive(Debug)]
pub(crate) enum Command {
    SignIn {
        account: Box<Account>,
        password: Secret,
        reply: oneshot::Sender<Result<(), SignInError>>,
    },
    SignOut {
        reply: oneshot::Sender<Result<Option<Account>, KeychainError>>,
    },
    Pause,
    Resume,
    Reconnect,
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

/// Why a sign-in did not work. Every message is a sentence for a person.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong e-mail address or password; the message is the server's.
    #[error("{0}")]
    Refused(String),
    /// Nothing answers, or not now.
    #[error("{0}")]
    Unreachable(String),
    /// Something answers that is no booking service.
    #[error("{0} does not answer as a booking service. Is the address right?")]
    NotABookingService(String),
    /// The program is ending.
    #[error("Gatecall is ending")]
    Ending,
}

/// What the supervisor is made of.
pub(crate) struct Parts {
    pub keychain: Arc<dyn Keychain>,
    pub rest: Rest,
    pub tls: Arc<rustls::ClientConfig>,
    pub settings: Settings,
    pub settings_file: SettingsFile,
    /// Rooms for this run only, beside those of the settings.
    pub extra_rooms: Vec<String>,
    pub feed: mpsc::Sender<Feed>,
    pub status: Status,
    pub lookups: mpsc::Receiver<String>,
    pub commands: mpsc::Receiver<Command>,
}

pub(crate) struct Supervisor {
    wires: Wires,
    credentials: Credentials,
    lookups: mpsc::Receiver<String>,
    commands: mpsc::Receiver<Command>,
    desk: Desk,
    backoff: Backoff,
    /// The server refused the token once since it last accepted one.
    refused: bool,
}

/// The settings, and who has to know of their changes.
struct Desk {
    settings: Settings,
    file: SettingsFile,
    /// One entry a hold, so a room may be in it more than once.
    extra_rooms: Vec<String>,
    rooms: watch::Sender<Vec<String>>,
    status: Status,
}

/// What to do after a step.
enum Next {
    Attempt,
    Wait { reason: Reason, at_least: Duration },
    AskToSignIn(Reason),
    Obey(Command),
    End,
}

impl Supervisor {
    pub fn new(parts: Parts) -> Self {
        let (rooms, watched_rooms) = watch::channel(Vec::new());
        let desk = Desk {
            settings: parts.settings,
            file: parts.settings_file,
            extra_rooms: parts.extra_rooms,
            rooms,
            status: parts.status.clone(),
        };
        desk.publish();
        Self {
            wires: Wires {
                rest: parts.rest,
                tls: parts.tls,
                feed: parts.feed,
                status: parts.status,
                rooms: watched_rooms,
            },
            credentials: Credentials::new(parts.keychain),
            lookups: parts.lookups,
            commands: parts.commands,
            desk,
            backoff: Backoff::default(),
            refused: false,
        }
    }

    /// Runs until [`Command::Stop`].
    pub async fn run(mut self) {
        let mut next = Next::Attempt;
        loop {
            next = match next {
                Next::End => return,
                Next::Attempt => self.attempt().await,
                Next::Wait { reason, at_least } => self.wait(reason, at_least).await,
                Next::AskToSignIn(reason) => self.idle(ConnectionState::SignInNeeded { reason }).await,
                Next::Obey(command) => self.obey(command).await,
            };
        }
    }

    async fn attempt(&mut self) -> Next {
        if self.desk.settings.paused {
            return self.idle(ConnectionState::Paused).await;
        }
        let Some(account) = self.desk.settings.account.clone() else {
            return Next::AskToSignIn(reasons::not_signed_in());
        };
        self.wires.status.connection(ConnectionState::Connecting { attempt: self.backoff.attempt() });
        let stop = CancellationToken::new();
        let mut interrupt = None;
        let end = {
            let link = link::run(&self.wires, &mut self.credentials, &mut self.lookups, &account, self.refused, &stop);
            let mut link = pin!(link);
            loop {
                tokio::select! {
                    end = &mut link => break end,
                    command = self.commands.recv(), if interrupt.is_none() => {
                        if let Some(command) = self.desk.triage(command.unwrap_or(Command::Stop)) {
                            interrupt = Some(command);
                            stop.cancel();
                        }
                    }
                }
            }
        };
        self.wires.status.modify(|snapshot| {
            snapshot.rooms.iter_mut().for_each(|room| room.state = RoomState::Requested);
        });
        let next = self.after(end);
        interrupt.map_or(next, Next::Obey)
    }

    fn after(&mut self, end: End) -> Next {
        match end {
            End::Stopped => Next::Attempt,
            End::TokenRefused if self.refused => Next::AskToSignIn(reasons::token_refused()),
            End::TokenRefused => {
                tracing::info!("the server refused the token; trying a fresh one");
                self.refused = true;
                Next::Attempt
            }
            End::SignInNeeded(reason) => Next::AskToSignIn(reason),
            End::Failed { reason, online_since, retry_after } => {
                if online_since.is_some() {
                    self.refused = false;
                }
                self.backoff.failed(online_since, Timestamp::now());
                Next::Wait { reason, at_least: retry_after.unwrap_or_default() }
            }
        }
    }

    async fn wait(&mut self, reason: Reason, at_least: Duration) -> Next {
        let wait = self.backoff.wait(rand::random::<f64>()).max(at_least);
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_mins(1));
        let retry_at = Timestamp::now() + wait;
        tracing::info!(
            wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX),
            "waiting before the next attempt"
        );
        self.wires.status.connection(ConnectionState::Waiting { retry_at, reason });
        let until = wall_clock::sleep_until(retry_at);
        let mut until = pin!(until);
        loop {
            tokio::select! {
                () = &mut until => return Next::Attempt,
                command = self.commands.recv() => {
                    if let Some(command) = self.desk.triage(command.unwrap_or(Command::Stop)) {
                        return Next::Obey(command);
                    }
                }
            }
        }
    }

    /// Nothing to do until a command comes.
    async fn idle(&mut self, state: ConnectionState) -> Next {
        self.wires.status.connection(state);
        loop {
            let command = self.commands.recv().await.unwrap_or(Command::Stop);
            if let Some(command) = self.desk.triage(command) {
                return Next::Obey(command);
            }
        }
    }

    /// Carries out a command while no link is up.
    async fn obey(&mut self, command: Command) -> Next {
        match command {
            Command::Stop => return Next::End,
            Command::SignIn { account, password, reply } => {
                let result = self.sign_in(*account, &password).await;
                // A caller that has stopped waiting is no error.
                let _ = reply.send(result);
            }
            Command::SignOut { reply } => {
                let _ = reply.send(self.sign_out().await);
            }
            Command::Pause => self.desk.change(|settings| settings.paused = true),
            Command::Resume => self.desk.change(|settings| settings.paused = false),
            // Of rooms, `triage` leaves nothing to do here.
            Command::Reconnect
            | Command::Subscribe { .. }
            | Command::Unsubscribe { .. }
            | Command::Hold { .. }
            | Command::Release { .. } => {}
        }
        self.backoff.reset();
        self.refused = false;
        Next::Attempt
    }

    async fn sign_in(&mut self, account: Account, password: &Secret) -> Result<(), SignInError> {
        let host = account.auth().as_url().host_str().unwrap_or("The server").to_owned();
        let tokens =
            self.wires.rest.login(account.auth(), &account.email, password).await.map_err(|error| match error {
                RestError::Refused { message, .. } => SignInError::Refused(message),
                RestError::Busy(status) => {
                    SignInError::Unreachable(format!("{host} is busy (HTTP {status}). Try again soon."))
                }
                RestError::Unreachable(_) => SignInError::Unreachable(format!("Nothing answers at {host}.")),
                RestError::Absent | RestError::NotABookingService => SignInError::NotABookingService(host),
            })?;
        let id = account.id();
        if let Some(before) = self.desk.settings.account.as_ref().map(Account::id).filter(|before| *before != id) {
            // The tokens of an account that is no longer used have no business here.
            if let Err(error) = self.credentials.delete(&before).await {
                tracing::warn!(%error, "the former account's tokens could not be deleted");
            }
        }
        let kept = self.credentials.store(&id, &tokens).await;
        self.wires.status.trouble(Part::Keychain, kept.err().map(|error| link::unsaved(&error)));
        self.desk.change(|settings| {
            settings.account = Some(account);
            settings.paused = false;
        });
        self.switch_account().await;
        Ok(())
    }

    /// Deletes the tokens and forgets the account. Returns who it was.
    async fn sign_out(&mut self) -> Result<Option<Account>, KeychainError> {
        let Some(account) = self.desk.settings.account.clone() else { return Ok(None) };
        self.credentials.delete(&account.id()).await?;
        self.wires.status.trouble(Part::Keychain, None);
        self.desk.change(|settings| settings.account = None);
        self.switch_account().await;
        Ok(Some(account))
    }

    async fn switch_account(&self) {
        let id = self.desk.settings.account.as_ref().map(Account::id);
        // The queue closes only when the writer is gone, and then everything ends.
        let _ = self.wires.feed.send(Feed::Account(id)).await;
    }
}

impl Desk {
    /// Carries out what needs no new link, and hands back what does.
    fn triage(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::Subscribe { room } => {
                if !self.settings.rooms.contains(&room) {
                    self.change(|settings| settings.rooms.push(room));
                }
                None
            }
            Command::Unsubscribe { room } => {
                if self.settings.rooms.contains(&room) {
                    self.change(|settings| settings.rooms.retain(|known| *known != room));
                }
                None
            }
            Command::Hold { room } => {
                self.extra_rooms.push(room);
                self.publish();
                None
            }
            Command::Release { room } => {
                if let Some(index) = self.extra_rooms.iter().position(|held| *held == room) {
                    self.extra_rooms.remove(index);
                    self.publish();
                }
                None
            }
            Command::Resume if !self.settings.paused => None,
            Command::Pause if self.settings.paused => None,
            command => Some(command),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        let saved = self.file.save(&self.settings);
        if let Err(error) = &saved {
            tracing::error!(%error, "the settings could not be saved");
        }
        let sentence = saved.err().map(|error| format!("Settings cannot be saved: {error}."));
        self.status.trouble(Part::Settings, sentence);
        self.publish();
    }

    fn publish(&self) {
        let mut rooms = self.settings.rooms.clone();
        for room in &self.extra_rooms {
            if !rooms.contains(room) {
                rooms.push(room.clone());
            }
        }
        self.rooms.send_if_modified(|now| std::mem::replace(now, rooms.clone()) != rooms);
        self.status.modify(|snapshot| {
            let account = self.settings.account.as_ref();
            // Shown as asked for while no link is up that could ask.
            let mut before = std::mem::take(&mut snapshot.rooms);
            before.retain(|view| rooms.contains(&view.room));
            let new = rooms.iter().filter(|room| before.iter().all(|view| view.room != **room));
            let new = new.map(|room| RoomView { room: room.clone(), state: RoomState::Requested }).collect::<Vec<_>>();
            snapshot.rooms = before.into_iter().chain(new).collect();
            let role = snapshot.account.take().and_then(|view| view.role);
            snapshot.account = account.map(|account| AccountView {
                email: account.email.clone(),
                server: account.server.to_string(),
                auth_url: account.auth_url.as_ref().map(ToString::to_string),
                booking_url: account.booking_url.as_ref().map(ToString::to_string),
                role,
            });
        });
    }
}
