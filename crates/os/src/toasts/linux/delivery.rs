//! The delivery's own thread: takes orders, hears the service, and keeps one toast for each key whatever the service does.
//!
//! An order may be dropped at any await, by its deadline. So what was sent is written down first, and an answer that comes
//! after its deadline is dealt with when it comes.

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

use super::ToastJob;
use super::active::{ActiveNotification, ActiveNotifications, Replacement};
use super::bus_connection::BusConnection;
use super::content::content;
use super::error::DeliveryError;
use super::unacknowledged::{Sent, Unacknowledged};
use crate::toasts::Service;

/// What the service gets of the caller's deadline.
const SERVICE_DEADLINE: Duration = Duration::from_millis(4_500);
/// How long Plasma takes no second toast of the same words, and a little more.
const EXCESS_PAUSE: Duration = Duration::from_millis(1_100);

/// Everything that the thread owns.
pub struct Delivery {
    bus: Option<String>,
    pub(super) link: Option<BusConnection>,
    pub(super) alive: ActiveNotifications,
    pub(super) unsure: Unacknowledged,
    /// To be taken off the screen.
    pub(super) closing: Vec<u32>,
    /// Left behind by a connection that broke: the bus, the service, the numbers.
    pub(super) left: Option<(String, OwnedUniqueName, Vec<u32>)>,
    pub(super) untold: VecDeque<ToastFeedback>,
    pub(super) feedback: mpsc::Sender<ToastFeedback>,
}

impl Delivery {
    pub fn new(bus: Option<String>, feedback: mpsc::Sender<ToastFeedback>) -> Self {
        Self {
            bus,
            link: None,
            alive: ActiveNotifications::default(),
            unsure: Unacknowledged::default(),
            closing: Vec::new(),
            left: None,
            untold: VecDeque::new(),
            feedback,
        }
    }

