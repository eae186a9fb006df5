//! Delivery thread: executes jobs, processes bus messages and keeps at most one toast for each key, whatever the service
//! does.
//!
//! The deadline of a job can cancel it at any await. A toast is therefore recorded before it is sent, and an answer that
//! arrives after the deadline is processed on arrival.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::time::Duration;

use client::ports::{ToastError, ToastFeedback};
use domain::Toast;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use zbus::Variant;
use zbus::names::OwnedUniqueName;
use zbus::{Message, names::UniqueName};

use super::active::{ActiveNotification, ActiveNotifications, Replacement};
use super::bus_connection::BusConnection;
use super::content::build_notification;
use super::error::DeliveryError;
use super::job::DeliveryJob;
use super::unacknowledged::{SentToast, Unacknowledged};
use crate::toasts::NotificationService;

/// Deadline of a job, within the caller's own deadline.
const SERVICE_DEADLINE: Duration = Duration::from_millis(4_500);
/// Pause before a retry: Plasma rejects a second toast of the same text within one second.
const RATE_LIMIT_PAUSE: Duration = Duration::from_millis(1_100);

/// State of the delivery thread.
pub struct Delivery {
    bus: Option<String>,
    pub(super) connection: Option<BusConnection>,
    pub(super) active: ActiveNotifications,
    pub(super) unacknowledged: Unacknowledged,
    /// Ids of toasts to close.
    pub(super) to_close: Vec<u32>,
    /// Toasts left on screen by a broken connection: bus id, service, toast ids.
    pub(super) leftovers: Option<(String, OwnedUniqueName, Vec<u32>)>,
    pub(super) undelivered: VecDeque<ToastFeedback>,
    pub(super) feedback: mpsc::Sender<ToastFeedback>,
}

impl Delivery {
    pub fn new(bus: Option<String>, feedback: mpsc::Sender<ToastFeedback>) -> Self {
        Self {
            bus,
            connection: None,
            active: ActiveNotifications::default(),
            unacknowledged: Unacknowledged::default(),
            to_close: Vec::new(),
            leftovers: None,
            undelivered: VecDeque::new(),
            feedback,
        }
    }

    /// Runs until the job queue is closed.
    pub async fn run(&mut self, mut jobs: mpsc::Receiver<DeliveryJob>) {
        loop {
            tokio::select! {
                job = jobs.recv() => match job {
                    Some(job) => self.execute(job).await,
                    None => return,
                },
                message = next_message(&mut self.connection) => self.on_idle_message(message).await,
                is_received = has_room(self.feedback.clone()), if !self.undelivered.is_empty() => self.deliver_feedback(is_received),
            }
        }
    }

