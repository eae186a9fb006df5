//! Result of a check.

use serde::Serialize;

/// Result of the check of one part.
#[derive(Debug, Serialize)]
pub struct CheckResult {
    pub part: &'static str,
    #[serde(rename = "state")]
    pub status: CheckStatus,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
}

/// Status of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    Ok,
    Warning,
    Failed,
}

pub fn ok(part: &'static str, detail: impl Into<String>) -> CheckResult {
    CheckResult { part, status: CheckStatus::Ok, detail: detail.into(), next_step: None }
}

pub fn warning(part: &'static str, detail: impl Into<String>, next_step: impl Into<String>) -> CheckResult {
    CheckResult { part, status: CheckStatus::Warning, detail: detail.into(), next_step: Some(next_step.into()) }
}

pub fn failed(part: &'static str, detail: impl Into<String>, next_step: impl Into<String>) -> CheckResult {
    CheckResult { part, status: CheckStatus::Failed, detail: detail.into(), next_step: Some(next_step.into()) }
}
