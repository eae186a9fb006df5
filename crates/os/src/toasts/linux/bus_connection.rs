//! D-Bus connection, with what is known about the notification service.

use std::num::{NonZeroU32, NonZeroUsize};

use futures_util::StreamExt;
use zbus::export::serde::Serialize;
use zbus::message::Flags;
use zbus::names::OwnedUniqueName;
use zbus::zvariant::DynamicType;
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::error::DeliveryError;
use crate::toasts::NotificationService;

/// Well-known name of the service.
pub const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// Capacity of the queue of received messages.
const QUEUED: usize = 1_024;

/// Open connection to a bus.
#[derive(Debug)]
pub struct BusConnection {
    connection: Connection,
    messages: MessageStream,
    /// Id of the bus; unique names are valid on one bus only.
    pub bus: String,
    /// Unique name of the service whose signals are accepted.
    pub owner: Option<OwnedUniqueName>,
    /// Description of the service, cached after the first probe.
    pub service: Option<NotificationService>,
    /// Serial of a `GetServerInformation` call without an answer yet; a second call would add nothing.
    pub pending_probe: Option<NonZeroU32>,
    sending: bool,
}

impl BusConnection {
    /// Connects and subscribes to signals before anything is sent, since a click can follow a toast at once.
    pub async fn open(bus: Option<&str>) -> zbus::Result<Self> {
        let builder = match bus {
            Some(address) => zbus::connection::Builder::address(address),
            None => zbus::connection::Builder::session(),
        };
        let mut connection = builder.build().await?;
        connection.set_max_queued(QUEUED.try_into().unwrap_or(NonZeroUsize::MIN));
        let messages = MessageStream::from(&connection);
        let bus = zbus::fdo::DBusProxy::new(&connection).await?;
        for rule in [service_signals()?, owner_changes()?] {
            bus.add_match_rule(rule).await?;
        }
        let owner = match bus.get_name_owner(NAME.try_into()?).await {
            Ok(owner) => Some(owner),
            // Not running yet: the first call starts it where D-Bus activation is configured.
            Err(zbus::fdo::Error::NameHasNoOwner(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let bus = bus.get_id().await?.to_string();
        Ok(Self { connection, messages, bus, owner, service: None, pending_probe: None, sending: false })
    }

    /// Receives the next message; `None` when the connection is closed. Cancel-safe.
    pub async fn next(&mut self) -> Option<Message> {
        self.messages.next().await?.ok()
    }

    /// Calls a method of the well-known name, starting the service if D-Bus can activate it. The answer arrives as a message.
    pub async fn call<B: Serialize + DynamicType>(
        &mut self,
        method: &str,
        body: &B,
    ) -> Result<NonZeroU32, DeliveryError> {
        Ok(self.send(NAME, Flags::empty(), method, body).await?)
    }

    /// Calls a method of the known service, never of a successor.
    pub async fn call_owner<B: Serialize + DynamicType>(
        &mut self,
        method: &str,
        body: &B,
    ) -> Result<NonZeroU32, DeliveryError> {
        let owner = self.owner()?;
        Ok(self.send(&owner, Flags::empty(), method, body).await?)
    }

    /// Closes a toast without waiting for an answer.
    pub async fn close(&mut self, id: u32) -> Result<(), DeliveryError> {
        let owner = self.owner()?;
        self.send(&owner, Flags::NO_REPLY_EXPECTED, "CloseNotification", &(id,)).await?;
        Ok(())
    }

    /// Whether a send was cancelled half-way. The connection is unusable then, since the rest of the message is missing.
    pub fn is_send_interrupted(&self) -> bool {
        self.sending
    }

    fn owner(&self) -> Result<OwnedUniqueName, DeliveryError> {
        self.owner.clone().ok_or_else(DeliveryError::no_service)
    }

    async fn send<B: Serialize + DynamicType>(
        &mut self,
        to: &str,
        flags: Flags,
        method: &str,
        body: &B,
    ) -> zbus::Result<NonZeroU32> {
        let call = Message::method_call(PATH, method).with_flags(flags).destination(to).interface(NAME);
        let message = call.build(body)?;
        self.sending = true;
        self.connection.send(&message).await?;
        self.sending = false;
        Ok(message.primary_header().serial_num())
    }
}

fn service_signals() -> zbus::Result<MatchRule<'static>> {
    MatchRule::builder().msg_type(zbus::message::Type::Signal).interface(NAME).path(PATH).build()
}

fn owner_changes() -> zbus::Result<MatchRule<'static>> {
    MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .sender("org.freedesktop.DBus")
        .interface("org.freedesktop.DBus")
        .member("NameOwnerChanged")
        .arg(0, NAME)
        .build()
}