    async fn execute(&mut self, job: DeliveryJob) {
        // Sending a reply fails only when its caller has timed out: `let _` throughout.
        match job {
            DeliveryJob::Show(toast, reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.show(&toast).await).await);
            }
            DeliveryJob::Withdraw(key, reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.withdraw(&key).await).await);
            }
            DeliveryJob::Probe(reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.service().await).await);
            }
        }
    }

    async fn timed<T>(
        &mut self,
        call: impl AsyncFnOnce(&mut Self) -> Result<T, DeliveryError>,
    ) -> Result<T, ToastError> {
        let result = timeout(SERVICE_DEADLINE, call(self)).await;
        for notification in self.active.restore_unreplaced() {
            if let Replacement::Gone(Some(happened)) = notification.replacement {
                self.report(notification.key, notification.notification_id, happened);
            }
        }
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                if matches!(error, DeliveryError::NoBus(_)) {
                    self.on_connection_lost();
                }
                Err(error.into())
            }
            Err(_) => {
                // A message sent in part makes the connection unusable.
                if self.connection.as_ref().is_some_and(BusConnection::is_send_interrupted) {
                    self.on_connection_lost();
                }
                Err(ToastError::Timeout)
            }
        }
    }

    async fn show(&mut self, toast: &Toast) -> Result<(), DeliveryError> {
        let mut again = true;
        loop {
            let Err(error) = self.show_once(toast).await else { return Ok(()) };
            if !std::mem::take(&mut again) {
                return Err(error);
            }
            if error.is_service_gone() {
                if let Some(connection) = &mut self.connection {
                    connection.service = None;
                }
            } else if error.is_rate_limited() {
                self.process_for(RATE_LIMIT_PAUSE).await?;
            } else {
                return Err(error);
            }
        }
    }

    async fn show_once(&mut self, toast: &Toast) -> Result<(), DeliveryError> {
        self.await_overdue_answers(&toast.key).await?;
        // Only now: another service can have come meanwhile.
        let service = self.service().await?;
        self.notify(toast, &service).await
    }

    async fn notify(&mut self, toast: &Toast, service: &NotificationService) -> Result<(), DeliveryError> {
        let keys: Vec<&str> =
            [Some(&toast.key), toast.takes_over.as_ref()].into_iter().flatten().map(|key| &**key).collect();
        let on_screen = keys.iter().filter_map(|key| self.active.of_key(key));
        let replaces = on_screen
            .filter(|notification| !matches!(notification.replacement, Replacement::Gone(_)))
            .map(|notification| notification.id)
            .next();
        let notification = build_notification(toast, service);
        let hints: HashMap<&str, Variant<'_>> = notification.hints.iter().map(Into::into).collect();
        let body = (
            &notification.appname,
            replaces.unwrap_or_default(),
            &notification.icon,
            &notification.summary,
            &notification.body,
            &notification.actions,
            hints,
            i32::from(notification.timeout),
        );
        let owner = self.connection().await?.owner.clone().ok_or_else(DeliveryError::no_service)?;
        // Cancellation-critical: from here to the answer the toast counts as sent.
        self.active.mark_replaced(&keys);
        self.unacknowledged.add_sending(toast, owner.clone());
        let serial = self.connection().await?.call_owner("Notify", &body).await;
        self.unacknowledged.mark_sent(serial.as_ref().ok().copied());
        let serial = serial?;
        let answer = self.answer(serial).await;
        let Some(sent) = self.unacknowledged.take_answered(serial) else {
            return answer.and(Err(DeliveryError::no_service()));
        };
        match answer {
            Ok(answer) => self.on_shown(answer.body().deserialize().unwrap_or_default(), owner, sent, &keys).await,
            Err(error) => {
                // The toast may be on screen unless that service has exited.
                if error.is_answer_lost() && self.connection().await?.owner == Some(owner) {
                    self.unacknowledged.add_without_id(sent);
                }
                Err(error)
            }
        }
    }

    /// Records an answer in time: the toast is on screen under this id and replaces the toasts with these keys.
    async fn on_shown(
        &mut self,
        id: u32,
        owner: OwnedUniqueName,
        sent: SentToast,
        keys: &[&str],
    ) -> Result<(), DeliveryError> {
        for before in self.active.remove_where(|notification| keys.contains(&notification.key.as_str())) {
            // A service that assigned a new id may still show the earlier toast.
            if before.id != id && before.owner == owner && !matches!(before.replacement, Replacement::Gone(_)) {
                self.to_close.push(before.id);
            }
        }
        self.close_pending().await?;
        if id == 0 {
            self.unacknowledged.add_without_id(sent);
            return Err(DeliveryError::invalid_answer("it gave the toast no number"));
        }
        if let Some(other) = self.active.remove(id) {
            // The id is reused: the other toast is closed or cannot be addressed any more.
            self.unacknowledged.add_unreachable(&other);
            self.report_gone(vec![other]);
        }
        let SentToast { key, notification_id, display_time, .. } = sent;
        let notification = ActiveNotification {
            id,
            key,
            owner,
            notification_id,
            display_time,
            activation_token: None,
            replacement: Replacement::Stays,
        };
        if let Some(oldest) = self.active.insert(notification) {
            self.to_close.push(oldest.id);
            self.report_gone(vec![oldest]);
        }
        for signal in self.unacknowledged.take_signals(id) {
            self.on_signal(id, signal);
        }
        self.close_pending().await
    }

    async fn withdraw(&mut self, key: &str) -> Result<(), DeliveryError> {
        let Some(id) = self.active.of_key(key).map(|notification| notification.id) else { return Ok(()) };
        let serial = self.connection().await?.call_owner("CloseNotification", &(id,)).await;
        // Calls are processed in order: every later call finds the toast closed.
        self.active.remove(id);
        match serial {
            Ok(serial) => match self.answer(serial).await {
                // An error means that the toast was closed already.
                Ok(_) | Err(DeliveryError::Refused { .. }) => Ok(()),
                Err(error) => Err(error),
            },
            Err(DeliveryError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Waits for overdue answers. A service that does not respond is sent nothing more, or it would show everything at once
    /// when it recovers; nor is a toast of a thread whose previous toast may be on screen under an unknown id.
    async fn await_overdue_answers(&mut self, key: &str) -> Result<(), DeliveryError> {
        self.unacknowledged.remove_expired();
        if self.unacknowledged.is_answer_due() {
            self.probe().await?;
        }
        while self.unacknowledged.is_answer_due_for(key) {
            self.process_next(None).await?;
        }
        if self.unacknowledged.contains(key) {
            // A service that has exited took its toasts along. The bus says so before the next service answers.
            self.probe().await?;
        }
        if self.unacknowledged.contains(key) {
            return Err(DeliveryError::invalid_answer("an earlier toast of this thread may be up, out of reach"));
        }
        Ok(())
    }

    /// Description of the service; fetched once for each owner of the name.
    async fn service(&mut self) -> Result<NotificationService, DeliveryError> {
        if let Some(service) = &self.connection().await?.service {
            return Ok(service.clone());
        }
        let reply = self.probe().await?;
        let malformed = |_| DeliveryError::invalid_answer("it does not say what it is");
        let (name, _, version, _): (String, String, String, String) = reply.body().deserialize().map_err(malformed)?;
        let connection = self.connection().await?;
        connection.owner = reply.header().sender().map(UniqueName::to_owned).map(Into::into);
        let serial = connection.call_owner("GetCapabilities", &()).await?;
        let capabilities: Vec<String> = self.answer(serial).await?.body().deserialize().map_err(malformed)?;
        let connection = self.connection().await?;
        Ok(connection.service.insert(NotificationService { name, version, capabilities }).clone())
    }

    /// Calls `GetServerInformation`, unless a call is pending, and waits for the answer.
    async fn probe(&mut self) -> Result<Message, DeliveryError> {
        let connection = self.connection().await?;
        let serial = match connection.pending_probe {
            Some(serial) => serial,
            None => connection.call("GetServerInformation", &()).await?,
        };
        connection.pending_probe = Some(serial);
        self.answer(serial).await
    }

    async fn connection(&mut self) -> Result<&mut BusConnection, DeliveryError> {
        if self.connection.is_none() {
            let connection = BusConnection::open(self.bus.as_deref()).await?;
            if let Some((bus, owner, ids)) = self.leftovers.take()
                && bus == connection.bus
                && connection.owner == Some(owner)
            {
                self.to_close.extend(ids);
            }
            self.unacknowledged.remove_services(|owner| connection.owner.as_ref() != Some(owner));
            self.connection = Some(connection);
            self.close_pending().await?;
        }
        self.connection.as_mut().ok_or_else(DeliveryError::no_service)
    }

    /// Processes messages until the answer to this call arrives.
    async fn answer(&mut self, serial: NonZeroU32) -> Result<Message, DeliveryError> {
        loop {
            if let Some(answer) = self.process_next(Some(serial)).await? {
                return answer;
            }
        }
    }

    async fn process_for(&mut self, time: Duration) -> Result<(), DeliveryError> {
        let mut over = std::pin::pin!(sleep(time));
        loop {
            tokio::select! {
                () = &mut over => return Ok(()),
                heard = self.process_next(None) => drop(heard?),
            }
        }
    }

    /// Processes one message; returns it if it is the awaited answer.
    async fn process_next(
        &mut self,
        awaited: Option<NonZeroU32>,
    ) -> Result<Option<Result<Message, DeliveryError>>, DeliveryError> {
        let message = next_message(&mut self.connection).await;
        let message = message.ok_or_else(|| DeliveryError::NoBus("the bus has gone".to_owned()))?;
        let answer = self.on_message(&message, awaited);
        self.close_pending().await?;
        Ok(answer)
    }

    /// Processes a message that arrives between jobs.
    async fn on_idle_message(&mut self, message: Option<Message>) {
        let Some(message) = message else { return self.on_connection_lost() };
        self.on_message(&message, None);
        if let Ok(Ok(())) = timeout(SERVICE_DEADLINE, self.close_pending()).await {
            return;
        }
        // A bus that accepts no message within the deadline counts as lost.
        self.on_connection_lost();
    }

    /// Closes the toasts in `to_close` before anything else is sent.
    async fn close_pending(&mut self) -> Result<(), DeliveryError> {
        while let (Some(connection), Some(&id)) = (&mut self.connection, self.to_close.last()) {
            match connection.close(id).await {
                // Without a service none of its toasts are on screen.
                Ok(()) | Err(DeliveryError::Refused { .. }) => self.to_close.pop(),
                Err(error) => return Err(error),
            };
        }
        Ok(())
    }
}

/// Waits for room in the feedback queue; false when its receiver is dropped. Cancel-safe.
async fn has_room(feedback: mpsc::Sender<ToastFeedback>) -> bool {
    feedback.reserve().await.is_ok()
}

/// Receives the next message; `None` when the connection is closed. Pending forever without a connection. Cancel-safe.
async fn next_message(connection: &mut Option<BusConnection>) -> Option<Message> {
    let Some(connection) = connection else { return std::future::pending().await };
    connection.next().await
}
