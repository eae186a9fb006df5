//! Result of checking a server address.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is known of a server address. Each step makes sense only when the one before is good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ServerCheck {
    /// The address as it is understood.
    pub address: String,
    /// Whether something answers there.
    pub reachable: CheckStep,
    /// Whether what is said on the way stays between the two.
    pub encrypted: CheckStep,
    /// Whether it speaks Socket.IO, as a booking service does.
    pub speaks: CheckStep,
    /// What is wrong, and what can be done about it; one sentence for a person.
    pub problem: Option<String>,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum CheckStep {
    /// As it should be.
    Good,
    /// It works, and is not as it should be.
    Doubtful,
    /// It does not work.
    Bad,
    /// Not tried.
    Unknown,
}
