//! Connection state, as tray, tooltip, window header and command line show it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the connection stands. It never claims more than is known: online means that the server has confirmed
/// the session with its `connected` event (the token is checked only then, see the wire facts).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum ConnectionState {
    /// The program has just started.
    Starting,
    /// A connection attempt is under way.
    Connecting {
        /// Counted from 1; starts again after the link was healthy for 30 s.
        attempt: u32,
    },
    /// The server has confirmed the session.
    Online {
        /// When it did.
        #[ts(type = "string")]
        since: Timestamp,
    },
    /// The link is down and the next attempt is set.
    Waiting {
        /// When the next attempt starts.
        #[ts(type = "string")]
        retry_at: Timestamp,
        /// What went wrong last.
        reason: LinkReason,
    },
    /// Nothing happens until somebody signs in.
    SignInNeeded {
        /// Why.
        reason: LinkReason,
    },
    /// Switched off by the person.
    Paused,
}

/// Why the link is down: a code for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LinkReason {
    /// What kind of trouble.
    pub code: LinkReasonCode,
    /// One sentence, ready to be shown.
    pub message: String,
}

/// The kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum LinkReasonCode {
    /// No account has been set up on this machine, or the person signed out.
    NotSignedIn,
    /// The server does not accept the token (any more).
    TokenRefused,
    /// The keychain gave no tokens.
    Keychain,
    /// This machine has no network.
    NoNetwork,
    /// The proxy does not open the way.
    Proxy,
    /// The server's name cannot be resolved or nothing answers there.
    Unreachable,
    /// The server's certificate is not trusted.
    Certificate,
    /// The answer did not come in time, or the line went silent.
    Timeout,
    /// The server answered, but not as a booking service.
    NotABookingService,
    /// The server asked us to come back later.
    ServerBusy,
    /// The server ended the connection.
    ServerClosed,
    /// The connection broke.
    ConnectionLost,
    /// The inbox takes nothing at the moment.
    Inbox,
    /// A part of Gatecall failed and was started again.
    OwnFault,
}

impl LinkReason {
    /// A reason from its two parts.
    pub fn new(code: LinkReasonCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
