//! Why a call to the notification service brought nothing.

use client::ports::ToastError;

/// What went wrong, and with it what to do next.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// There is no connection, or it has gone.
    #[error("{0}")]
    NoBus(String),
    /// The service, or the bus in its place, answered with an error. Only the name is matched; the text is for people.
    #[error("{detail}")]
    Refused {
        /// The D-Bus error's name.
        name: String,
        /// What it says.
        detail: String,
    },
}

impl DeliveryError {
    /// Nobody offers the service; what the bus says when it is asked.
    pub fn nobody() -> Self {
        let name = "org.freedesktop.DBus.Error.NameHasNoOwner".to_owned();
        Self::Refused { name, detail: "nobody offers it".to_owned() }
    }

    /// The service answered, and the answer is of no use.
    pub fn nonsense(detail: &str) -> Self {
        Self::Refused { name: String::new(), detail: detail.to_owned() }
    }

    /// The service that was asked is no longer there; another may be.
    pub fn is_of_a_service_that_went(&self) -> bool {
        const GONE: [&str; 4] = ["ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected"];
        let Self::Refused { name, .. } = self else { return false };
        name.strip_prefix("org.freedesktop.DBus.Error.").is_some_and(|name| GONE.contains(&name))
    }

    /// The bus answers in the place of a service that took the call.
    pub fn is_an_answer_that_was_lost(&self) -> bool {
        matches!(self, Self::Refused { name, .. } if name == "org.freedesktop.DBus.Error.NoReply")
    }

    /// Plasma takes no two toasts of the same words within a second (`libnotificationmanager/server_p.cpp`).
    pub fn is_excess(&self) -> bool {
        matches!(self, Self::Refused { name, .. }
            if name == "org.freedesktop.Notifications.Error.ExcessNotificationGeneration")
    }
}

impl From<zbus::Error> for DeliveryError {
    fn from(error: zbus::Error) -> Self {
        Self::NoBus(error.to_string())
    }
}

impl From<DeliveryError> for ToastError {
    fn from(failure: DeliveryError) -> Self {
        let DeliveryError::Refused { name, detail } = failure else { return Self::Unavailable(failure.to_string()) };
        match name.strip_prefix("org.freedesktop.DBus.Error.") {
            Some("ServiceUnknown" | "NameHasNoOwner" | "Disconnected" | "NoReply") => Self::Unavailable(detail),
            Some("TimedOut") => Self::Timeout,
            Some(name) if name.starts_with("Spawn.") => Self::Unavailable(detail),
            _ => Self::Refused(detail),
        }
    }
}
