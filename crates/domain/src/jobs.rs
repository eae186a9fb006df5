//! Long-running jobs: their kind and their progress.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that takes long and is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct JobView {
    /// What it is. There is only one of a kind at a time.
    pub kind: JobKind,
    /// Rows that are done.
    #[ts(type = "number")]
    pub done: u64,
    /// Rows in all, where that is known.
    #[ts(type = "number | null")]
    pub total: Option<u64>,
}

/// What may take long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum JobKind {
    /// What was missed is fetched. Stopped, it goes on with the next look at the server.
    CatchUp,
    /// Rows are written into a file. Stopped, there is no file.
    Export,
    /// The history of an account is deleted. Stopped, what is left stays, and is there again after the next sign-in.
    Wipe,
    /// The search index is rebuilt, or rows are rendered again in another language. Stopped, it goes on at the next start.
    Reindex,
}
