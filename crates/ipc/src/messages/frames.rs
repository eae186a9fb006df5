//! Frames after the hello: numbered calls from the client, answers and pushes from the resident.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::errors::ErrorBody;
use super::push::Push;
use super::request::Request;

/// A request with its id; the answer carries the same id.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    pub id: u64,
    pub request: Request,
}

/// A frame from the resident. Externally tagged, since serde cannot carry raw JSON through an internal tag.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ServerFrame {
    /// The call succeeded.
    Answer {
        /// Id of the call.
        id: u64,
        /// The result; null for requests without one.
        value: Box<RawValue>,
    },
    /// The call failed.
    Failure {
        /// Id of the call.
        id: u64,
        /// The reason.
        error: ErrorBody,
    },
    /// An unsolicited message.
    Push {
        /// The message.
        push: Box<Push>,
    },
}
