//! Signal handling of the delivery: bus messages in, toast feedback out.

use std::num::NonZeroU32;

use client::ports::{Happened, ToastFeedback};
use domain::ToastAction;
use tokio::sync::mpsc::error::TrySendError;
use zbus::Message;
use zbus::names::OwnedUniqueName;

use super::active::{ActiveNotification, Replacement};
use super::content::parse_action;
use super::delivery::Delivery;
use super::error::DeliveryError;
use super::signals::{self, BusMessage, ToastCloseReason, ToastSignal};

/// Capacity of the buffer of undelivered feedback; the oldest is dropped when it is full.
const MAX_UNDELIVERED: usize = 1_024;

impl Delivery {
    pub(super) fn on_message(
        &mut self,
        message: &Message,
        awaited: Option<NonZeroU32>,
    ) -> Option<Result<Message, DeliveryError>> {
        match signals::read(message, self.connection.as_ref().and_then(|connection| connection.owner.as_ref()))? {
            BusMessage::Toast(id, signal) if self.active.get_mut(id).is_some() => self.on_signal(id, signal),
            BusMessage::Toast(id, signal) => self.unacknowledged.buffer_signal(id, signal),
            BusMessage::Owner { old, new } => self.owner_changed(old, new),
            BusMessage::Answer(serial, answer) => {
                if let Some(connection) = &mut self.connection
                    && connection.pending_probe == Some(serial)
                {
                    connection.pending_probe = None;
                }
                if awaited == Some(serial) {
                    return Some(answer);
                }
                self.on_late_answer(serial, answer);
            }
        }
        None
    }

    /// Handles a signal about a toast on screen.
    pub(super) fn on_signal(&mut self, id: u32, signal: ToastSignal) {
        let Some(notification) = self.active.get_mut(id) else { return };
        match (signal, &notification.replacement) {
            (ToastSignal::ActivationToken(token), _) => notification.activation_token = Some(token),
            (_, Replacement::Gone(_)) => {}
            (ToastSignal::Action(action), replacement) => {
                let Some(action) = parse_action(&action) else { return };
                let happened = match action {
                    ToastAction::Open => Happened::Opened { activation_token: notification.activation_token.take() },
                    action => Happened::Pressed(action),
                };
                let (key, row) = (notification.key.clone(), notification.notification_id);
                if *replacement == Replacement::Stays {
                    self.active.remove(id);
                    // Some services keep a clicked toast on screen; closing a closed one is harmless.
                    self.to_close.push(id);
                } else {
                    notification.replacement = Replacement::Gone(None);
                }
                self.report(key, row, happened);
            }
            (ToastSignal::Closed(reason), replacement) => {
                let happened =
                    if reason == ToastCloseReason::Dismissed { Happened::Dismissed } else { Happened::Expired };
                if *replacement == Replacement::Replaced {
                    notification.replacement = Replacement::Gone(Some(happened));
                } else if let Some(ActiveNotification { key, notification_id, .. }) = self.active.remove(id) {
                    self.report(key, notification_id, happened);
                }
            }
        }
    }

    /// Handles an answer after its deadline. The caller was told that the toast is not shown, so it is closed; a click that
    /// came first still counts.
    fn on_late_answer(&mut self, serial: NonZeroU32, answer: Result<Message, DeliveryError>) {
        let Some(sent) = self.unacknowledged.take_answered(serial) else { return };
        let Ok(answer) = answer else { return };
        let id: u32 = answer.body().deserialize().unwrap_or_default();
        if id == 0 {
            return self.unacknowledged.add_without_id(sent);
        }
        let mut token = None;
        for signal in self.unacknowledged.take_signals(id) {
            match signal {
                ToastSignal::ActivationToken(given) => token = Some(given),
                ToastSignal::Action(action) => {
                    let happened = match parse_action(&action) {
                        Some(ToastAction::Open) => Happened::Opened { activation_token: token.take() },
                        Some(action) => Happened::Pressed(action),
                        None => continue,
                    };
                    self.report(sent.key.clone(), sent.notification_id, happened);
                }
                ToastSignal::Closed(_) => {}
            }
        }
        let of_key = self.active.of_key(&sent.key).map(|notification| notification.id);
        for gone in of_key.into_iter().chain([id]) {
            self.to_close.push(gone);
            if let Some(notification) = self.active.remove(gone) {
                self.report(notification.key, notification.notification_id, Happened::Expired);
            }
        }
    }

    /// Handles a new owner of the service name. Toasts of the old owner are gone, and capabilities are fetched again. Toasts
    /// of the new owner stay: a service activated by our call answers before this signal arrives.
    fn owner_changed(&mut self, old: Option<OwnedUniqueName>, new: Option<OwnedUniqueName>) {
        if let Some(connection) = &mut self.connection
            && connection.owner != new
        {
            connection.owner = new;
            connection.service = None;
            // A pending answer of the previous owner is of no use.
            connection.pending_probe = None;
        }
        let Some(old) = old else { return };
        self.unacknowledged.remove_services(|owner| *owner == old);
        let gone = self.active.remove_of_service(&old);
        self.report_gone(gone);
    }

    /// Handles a lost connection; the next job opens another.
    pub(super) fn on_connection_lost(&mut self) {
        let gone = self.active.remove_where(|_| true);
        if let Some(connection) = self.connection.take()
            && let Some(owner) = connection.owner
        {
            let ids = gone.iter().map(|notification| notification.id).chain(self.to_close.drain(..)).collect();
            self.leftovers = Some((connection.bus, owner, ids));
        }
        self.unacknowledged.on_disconnect();
        self.report_gone(gone);
    }

    pub(super) fn report_gone(&mut self, gone: Vec<ActiveNotification>) {
        for ActiveNotification { key, notification_id, replacement, .. } in gone {
            match replacement {
                Replacement::Stays | Replacement::Replaced => self.report(key, notification_id, Happened::Expired),
                Replacement::Gone(Some(happened)) => self.report(key, notification_id, happened),
                Replacement::Gone(None) => {}
            }
        }
    }

    pub(super) fn report(&mut self, key: String, notification_id: i64, happened: Happened) {
        self.undelivered.push_back(ToastFeedback { key, notification_id, happened });
        self.deliver_feedback(true);
        if self.undelivered.len() > MAX_UNDELIVERED {
            self.undelivered.pop_front();
        }
    }

    /// Sends buffered feedback as far as the queue has room.
    pub(super) fn deliver_feedback(&mut self, is_received: bool) {
        if !is_received {
            // The receiver is dropped only at shutdown.
            self.undelivered.clear();
        }
        while let Some(feedback) = self.undelivered.pop_front() {
            match self.feedback.try_send(feedback) {
                Ok(()) | Err(TrySendError::Closed(_)) => {}
                Err(TrySendError::Full(feedback)) => return self.undelivered.push_front(feedback),
            }
        }
    }
}
