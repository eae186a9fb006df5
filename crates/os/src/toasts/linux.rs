//! Toasts over D-Bus, by the Desktop Notifications Specification 1.2.
//!
//! One connection for the life of the program: GNOME closes an installed app's toasts when the connection that sent them
//! goes. `notify-rust` is the model of what a notification says; its own delivery opens a connection a toast, subscribes
//! after sending and believes any sender, so the delivery is ours: subscribe first, check the sender, start over when
//! the service does.

use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use client::ports::{Happened, ToastError, ToastFeedback, Toaster};
use domain::{Toast, Urgency};
use futures_util::StreamExt;
use notify_rust::{Hint, Notification, Timeout};
use tokio::sync::mpsc;
use zbus::names::OwnedUniqueName;
use zbus::{Connection, MatchRule, Message, MessageStream, Variant};

use super::Service;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// What a caller waits at most.
const DEADLINE: Duration = Duration::from_secs(5);
/// What the service gets of that.
const SERVICE_DEADLINE: Duration = Duration::from_millis(4_500);
/// Signals that wait while a call is under way.
const SIGNALS_QUEUED: usize = 1_024;
/// Feedback that nobody has taken yet.
const FEEDBACK_QUEUE: usize = 64;
/// Orders that wait; there is one caller, so more than a few never do.
const ORDERS_QUEUED: usize = 8;
/// The action that a click on the body means, by the specification.
const DEFAULT_ACTION: &str = "default";
/// An action with a button of its own, for services on which the body cannot be clicked.
const OPEN_ACTION: &str = "open";

type Reply<T> = SyncSender<Result<T, ToastError>>;

enum Order {
    Show(Box<Toast>, Reply<()>),
    Withdraw(String, Reply<()>),
    Probe(Reply<Service>),
}

