//! Parses bus messages: signals of the service, changes of its owner, and answers. Signals of other senders are ignored.

use std::num::NonZeroU32;

use zbus::Message;
use zbus::message::Type;
use zbus::names::OwnedUniqueName;

use super::bus_connection::NAME;
use super::error::DeliveryError;

/// Name of the bus itself, which sends the owner changes.
const BUS: &str = "org.freedesktop.DBus";

/// Bus message relevant to the delivery.
#[derive(Debug)]
pub enum BusMessage {
    /// Signal about the toast with this id.
    Toast(u32, ToastSignal),
    /// The service was started, stopped or replaced.
    Owner {
        /// Previous owner.
        old: Option<OwnedUniqueName>,
        /// New owner.
        new: Option<OwnedUniqueName>,
    },
    /// Answer to the call with this serial.
    Answer(NonZeroU32, Result<Message, DeliveryError>),
}

/// Signal about a toast ("Signals").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToastSignal {
    /// Activation token, sent just before the click.
    ActivationToken(String),
    /// Action key of a click on the body or a button.
    Action(String),
    /// The toast is closed.
    Closed(ToastCloseReason),
}

/// Reason why a toast was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastCloseReason {
    /// Timed out, evicted, or unspecified.
    Expired,
    /// Dismissed by the user.
    Dismissed,
    /// Closed by `CloseNotification`.
    Withdrawn,
}

/// Parses a message. `owner` is the service whose signals are accepted.
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
        // An empty name means that there is no owner.
        let unique = |name: String| OwnedUniqueName::try_from(name).ok();
        return (name == NAME).then(|| BusMessage::Owner { old: unique(old), new: unique(new) });
    }
    if interface.as_str() != NAME || owner.is_none_or(|owner| owner != sender) {
        return None;
    }
    let body = message.body();
    let (id, signal) = match member.as_str() {
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
            (id, ToastSignal::Closed(ToastCloseReason::from(reason)))
        }
        _ => return None,
    };
    Some(BusMessage::Toast(id, signal))
}

fn answer(message: &Message) -> Result<Message, DeliveryError> {
    let header = message.header();
    let Some(name) = header.error_name() else { return Ok(message.clone()) };
    let detail = message.body().deserialize::<String>().unwrap_or_else(|_| name.to_string());
    Err(DeliveryError::Refused { name: name.to_string(), detail })
}

impl From<u32> for ToastCloseReason {
    fn from(reason: u32) -> Self {
        match reason {
            2 => Self::Dismissed,
            3 => Self::Withdrawn,
            _ => Self::Expired,
        }
    }
}
