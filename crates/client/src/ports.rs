//! Ports to the operating system, implemented by `os` and by the fakes in `tests/support`.

use domain::text::{KeychainFault, ToastFault, toast_fault};
use domain::{Language, Secret, Toast, ToastAction};
use jiff::Timestamp;

/// The wall clock.
pub trait Clock: Send + Sync + 'static {
    /// The time of day, as the system has it. May jump.
    fn now(&self) -> Timestamp;
}

/// The system's own.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Where tokens are kept. Calls block; the engine makes them off its async threads.
///
/// Implementations carry their own deadline: no call may block for longer than a few seconds, even while an
/// unlock prompt is open. Nothing is ever deleted because of an error.
pub trait Keychain: Send + Sync + 'static {
    /// The secret of `account`, or `None` when there is none.
    ///
    /// # Errors
    /// See [`KeychainError`]; "missing" is a value, not an error.
    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError>;
    /// Stores the secret of `account`, replacing an earlier one.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError>;
    /// Removes the secret of `account`; removing a missing one is fine.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn delete(&self, account: &str) -> Result<(), KeychainError>;
}

/// Why the keychain gave no answer. Never carries a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// The collection is locked and nobody has unlocked it within the deadline.
    #[error("the keychain is locked")]
    Locked,
    /// The keychain refused this program.
    #[error("the keychain denied access")]
    Denied,
    /// No keychain answers on this desktop (yet).
    #[error("no keychain is available: {0}")]
    Unavailable(String),
    /// No answer within the deadline.
    #[error("the keychain did not answer in time")]
    Timeout,
}

impl KeychainError {
    /// What is wrong, as it is said.
    pub fn fault(&self) -> KeychainFault {
        match self {
            Self::Locked => KeychainFault::Locked,
            Self::Denied => KeychainFault::Denied,
            Self::Unavailable(_) => KeychainFault::Away,
            Self::Timeout => KeychainFault::Silent,
        }
    }
}

/// Where toasts are shown. Calls block for at most their deadline (5 s) and run on a thread of their own.
pub trait Toaster: Send + Sync + 'static {
    /// Shows `toast`, replacing the one with the same key while that is still on screen.
    ///
    /// # Errors
    /// See [`ToastError`]; a failed toast is never retried by the implementation.
    fn show(&self, toast: &Toast) -> Result<(), ToastError>;
    /// Takes the toast with this key off the screen; without such a toast nothing happens.
    ///
    /// # Errors
    /// See [`ToastError`].
    fn withdraw(&self, key: &str) -> Result<(), ToastError>;
}

/// Why a toast was not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToastError {
    /// No notification service answers on this desktop (yet).
    #[error("no notification service is available: {0}")]
    Unavailable(String),
    /// The service refused the toast.
    #[error("the notification service refused the toast: {0}")]
    Refused(String),
    /// No answer within the deadline.
    #[error("the notification service did not answer in time")]
    Timeout,
}

impl ToastError {
    /// What a person is told, without a full stop.
    pub fn message(&self, language: Language) -> String {
        let fault = match self {
            Self::Unavailable(why) => ToastFault::Away(why),
            Self::Refused(why) => ToastFault::Refused(why),
            Self::Timeout => ToastFault::Silent,
        };
        toast_fault(fault, language)
    }
}

/// What became of a toast, as the desktop reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToastFeedback {
    /// The toast's [`Toast::key`].
    pub key: String,
    /// The inbox row that it spoke of.
    pub notification_id: i64,
    /// What happened.
    pub happened: Happened,
}

/// What can happen to a toast. None but [`Happened::Opened`] says anything about the row being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// The person clicked the toast or its Open button.
    Opened {
        /// Lets the window be raised on Wayland, or under X11's start-up notification.
        activation_token: Option<String>,
    },
    /// The person pressed another button. The toast is gone with it.
    Pressed(ToastAction),
    /// The person closed the toast.
    Dismissed,
    /// It left the screen by itself; on GNOME also when evicted. Never means "read".
    Expired,
}