/// Shows toasts. Dropping it ends its thread.
#[derive(Debug)]
pub struct Toasts {
    orders: Option<mpsc::Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Toasts {
    /// Starts the delivery on a thread of its own; connects at the first toast. `bus` is a D-Bus address other than that
    /// of the session.
    ///
    /// # Errors
    /// No thread is to be had.
    pub fn start(bus: Option<String>) -> io::Result<(Self, mpsc::Receiver<ToastFeedback>)> {
        let (orders, queue) = mpsc::channel(ORDERS_QUEUED);
        let (feedback, told) = mpsc::channel(FEEDBACK_QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("notifications".to_owned()).spawn(move || {
            let mut delivery = Delivery { bus, link: None, alive: HashMap::new(), feedback };
            runtime.block_on(delivery.run(queue));
        })?;
        Ok((Self { orders: Some(orders), thread: Some(thread) }, told))
    }

    /// What the service says about itself; starts it where the desktop can.
    ///
    /// # Errors
    /// See [`ToastError`].
    pub fn probe(&self) -> Result<Service, ToastError> {
        self.order(Order::Probe)
    }

    fn order<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, ToastError> {
        let gone = || ToastError::Unavailable("the delivery has ended".to_owned());
        let (reply, answer) = sync_channel(1);
        // The queue is full only while the service hangs.
        let orders = self.orders.as_ref().ok_or_else(gone)?;
        orders.try_send(order(reply)).map_err(|_| ToastError::Timeout)?;
        match answer.recv_timeout(DEADLINE) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(ToastError::Timeout),
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

impl Toaster for Toasts {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        self.order(|reply| Order::Show(Box::new(toast.clone()), reply))
    }

    fn withdraw(&self, key: &str) -> Result<(), ToastError> {
        self.order(|reply| Order::Withdraw(key.to_owned(), reply))
    }
}

impl Drop for Toasts {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // A panic was reported by the panic hook already.
            let _ = thread.join();
        }
    }
}

/// A toast that is on screen, as far as we know.
#[derive(Debug)]
struct Alive {
    key: String,
    /// The service that shows it: the same name may be another's by the time we hear of the change.
    owner: Option<OwnedUniqueName>,
    notification_id: i64,
    /// Came ahead of the click that it belongs to.
    activation_token: Option<String>,
}

struct Delivery {
    bus: Option<String>,
    link: Option<Link>,
    /// By the service's number.
    alive: HashMap<u32, Alive>,
    feedback: mpsc::Sender<ToastFeedback>,
}

/// The connection, and what is known about the service at its other end.
struct Link {
    connection: Connection,
    messages: MessageStream,
    owner: Option<OwnedUniqueName>,
    service: Option<Service>,
}

impl Delivery {
    async fn run(&mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.carry_out(order).await,
                    None => return,
                },
                message = next_message(&mut self.link) => match message {
                    Some(message) => self.hear(&message).await,
                    None => self.lost().await,
                },
            }
        }
    }

    async fn carry_out(&mut self, order: Order) {
        // A caller that has given up is no error: `let _` throughout.
        match order {
            Order::Show(toast, reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.show(&toast).await).await);
            }
            Order::Withdraw(key, reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.withdraw(&key).await).await);
            }
            Order::Probe(reply) => {
                let _ = reply.send(self.timed(async |delivery| delivery.service().await).await);
            }
        }
    }

    async fn timed<T>(&mut self, call: impl AsyncFnOnce(&mut Self) -> zbus::Result<T>) -> Result<T, ToastError> {
        match tokio::time::timeout(SERVICE_DEADLINE, call(self)).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(zbus::Error::MethodError(name, detail, _))) => Err(refused(&name, detail.as_deref())),
            Ok(Err(error)) => {
                self.lost().await;
                Err(ToastError::Unavailable(error.to_string()))
            }
            Err(_) => Err(ToastError::Timeout),
        }
    }

    async fn show(&mut self, toast: &Toast) -> zbus::Result<()> {
        let service = self.service().await?;
        let replaces =
            self.alive.iter().find(|(_, alive)| alive.key == toast.key).map(|(id, _)| *id).unwrap_or_default();
        let notification = content(toast, &service);
        let hints: HashMap<&str, Variant<'_>> = notification.hints.iter().map(Into::into).collect();
        let body = (
            &notification.appname,
            replaces,
            &notification.icon,
            &notification.summary,
            &notification.body,
            &notification.actions,
            hints,
            i32::from(notification.timeout),
        );
        let reply = self.link().await?.call("Notify", &body).await?;
        let id: u32 = reply.body().deserialize()?;
        self.alive.retain(|_, alive| alive.key != toast.key);
        let alive = Alive {
            key: toast.key.clone(),
            owner: reply.header().sender().map(|sender| sender.to_owned().into()),
            notification_id: toast.notification_id,
            activation_token: None,
        };
        self.alive.insert(id, alive);
        Ok(())
    }

    async fn withdraw(&mut self, key: &str) -> zbus::Result<()> {
        let Some(id) = self.alive.iter().find(|(_, alive)| alive.key == key).map(|(id, _)| *id) else { return Ok(()) };
        self.alive.remove(&id);
        self.link().await?.call("CloseNotification", &(id,)).await.map(drop)
    }

    /// The service at the other end; asked once, and again after it was replaced.
    async fn service(&mut self) -> zbus::Result<Service> {
        let link = self.link().await?;
        if let Some(service) = &link.service {
            return Ok(service.clone());
        }
        let capabilities: Vec<String> = link.call("GetCapabilities", &()).await?.body().deserialize()?;
        let reply = link.call("GetServerInformation", &()).await?;
        let (name, _, version, _): (String, String, String, String) = reply.body().deserialize()?;
        link.owner = reply.header().sender().map(|sender| sender.to_owned().into());
        Ok(link.service.insert(Service { name, version, capabilities }).clone())
    }

    async fn link(&mut self) -> zbus::Result<&mut Link> {
        match &mut self.link {
            Some(link) => Ok(link),
            none => Ok(none.insert(Link::open(self.bus.as_deref()).await?)),
        }
    }

    /// A signal. Those of anybody but the service are not believed.
    async fn hear(&mut self, message: &Message) {
        let header = message.header();
        let (Some(interface), Some(member)) = (header.interface(), header.member()) else { return };
        if interface.as_str() == "org.freedesktop.DBus" && member.as_str() == "NameOwnerChanged" {
            if header.sender().is_some_and(|sender| sender.as_str() == "org.freedesktop.DBus") {
                self.owner_changed(message).await;
            }
            return;
        }
        let owner = self.link.as_ref().and_then(|link| link.owner.as_ref());
        if interface.as_str() != NAME || header.sender().is_none_or(|sender| owner.is_none_or(|owner| owner != sender))
        {
            return;
        }
        match member.as_str() {
            "ActivationToken" => {
                if let Ok((id, token)) = message.body().deserialize::<(u32, String)>()
                    && let Some(alive) = self.alive.get_mut(&id)
                {
                    alive.activation_token = Some(token);
                }
            }
            "ActionInvoked" => {
                if let Ok((id, action)) = message.body().deserialize::<(u32, String)>()
                    && matches!(action.as_str(), DEFAULT_ACTION | OPEN_ACTION)
                    && let Some(alive) = self.alive.remove(&id)
                {
                    let Alive { key, notification_id, activation_token, .. } = alive;
                    self.tell(key, notification_id, Happened::Opened { activation_token }).await;
                }
            }
            "NotificationClosed" => {
                if let Ok((id, reason)) = message.body().deserialize::<(u32, u32)>()
                    && let Some(Alive { key, notification_id, .. }) = self.alive.remove(&id)
                {
                    let happened = if reason == CLOSED_BY_PERSON { Happened::Dismissed } else { Happened::Expired };
                    self.tell(key, notification_id, happened).await;
                }
            }
            _ => {}
        }
    }

    /// The service was started, stopped or replaced. The toasts of the one before went with it, and the next one may be
    /// able to do less. Those of the new one stay: when a toast of ours started it, this is heard after the answer.
    async fn owner_changed(&mut self, message: &Message) {
        let Ok((name, old, new)) = message.body().deserialize::<(String, String, String)>() else { return };
        if name != NAME {
            return;
        }
        let new = OwnedUniqueName::try_from(new).ok();
        if let Some(link) = &mut self.link
            && link.owner != new
        {
            link.owner = new;
            link.service = None;
        }
        self.forget(|alive| alive.owner.as_ref().is_none_or(|owner| owner.as_str() == old)).await;
    }

    /// The connection is gone; the next order opens another.
    async fn lost(&mut self) {
        self.link = None;
        self.forget(|_| true).await;
    }

    async fn forget(&mut self, which: impl Fn(&Alive) -> bool) {
        let gone: Vec<Alive> = self.alive.extract_if(|_, alive| which(alive)).map(|(_, alive)| alive).collect();
        for Alive { key, notification_id, .. } in gone {
            self.tell(key, notification_id, Happened::Expired).await;
        }
    }

    async fn tell(&self, key: String, notification_id: i64, happened: Happened) {
        // The program is ending when nobody takes it.
        let _ = self.feedback.send(ToastFeedback { key, notification_id, happened }).await;
    }
}

