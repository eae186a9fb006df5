//! `/api/v1/notifications`: the events after a cursor, as far as the caller's rights go at this moment.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::http::{QueryParams, SuccessResponse};
use crate::auth::Caller;
use crate::catchup::{self, CatchUpPage};
use crate::error::ApiError;
use crate::event_log::Cursor;
use crate::message::Message;
use crate::state::AppState;

/// Items of a page at most, and when the caller does not say.
const LIMIT_MAX: usize = 200;

/// Rooms that a reader may name: as many as a socket may be in.
const ROOMS_MAX: usize = 200;

/// The routes, below `/api/v1/notifications`.
pub fn router() -> Router<AppState> {
    Router::new().route("/", get(after))
}

#[derive(Deserialize)]
struct NotificationsQuery {
    after: Option<String>,
    limit: Option<usize>,
    /// Names separated by commas.
    rooms: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotificationsPage<'a> {
    items: Vec<Message<'a>>,
    next: &'a Cursor,
    has_more: bool,
    reset: bool,
}

async fn after(
    State(app): State<AppState>,
    caller: Caller,
    QueryParams(query): QueryParams<NotificationsQuery>,
) -> Result<Response, ApiError> {
    let limit = query.limit.unwrap_or(LIMIT_MAX);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(ApiError::BadRequest("limit has to lie between 1 and 200".to_owned()));
    }
    let requested = query.rooms.as_deref().map(|rooms| rooms.split(',').map(str::trim));
    if requested.clone().is_some_and(|requested| requested.count() > ROOMS_MAX) {
        return Err(ApiError::BadRequest("rooms may name up to 200".to_owned()));
    }
    let visibility = caller.role.visibility(&caller.id, requested);
    let page = app.store.call(move |work| catchup::page(work, query.after.as_deref(), &visibility, limit)).await?;
    Ok(answer(&page))
}

fn answer(CatchUpPage { items, next, has_more, reset }: &CatchUpPage) -> Response {
    let items = items.iter().map(|item| Message::for_page(next.epoch.at(item.seq), item));
    let data = NotificationsPage { items: items.collect(), next, has_more: *has_more, reset: *reset };
    SuccessResponse::new(data, "Events after the cursor").into_response()
}
