//! What the bus brings: the service's signals, changes of its owner, and answers. Nobody but the service is believed.

use std::num::NonZeroU32;

use zbus::Message;
use zbus::message::Type;
use zbus::names::OwnedUniqueName;

use super::bus_connection::NAME;
use super::error::DeliveryError;

/// The bus itself, which sends the changes of names.
const BUS: &str = "org.freedesktop.DBus";

/// One message that means something to us.
#[derive(Debug)]
pub enum BusMessage {
    /// Of a toast.
    Toast(u32, ToastSignal),
    /// The service was started, stopped or replaced.
    Owner {
        /// Who was it.
        old: Option<OwnedUniqueName>,
        /// Who is it now.
        new: Option<OwnedUniqueName>,
    },
    /// To the call with this serial.
    Answer(NonZeroU32, Result<Message, DeliveryError>),
}

/// What the service tells of a toast ("Signals").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToastSignal {
    /// Comes ahead of the click that it belongs to.
    ActivationToken(String),
    /// Something was clicked.
    Action(String),
    /// It is off the screen.
    Closed(CloseReason),
}

/// Why a toast is off the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// By its time, by eviction, or nobody says why.
    Expired,
    /// By the person.
    Dismissed,
    /// By `CloseNotification`.
    Withdrawn,
}

/// Reads a message. `owner` is the service that we know.
pub fn read(message: &Message, owner: Option<&OwnedUniqueName>) -> Option<BusMessage> {
    let header = message.header();
    if matches!(message.message_type(), Type::MethodReturn | Type::Error) {
        return Some(BusMessage::Answer(header.reply_serial()?, answer(message)));
    }
    let (interface, member, sender) = (header.interface()?, header.member()?, header.sender()?);
    if message.message_type() != Type::Signal {
        return None;
    }
    if interface.as_str() == BUS && member.as_str() == "NameOwnerChanged" && sender.as_str() == BUS {
        let (name, old, new): (String, String, String) = message.body().deserialize().ok()?;
        // No owner is an empty name, which is none.
        let unique = |name: String| OwnedUniqueName::try_from(name).ok();
        return (name == NAME).then(|| BusMessage::Owner { old: unique(old), new: unique(new) });
    }
    if interface.as_str() != NAME || owner.is_none_or(|owner| owner != sender) {
        return None;
    }
    let body = message.body();
    let (id, told) = match member.as_str() {
        "ActivationToken" => {
            let (id, token) = body.deserialize().ok()?;
            (id, ToastSignal::ActivationToken(token))
        }
        "ActionInvoked" => {
            let (id, action) = body.deserialize().ok()?;
            (id, ToastSignal::Action(action))
        }
        "NotificationClosed" => {
            let (id, reason): (u32, u32) = body.deserialize().ok()?;
            (id, ToastSignal::Closed(CloseReason::from(reason)))
        }
        _ => return None,
    };
    Some(BusMessage::Toast(id, told))
}

fn answer(message: &Message) -> Result<Message, DeliveryError> {
    let header = message.header();
    let Some(name) = header.error_name() else { return Ok(message.clone()) };
    let detail = message.body().deserialize::<String>().unwrap_or_else(|_| name.to_string());
    Err(DeliveryError::Refused { name: name.to_string(), detail })
}

impl From<u32> for CloseReason {
    fn from(reason: u32) -> Self {
        match reason {
            2 => Self::Dismissed,
            3 => Self::Withdrawn,
            _ => Self::Expired,
        }
    }
}
