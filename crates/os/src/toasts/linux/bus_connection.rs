//! The connection to the bus, and what is known about the notification service at its other end.

use std::num::{NonZeroU32, NonZeroUsize};

use futures_util::StreamExt;
use zbus::export::serde::Serialize;
use zbus::message::Flags;
use zbus::names::OwnedUniqueName;
use zbus::zvariant::DynamicType;
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::error::DeliveryError;
use crate::toasts::Service;

/// The service's name on the bus.
pub const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// Messages that wait while one is dealt with.
const QUEUED: usize = 1_024;

/// The connection, for as long as it holds.
#[derive(Debug)]
pub struct BusConnection {
    connection: Connection,
    messages: MessageStream,
    /// Which bus this is: unique names mean nothing on another.
    pub bus: String,
    /// The service that is believed.
    pub owner: Option<OwnedUniqueName>,
    /// What it says about itself, once it was asked.
    pub service: Option<Service>,
    /// The question whether it is there, while that is unanswered; a second one tells no more.
    pub question: Option<NonZeroU32>,
    sending: bool,
}

impl BusConnection {
    /// Connects and subscribes, in this order and before anything is sent: a click can come at once.
    pub async fn open(bus: Option<&str>) -> zbus::Result<Self> {
        let builder = match bus {
            Some(address) => zbus::connection::Builder::address(address),
            None => zbus::connection::Builder::session(),
        };
        let mut connection = builder.build().await?;
        connection.set_max_queued(QUEUED.try_into().unwrap_or(NonZeroUsize::MIN));
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
        let bus = bus.get_id().await?.to_string();
        Ok(Self { connection, messages, bus, owner, service: None, question: None, sending: false })
    }

    /// The next message; `None` when the connection is gone. Cancel-safe.
    pub async fn next(&mut self) -> Option<Message> {
        self.messages.next().await?.ok()
    }

    /// Calls a method of whoever offers the service, starting it where the desktop can. The answer comes as a message.
    pub async fn call<B: Serialize + DynamicType>(
        &mut self,
        method: &str,
        body: &B,
    ) -> Result<NonZeroU32, DeliveryError> {
        Ok(self.send(NAME, Flags::empty(), method, body).await?)
    }

    /// Calls a method of the service that is known, and of no successor.
    pub async fn call_owner<B: Serialize + DynamicType>(
        &mut self,
        method: &str,
        body: &B,
    ) -> Result<NonZeroU32, DeliveryError> {
        let owner = self.owner()?;
        Ok(self.send(&owner, Flags::empty(), method, body).await?)
    }

    /// Takes a toast off the screen, without an answer.
    pub async fn close(&mut self, id: u32) -> Result<(), DeliveryError> {
        let owner = self.owner()?;
        self.send(&owner, Flags::NO_REPLY_EXPECTED, "CloseNotification", &(id,)).await?;
        Ok(())
    }

    /// Whether a message was begun and not ended: its future was dropped. Nothing sent after it would be understood.
    pub fn is_cut(&self) -> bool {
        self.sending
    }

    fn owner(&self) -> Result<OwnedUniqueName, DeliveryError> {
        self.owner.clone().ok_or_else(DeliveryError::nobody)
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
