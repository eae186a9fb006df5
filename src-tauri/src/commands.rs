//! The one command of the page.

use ipc::{ErrorBody, Request};
use serde_json::value::RawValue;
use tauri::State;

use crate::bridge::Line;

/// Hands a request to the resident and its answer, unread, to the page.
///
/// # Errors
/// What the resident answered, or that it is not there.
#[tauri::command]
pub async fn call(line: State<'_, Line>, request: Request) -> Result<Box<RawValue>, ErrorBody> {
    line.call(request).await
}