    /// Until nobody can order any more.
    pub async fn run(&mut self, mut orders: mpsc::Receiver<ToastJob>) {
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.carry_out(order).await,
                    None => return,
                },
                message = next_message(&mut self.link) => self.deal_with(message).await,
                is_taken = has_room(self.feedback.clone()), if !self.untold.is_empty() => self.tell_on(is_taken),
            }
        }
    }

    async fn carry_out(&mut self, order: ToastJob) {
        // A caller that has given up is no error: `let _` throughout.
        match order {
            ToastJob::Show(toast, reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.show(&toast).await).await);
            }
            ToastJob::Withdraw(key, reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.withdraw(&key).await).await);
            }
            ToastJob::Probe(reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.service().await).await);
            }
        }
    }

    async fn timed<T>(
        &mut self,
        call: impl AsyncFnOnce(&mut Self) -> Result<T, DeliveryError>,
    ) -> Result<T, ToastError> {
        let result = timeout(SERVICE_DEADLINE, call(self)).await;
        for alive in self.alive.take_back() {
            if let Replacement::Gone(Some(happened)) = alive.fate {
                self.tell(alive.key, alive.notification_id, happened);
            }
        }
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(failure)) => {
                if matches!(failure, DeliveryError::NoBus(_)) {
                    self.lost();
                }
                Err(failure.into())
            }
            Err(_) => {
                // What was sent in part is the end of a connection.
                if self.link.as_ref().is_some_and(BusConnection::is_cut) {
                    self.lost();
                }
                Err(ToastError::Timeout)
            }
        }
    }

    async fn show(&mut self, toast: &Toast) -> Result<(), DeliveryError> {
        let mut again = true;
        loop {
            let Err(failure) = self.show_once(toast).await else { return Ok(()) };
            if !std::mem::take(&mut again) {
                return Err(failure);
            }
            if failure.is_of_a_service_that_went() {
                if let Some(link) = &mut self.link {
                    link.service = None;
                }
            } else if failure.is_excess() {
                self.hear_for(EXCESS_PAUSE).await?;
            } else {
                return Err(failure);
            }
        }
    }

    async fn show_once(&mut self, toast: &Toast) -> Result<(), DeliveryError> {
        let service = self.service().await?;
        self.settle(&toast.key).await?;
        self.notify(toast, &service).await
    }

    async fn notify(&mut self, toast: &Toast, service: &Service) -> Result<(), DeliveryError> {
        let keys: Vec<&str> =
            [Some(&toast.key), toast.takes_over.as_ref()].into_iter().flatten().map(|key| &**key).collect();
        let on_screen = keys.iter().filter_map(|key| self.alive.of_key(key));
        let replaces =
            on_screen.filter(|alive| !matches!(alive.fate, Replacement::Gone(_))).map(|alive| alive.id).next();
        let notification = content(toast, service);
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
        let owner = self.link().await?.owner.clone().ok_or_else(DeliveryError::nobody)?;
        // From here to the answer nothing may forget that it was sent.
        self.alive.give_up(&keys);
        self.unsure.sending(toast, owner.clone());
        let serial = self.link().await?.call_owner("Notify", &body).await;
        self.unsure.sent(serial.as_ref().ok().copied());
        let serial = serial?;
        let answer = self.answer(serial).await;
        let Some(sent) = self.unsure.answered(serial) else { return answer.and(Err(DeliveryError::nobody())) };
        match answer {
            Ok(answer) => self.is_up(answer.body().deserialize().unwrap_or_default(), owner, sent, &keys).await,
            Err(failure) => {
                // Shown, as far as anybody knows, unless that service is gone.
                if failure.is_an_answer_that_was_lost() && self.link().await?.owner == Some(owner) {
                    self.unsure.without_number(sent);
                }
                Err(failure)
            }
        }
    }

    /// The service has answered in time: the toast is up under this number, in the place of those with these keys.
    async fn is_up(&mut self, id: u32, owner: OwnedUniqueName, sent: Sent, keys: &[&str]) -> Result<(), DeliveryError> {
        for before in self.alive.take(|alive| keys.contains(&alive.key.as_str())) {
            // A service that gave another number may have left the earlier one where it was.
            if before.id != id && before.owner == owner && !matches!(before.fate, Replacement::Gone(_)) {
                self.closing.push(before.id);
            }
        }
        self.close_all().await?;
        if id == 0 {
            self.unsure.without_number(sent);
            return Err(DeliveryError::nonsense("it gave the toast no number"));
        }
        if let Some(other) = self.alive.remove(id) {
            // The number of a toast that is up: that one is gone, or there for nobody to reach.
            self.unsure.out_of_reach(&other);
            self.tell_gone(vec![other]);
        }
        let Sent { key, notification_id, stay, .. } = sent;
        let alive = ActiveNotification {
            id,
            key,
            owner,
            notification_id,
            stay,
            activation_token: None,
            fate: Replacement::Stays,
        };
        if let Some(oldest) = self.alive.insert(alive) {
            self.closing.push(oldest.id);
            self.tell_gone(vec![oldest]);
        }
        for told in self.unsure.take_early(id) {
            self.hear_of(id, told);
        }
        self.close_all().await
    }

    async fn withdraw(&mut self, key: &str) -> Result<(), DeliveryError> {
        let Some(id) = self.alive.of_key(key).map(|alive| alive.id) else { return Ok(()) };
        let serial = self.link().await?.call_owner("CloseNotification", &(id,)).await;
        // The service takes its calls in order: what is sent to it from now on finds the toast gone.
        self.alive.remove(id);
        match serial {
            Ok(serial) => match self.answer(serial).await {
                // An error says that it was gone already.
                Ok(_) | Err(DeliveryError::Refused { .. }) => Ok(()),
                Err(failure) => Err(failure),
            },
            Err(DeliveryError::Refused { .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Waits for answers that are overdue. Nothing more is sent to a service that gives no sign of life, or it would show
    /// everything at once when it wakes; and nothing of a thread whose last toast may be up without our knowing.
    async fn settle(&mut self, key: &str) -> Result<(), DeliveryError> {
        self.unsure.forget_what_has_expired();
        if self.unsure.is_answer_due() {
            self.question().await?;
        }
        while self.unsure.is_answer_due_for(key) {
            self.hear_next(None).await?;
        }
        if self.unsure.has(key) {
            return Err(DeliveryError::nonsense("an earlier toast of this thread may be up, out of reach"));
        }
        Ok(())
    }

    /// The service at the other end; asked once, and again after it was replaced.
    async fn service(&mut self) -> Result<Service, DeliveryError> {
        if let Some(service) = &self.link().await?.service {
            return Ok(service.clone());
        }
        let reply = self.question().await?;
        let malformed = |_| DeliveryError::nonsense("it does not say what it is");
        let (name, _, version, _): (String, String, String, String) = reply.body().deserialize().map_err(malformed)?;
        let link = self.link().await?;
        link.owner = reply.header().sender().map(UniqueName::to_owned).map(Into::into);
        let serial = link.call_owner("GetCapabilities", &()).await?;
        let capabilities: Vec<String> = self.answer(serial).await?.body().deserialize().map_err(malformed)?;
        let link = self.link().await?;
        Ok(link.service.insert(Service { name, version, capabilities }).clone())
    }

    /// Asks who is there, unless that was asked already, and waits for the answer.
    async fn question(&mut self) -> Result<Message, DeliveryError> {
        let link = self.link().await?;
        let serial = match link.question {
            Some(serial) => serial,
            None => link.call("GetServerInformation", &()).await?,
        };
        link.question = Some(serial);
        self.answer(serial).await
    }

    async fn link(&mut self) -> Result<&mut BusConnection, DeliveryError> {
        if self.link.is_none() {
            let link = BusConnection::open(self.bus.as_deref()).await?;
            if let Some((bus, owner, ids)) = self.left.take()
                && bus == link.bus
                && link.owner == Some(owner)
            {
                self.closing.extend(ids);
            }
            self.unsure.forget_services(|owner| link.owner.as_ref() != Some(owner));
            self.link = Some(link);
            self.close_all().await?;
        }
        self.link.as_mut().ok_or_else(DeliveryError::nobody)
    }

    /// Hears everything until the answer to this call.
    async fn answer(&mut self, serial: NonZeroU32) -> Result<Message, DeliveryError> {
        loop {
            if let Some(answer) = self.hear_next(Some(serial)).await? {
                return answer;
            }
        }
    }

    async fn hear_for(&mut self, time: Duration) -> Result<(), DeliveryError> {
        let mut over = std::pin::pin!(sleep(time));
        loop {
            tokio::select! {
                () = &mut over => return Ok(()),
                heard = self.hear_next(None) => drop(heard?),
            }
        }
    }

    /// Hears one message; gives the answer that is waited for.
    async fn hear_next(
        &mut self,
        awaited: Option<NonZeroU32>,
    ) -> Result<Option<Result<Message, DeliveryError>>, DeliveryError> {
        let message = next_message(&mut self.link).await;
        let message = message.ok_or_else(|| DeliveryError::NoBus("the bus has gone".to_owned()))?;
        let answer = self.hear(&message, awaited);
        self.close_all().await?;
        Ok(answer)
    }

    /// A message that came while nothing was under way.
    async fn deal_with(&mut self, message: Option<Message>) {
        let Some(message) = message else { return self.lost() };
        self.hear(&message, None);
        if let Ok(Ok(())) = timeout(SERVICE_DEADLINE, self.close_all()).await {
            return;
        }
        // A bus that takes nothing in all that time is none.
        self.lost();
    }

    /// Takes off the screen what is to be taken off, before anything else is sent.
    async fn close_all(&mut self) -> Result<(), DeliveryError> {
        while let (Some(link), Some(&id)) = (&mut self.link, self.closing.last()) {
            match link.close(id).await {
                // Without a service there is no toast of it.
                Ok(()) | Err(DeliveryError::Refused { .. }) => self.closing.pop(),
                Err(failure) => return Err(failure),
            };
        }
        Ok(())
    }
}

/// Waits for room; false when nobody takes anything any more. Cancel-safe.
async fn has_room(feedback: mpsc::Sender<ToastFeedback>) -> bool {
    feedback.reserve().await.is_ok()
}

/// The next message; `None` when the connection is gone. Never ends without a connection. Cancel-safe.
async fn next_message(link: &mut Option<BusConnection>) -> Option<Message> {
    let Some(link) = link else { return std::future::pending().await };
    link.next().await
}
