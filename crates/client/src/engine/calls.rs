//! Calls to a running engine: everything that the resident, the window and the command line can ask of it.

use std::collections::HashMap;
use std::net::IpAddr;

use domain::Secret;
use domain::account::{AccountId, Audience, ServerUrl};
use domain::criteria::{Criteria, RowSelector};
use domain::desk::DeskView;
use domain::policy::ToastPreferences;
use domain::settings::{Account, Preferences};
use domain::view::{Snapshot, ThreadPreference};
use tokio::sync::{broadcast, oneshot, watch};

use super::{CommandError, Engine};
use crate::decisions::{BackTest, back_test};
use crate::pipeline::{StoreReply, UndoTicket, Writer, WriterCommand};
use crate::ports::{ToastError, ToastFeedback};
use crate::preferences::EffectivePreferences;
use crate::status::Change;
use crate::store::{RowPage, StoreError, ThreadListPage};
use crate::supervisor::{self, SignInError, SignedOut};

impl Engine {
    /// The state around the inbox, now and from now on.
    pub fn snapshot(&self) -> watch::Receiver<Snapshot> {
        self.status.subscribe()
    }

    /// What happens to the inbox from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Rows, newest first. See [`crate::Store::list`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn list(&self, criteria: Criteria, before: Option<i64>, limit: u32) -> Result<RowPage, CommandError> {
        self.call(move |writer| writer.list(&criteria, before, limit)).await
    }

    /// Bookings and flights, the one with the newest row first. See [`crate::Store::threads`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn threads(
        &self,
        criteria: Criteria,
        before: Option<i64>,
        limit: u32,
    ) -> Result<ThreadListPage, CommandError> {
        self.call(move |writer| writer.threads(&criteria, before, limit)).await
    }

    /// The rows of one booking or flight, newest first. See [`crate::Store::thread`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn thread(&self, thread: String, before: Option<i64>, limit: u32) -> Result<RowPage, CommandError> {
        self.call(move |writer| writer.thread(&thread, before, limit)).await
    }

    /// The person has looked at what was missed.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn dismiss_digest(&self, gap: i64) -> Result<(), CommandError> {
        self.call(move |writer| writer.dismiss_digest(gap)).await
    }

    /// How it looks at the desk.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn desk(&self) -> Result<DeskView, CommandError> {
        self.call(|writer| writer.desk()).await
    }

    /// Marks rows. See [`crate::Store::set_read`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn set_read(&self, rows: RowSelector, read: bool) -> Result<UndoTicket, CommandError> {
        self.call(move |writer| writer.set_read(&rows, read)).await
    }

    /// Puts rows away as done, or back into the inbox. See [`crate::Store::set_done`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn set_done(&self, rows: RowSelector, done: bool) -> Result<UndoTicket, CommandError> {
        self.call(move |writer| writer.set_done(&rows, done)).await
    }

    /// Takes a change back; false when it is too late.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn undo(&self, number: u64) -> Result<bool, CommandError> {
        self.call(move |writer| writer.undo(number)).await
    }

    /// Signs in and connects. A link that is up stays up until the server has said yes.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(&self, account: Account, password: Secret) -> Result<(), SignInError> {
        let login = self.rest.login(account.auth(), &account.email, &password).await;
        let tokens = login.map_err(|error| SignInError::of(error, &account))?;
        let (reply, answer) = oneshot::channel();
        let command = supervisor::SupervisorCommand::SwitchTo { account: Box::new(account), tokens, reply };
        self.supervisor.send(command).await.map_err(|_| SignInError::Ending)?;
        answer.await.map_err(|_| SignInError::Ending)
    }

    /// Closes the session, forgets the account, deletes its tokens and, when asked, its history.
    ///
    /// # Errors
    /// See [`CommandError`]; the account is forgotten even when the keychain keeps the tokens, or when a person stops the
    /// deletion of the history.
    pub async fn sign_out(&self, wipe: bool) -> Result<(), CommandError> {
        let (reply, answer) = oneshot::channel();
        let command = supervisor::SupervisorCommand::SignOut { wipe, reply };
        self.supervisor.send(command).await.map_err(|_| CommandError::Ending)?;
        let SignedOut { tokens_deleted, wiped } = answer.await.map_err(|_| CommandError::Ending)?;
        let wiped = match wiped {
            Some(wiped) => wiped.await.map_err(|_| CommandError::Ending)?,
            None => Ok(true),
        };
        // What is left of the sign-in comes first: it is the one thing that somebody has to see to.
        tokens_deleted?;
        if wiped? { Ok(()) } else { Err(CommandError::Cancelled) }
    }

    /// What the person may change while the program runs.
    ///
    /// # Errors
    /// The program is ending.
    pub async fn preferences(&self) -> Result<Preferences, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.tell(supervisor::SupervisorCommand::Preferences { reply }).await;
        answer.await.map_err(|_| CommandError::Ending)
    }

    /// Changes it, at once and for good.
    pub async fn set_preferences(&self, preferences: Preferences) {
        self.tell(supervisor::SupervisorCommand::SetPreferences(Box::new(preferences))).await;
    }

    /// What these preferences would have done with what came in the last `days`.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn back_test(&self, preferences: &Preferences, days: u32) -> Result<BackTest, CommandError> {
        let account = self.account();
        let mut effective = EffectivePreferences::clone(&self.preferences.borrow());
        effective.toasts = ToastPreferences::preferred(preferences);
        let (path, audience) = (self.path.clone(), self.audience());
        let tested = tokio::task::spawn_blocking(move || back_test(&path, account, audience, &effective, days)).await;
        Ok(tested.map_err(|_| CommandError::Ending)??)
    }

    pub(super) fn account(&self) -> Option<AccountId> {
        let snapshot = self.status.subscribe();
        let account = snapshot.borrow().account.clone()?;
        Some(AccountId::new(&account.email, &ServerUrl::parse(&account.server).ok()?))
    }

    fn audience(&self) -> Audience {
        let snapshot = self.status.subscribe();
        let now = snapshot.borrow();
        let role = now.account.as_ref().and_then(|account| account.role.as_deref());
        let audience = role.map_or_else(Audience::default, Audience::of_role);
        audience.in_rooms(now.rooms.iter().map(|view| view.room.as_str()))
    }

    /// What the person wants of a booking or a flight: to hear no more of it, or later.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn set_thread_preference(
        &self,
        thread: String,
        preference: ThreadPreference,
    ) -> Result<(), CommandError> {
        self.call(move |writer| writer.set_thread_preference(&thread, preference)).await
    }

    /// What is wanted of each booking and flight that is muted or snoozed; changes are [`Change::ThreadPreferenceChanged`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn thread_preferences(&self) -> Result<HashMap<String, ThreadPreference>, CommandError> {
        self.call(|writer| writer.thread_preferences()).await
    }

    /// Shows a toast that says that toasts come through; what becomes of it is a [`Change::TestToast`].
    ///
    /// # Errors
    /// See [`ToastError`].
    pub async fn test_toast(&self) -> Result<(), ToastError> {
        let ending = || ToastError::Unavailable("Gatecall is ending".to_owned());
        let (reply, answer) = oneshot::channel();
        let command = WriterCommand::run(|writer| writer.presenter.test_toast(reply));
        self.writer.send(command).await.map_err(|_| ending())?;
        answer.await.map_err(|_| ending())?
    }

    /// The screen was locked, or is not locked any more.
    pub async fn set_locked(&self, locked: bool) {
        // An engine that is ending shows nothing.
        let command = WriterCommand::run(move |writer| writer.presenter.set_locked(locked, &mut writer.inbox));
        let _ = self.writer.send(command).await;
    }

    /// The machine slept: whatever the link looks like, it is made anew.
    pub async fn woke(&self) {
        self.tell(supervisor::SupervisorCommand::Woke).await;
    }

    /// The machine's addresses are these now. A link that hangs on another one is given up, and a new one is tried at
    /// once.
    pub fn network_changed(&self, addresses: Vec<IpAddr>) {
        self.addresses.send_replace(Some(addresses.into()));
    }

    /// Disconnects until resumed.
    pub async fn pause(&self) {
        self.tell(supervisor::SupervisorCommand::Pause).await;
    }

    /// Connects again after a pause.
    pub async fn resume(&self) {
        self.tell(supervisor::SupervisorCommand::Resume).await;
    }

    /// Tries at once.
    pub async fn reconnect(&self) {
        self.tell(supervisor::SupervisorCommand::Reconnect).await;
    }

    /// Asks for a room, now and after each connect.
    pub async fn subscribe(&self, room: String) {
        self.tell(supervisor::SupervisorCommand::Subscribe { room }).await;
    }

    /// Leaves a room that was asked for, now and for good.
    pub async fn unsubscribe(&self, room: String) {
        self.tell(supervisor::SupervisorCommand::Unsubscribe { room }).await;
    }

    /// Asks for a room until it is released as often as it was held; never remembered.
    pub async fn hold_room(&self, room: String) {
        self.tell(supervisor::SupervisorCommand::Hold { room }).await;
    }

    /// Takes one hold back.
    pub async fn release_room(&self, room: String) {
        self.tell(supervisor::SupervisorCommand::Release { room }).await;
    }

    /// Passes on what the desktop says about a toast.
    pub async fn toast_feedback(&self, feedback: ToastFeedback) {
        // An engine that is ending needs no feedback.
        let _ = self.writer.send(WriterCommand::run(|writer| writer.on_toast_feedback(feedback))).await;
    }

    /// Says whether a demo can be opened beside this.
    pub fn set_can_demo(&self, can_demo: bool) {
        self.status.modify(|snapshot| snapshot.can_demo = can_demo);
    }

    /// Says whether the desktop has a tray.
    pub fn set_tray_host(&self, present: bool) {
        self.status.modify(|snapshot| snapshot.tray_host = present);
    }

    pub(super) async fn tell(&self, command: supervisor::SupervisorCommand) {
        // An engine that is ending has nothing left to change.
        let _ = self.supervisor.send(command).await;
    }

    /// Runs `job` on the writer's thread and waits for what it gives.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, CommandError> {
        self.ask(|writer, reply| drop(reply.send(job(writer)))).await
    }

    /// Runs `job` on the writer's thread, which answers when it is over, however long that takes.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer, StoreReply<T>) + Send + 'static,
    ) -> Result<T, CommandError> {
        let (reply, answer) = oneshot::channel();
        let command = WriterCommand::run(|writer| job(writer, reply));
        self.writer.send(command).await.map_err(|_| CommandError::Ending)?;
        Ok(answer.await.map_err(|_| CommandError::Ending)??)
    }
}
