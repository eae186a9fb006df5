//! Errors of calls to the notification service.

use client::ports::ToastError;

/// Error of a call to the service.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// No bus connection, or a lost one.
    #[error("{0}")]
    NoBus(String),
    /// D-Bus error from the service, or from the bus on its behalf. Only the name is matched; the text is for display.
    #[error("{detail}")]
    Refused {
        /// D-Bus error name.
        name: String,
        /// Error text.
        detail: String,
    },
}

impl DeliveryError {
    /// The service name has no owner; same error as the bus reports.
    pub fn no_service() -> Self {
        let name = "org.freedesktop.DBus.Error.NameHasNoOwner".to_owned();
        Self::Refused { name, detail: "no notification service is running".to_owned() }
    }

    /// The service sent an invalid answer.
    pub fn invalid_answer(detail: &str) -> Self {
        Self::Refused { name: String::new(), detail: detail.to_owned() }
    }

    /// Whether the called service has exited; a successor may be running.
    pub fn is_service_gone(&self) -> bool {
        const GONE: [&str; 4] = ["ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected"];
        let Self::Refused { name, .. } = self else { return false };
        name.strip_prefix("org.freedesktop.DBus.Error.").is_some_and(|name| GONE.contains(&name))
    }

    /// Whether the service accepted the call but will not answer, as reported by the bus.
    pub fn is_answer_lost(&self) -> bool {
        matches!(self, Self::Refused { name, .. } if name == "org.freedesktop.DBus.Error.NoReply")
    }

    /// Whether Plasma rejected a second toast of the same text within one second (`libnotificationmanager/server_p.cpp`).
    pub fn is_rate_limited(&self) -> bool {
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
    fn from(error: DeliveryError) -> Self {
        let DeliveryError::Refused { name, detail } = error else { return Self::Unavailable(error.to_string()) };
        match name.strip_prefix("org.freedesktop.DBus.Error.") {
            Some("ServiceUnknown" | "NameHasNoOwner" | "Disconnected" | "NoReply") => Self::Unavailable(detail),
            Some("TimedOut") => Self::Timeout,
            Some(name) if name.starts_with("Spawn.") => Self::Unavailable(detail),
            _ => Self::Refused(detail),
        }
    }
}
