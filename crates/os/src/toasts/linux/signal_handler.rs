//! What the delivery makes of what it hears, and what it tells of it.

use std::num::NonZeroU32;

use client::ports::{Happened, ToastFeedback};
use domain::ToastAction;
use tokio::sync::mpsc::error::TrySendError;
use zbus::Message;
use zbus::names::OwnedUniqueName;

use super::active::{ActiveNotification, Replacement};
use super::content::meaning;
use super::delivery::Delivery;
use super::error::DeliveryError;
use super::signals::{self, BusMessage, CloseReason, ToastSignal};

/// What is told while nobody takes it; more than that is dropped, the oldest first.
const UNTOLD: usize = 1_024;

impl Delivery {
    pub(super) fn hear(
        &mut self,
        message: &Message,
        awaited: Option<NonZeroU32>,
    ) -> Option<Result<Message, DeliveryError>> {
        match signals::read(message, self.link.as_ref().and_then(|link| link.owner.as_ref()))? {
            BusMessage::Toast(id, told) if self.alive.get_mut(id).is_some() => self.hear_of(id, told),
            BusMessage::Toast(id, told) => self.unsure.early(id, told),
            BusMessage::Owner { old, new } => self.owner_changed(old, new),
            BusMessage::Answer(serial, answer) => {
                if let Some(link) = &mut self.link
                    && link.question == Some(serial)
                {
                    link.question = None;
                }
                if awaited == Some(serial) {
                    return Some(answer);
                }
                self.hear_late(serial, answer);
            }
        }
        None
    }

    /// What the service tells of a toast of ours.
    pub(super) fn hear_of(&mut self, id: u32, told: ToastSignal) {
        let Some(alive) = self.alive.get_mut(id) else { return };
        match (told, &alive.fate) {
            (ToastSignal::ActivationToken(token), _) => alive.activation_token = Some(token),
            (_, Replacement::Gone(_)) => {}
            (ToastSignal::Action(action), fate) => {
                let Some(action) = meaning(&action) else { return };
                let happened = match action {
                    ToastAction::Open => Happened::Opened { activation_token: alive.activation_token.take() },
                    action => Happened::Pressed(action),
                };
                let (key, row) = (alive.key.clone(), alive.notification_id);
                if *fate == Replacement::Stays {
                    self.alive.remove(id);
                    // Services leave it there, or have closed it by the time that this comes.
                    self.closing.push(id);
                } else {
                    alive.fate = Replacement::Gone(None);
                }
                self.tell(key, row, happened);
            }
            (ToastSignal::Closed(reason), fate) => {
                let happened = if reason == CloseReason::Dismissed { Happened::Dismissed } else { Happened::Expired };
                if *fate == Replacement::Replaced {
                    alive.fate = Replacement::Gone(Some(happened));
                } else if let Some(ActiveNotification { key, notification_id, .. }) = self.alive.remove(id) {
                    self.tell(key, notification_id, happened);
                }
            }
        }
    }

    /// An answer after its deadline. Its caller was told that the toast is not shown, so nothing of it stays on screen; a
    /// click that was made all the same counts.
    fn hear_late(&mut self, serial: NonZeroU32, answer: Result<Message, DeliveryError>) {
        let Some(sent) = self.unsure.answered(serial) else { return };
        let Ok(answer) = answer else { return };
        let id: u32 = answer.body().deserialize().unwrap_or_default();
        if id == 0 {
            return self.unsure.without_number(sent);
        }
        let mut token = None;
        for told in self.unsure.take_early(id) {
            match told {
                ToastSignal::ActivationToken(given) => token = Some(given),
                ToastSignal::Action(action) => {
                    let happened = match meaning(&action) {
                        Some(ToastAction::Open) => Happened::Opened { activation_token: token.take() },
                        Some(action) => Happened::Pressed(action),
                        None => continue,
                    };
                    self.tell(sent.key.clone(), sent.notification_id, happened);
                }
                ToastSignal::Closed(_) => {}
            }
        }
        let of_key = self.alive.of_key(&sent.key).map(|alive| alive.id);
        for gone in of_key.into_iter().chain([id]) {
            self.closing.push(gone);
            if let Some(alive) = self.alive.remove(gone) {
                self.tell(alive.key, alive.notification_id, Happened::Expired);
            }
        }
    }

    /// The toasts of the service before went with it, and the next one may be able to do less. Those of the new one stay:
    /// when a call of ours started it, this is heard after its answer.
    fn owner_changed(&mut self, old: Option<OwnedUniqueName>, new: Option<OwnedUniqueName>) {
        if let Some(link) = &mut self.link
            && link.owner != new
        {
            link.owner = new;
            link.service = None;
            // The one before, when it is still there, owes an answer that helps nobody.
            link.question = None;
        }
        let Some(old) = old else { return };
        self.unsure.forget_services(|owner| *owner == old);
        let gone = self.alive.service_gone(&old);
        self.tell_gone(gone);
    }

    /// The connection is gone; the next order opens another.
    pub(super) fn lost(&mut self) {
        let gone = self.alive.take(|_| true);
        if let Some(link) = self.link.take()
            && let Some(owner) = link.owner
        {
            let ids = gone.iter().map(|alive| alive.id).chain(self.closing.drain(..)).collect();
            self.left = Some((link.bus, owner, ids));
        }
        self.unsure.no_answer_comes();
        self.tell_gone(gone);
    }

    pub(super) fn tell_gone(&mut self, gone: Vec<ActiveNotification>) {
        for ActiveNotification { key, notification_id, fate, .. } in gone {
            match fate {
                Replacement::Stays | Replacement::Replaced => self.tell(key, notification_id, Happened::Expired),
                Replacement::Gone(Some(happened)) => self.tell(key, notification_id, happened),
                Replacement::Gone(None) => {}
            }
        }
    }

    pub(super) fn tell(&mut self, key: String, notification_id: i64, happened: Happened) {
        self.untold.push_back(ToastFeedback { key, notification_id, happened });
        self.tell_on(true);
        if self.untold.len() > UNTOLD {
            self.untold.pop_front();
        }
    }

    /// Hands over what waits, as far as there is room.
    pub(super) fn tell_on(&mut self, is_taken: bool) {
        if !is_taken {
            // The program is ending.
            self.untold.clear();
        }
        while let Some(feedback) = self.untold.pop_front() {
            match self.feedback.try_send(feedback) {
                Ok(()) | Err(TrySendError::Closed(_)) => {}
                Err(TrySendError::Full(feedback)) => return self.untold.push_front(feedback),
            }
        }
    }
}