/// The reason that the specification gives for a toast closed by the person.
const CLOSED_BY_PERSON: u32 = 2;

impl Link {
    /// Connects and subscribes, in this order and before anything is sent: a click can come at once.
    async fn open(bus: Option<&str>) -> zbus::Result<Self> {
        let builder = match bus {
            Some(address) => zbus::connection::Builder::address(address),
            None => zbus::connection::Builder::session(),
        };
        let mut connection = builder.build().await?;
        connection.set_max_queued(SIGNALS_QUEUED.try_into().unwrap_or(std::num::NonZeroUsize::MIN));
        let messages = MessageStream::from(&connection);
        let bus = zbus::fdo::DBusProxy::new(&connection).await?;
        for rule in [signals_of_the_service()?, changes_of_its_owner()?] {
            bus.add_match_rule(rule).await?;
        }
        let owner = match bus.get_name_owner(NAME.try_into()?).await {
            Ok(owner) => Some(owner),
            // Not running yet: the first call starts it where the desktop can.
            Err(zbus::fdo::Error::NameHasNoOwner(_)) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self { connection, messages, owner, service: None })
    }

    async fn call<B>(&self, method: &str, body: &B) -> zbus::Result<Message>
    where
        B: zbus::export::serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.connection.call_method(Some(NAME), PATH, Some(NAME), method, body).await
    }
}

fn signals_of_the_service() -> zbus::Result<MatchRule<'static>> {
    MatchRule::builder().msg_type(zbus::message::Type::Signal).interface(NAME).path(PATH).build()
}

fn changes_of_its_owner() -> zbus::Result<MatchRule<'static>> {
    MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .sender("org.freedesktop.DBus")
        .interface("org.freedesktop.DBus")
        .member("NameOwnerChanged")
        .arg(0, NAME)
        .build()
}

/// The next message; `None` when the connection is gone. Never ends without a connection. Cancel-safe.
async fn next_message(link: &mut Option<Link>) -> Option<Message> {
    let Some(link) = link else { return std::future::pending().await };
    link.messages.next().await?.ok()
}

/// The toast as the service gets it.
fn content(toast: &Toast, service: &Service) -> Notification {
    let can = |capability: &str| service.capabilities.iter().any(|known| known == capability);
    let mut notification = Notification::new();
    notification.appname("Gatecall").icon(domain::APP_ID).summary(&toast.title);
    notification.body(&if can("body-markup") { escape(&toast.body) } else { toast.body.clone() });
    notification.urgency(match toast.urgency {
        Urgency::Low => notify_rust::Urgency::Low,
        Urgency::Normal => notify_rust::Urgency::Normal,
        Urgency::Critical => notify_rust::Urgency::Critical,
    });
    notification.hint(Hint::DesktopEntry(domain::APP_ID.to_owned()));
    notification.timeout(
        toast
            .expires
            .map_or(Timeout::Never, |stay| Timeout::Milliseconds(u32::try_from(stay.as_millis()).unwrap_or(u32::MAX))),
    );
    if can("actions") {
        notification.action(DEFAULT_ACTION, "Open");
        // XFCE's service knows no click on the body.
        if service.name.to_lowercase().contains("xfce") {
            notification.action(OPEN_ACTION, "Open");
        }
    }
    notification
}

/// Text that must not be read as markup.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What a D-Bus error means. Only the names are matched; the texts are for people.
fn refused(name: &str, detail: Option<&str>) -> ToastError {
    let detail = detail.unwrap_or(name).to_owned();
    match name {
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner"
        | "org.freedesktop.DBus.Error.Disconnected" => ToastError::Unavailable(detail),
        "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.TimedOut" => ToastError::Timeout,
        name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => ToastError::Unavailable(detail),
        _ => ToastError::Refused(detail),
    }
}
