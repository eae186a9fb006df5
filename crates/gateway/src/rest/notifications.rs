//! `/api/v1/notifications`: the events after a cursor, as far as the caller's rights go at this moment.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{Params, Reply};
use crate::app::App;
use crate::auth::Caller;
use crate::catchup::{self, Page};
use crate::error::ApiError;
use crate::event_log::Cursor;
use crate::message::Message;

/// Items of a page at most, and when the caller does not say.
const LIMIT_MAX: usize = 200;

/// Rooms that a reader may name: as many as a socket may be in.
const ROOMS_MAX: usize = 200;

/// The routes, below `/api/v1/notifications`.
pub fn router() -> Router<App> {
    Router::new().route("/", get(after))
}

#[derive(Deserialize)]
struct Query {
    after: Option<String>,
    limit: Option<usize>,
    /// Names separated by commas.
    rooms: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Items<'a> {
    items: Vec<Message<'a>>,
    next: &'a Cursor,
    has_more: bool,
    reset: bool,
}

async fn after(State(app): State<App>, caller: Caller, Params(query): Params<Query>) -> Result<Response, ApiError> {
    let limit = query.limit.unwrap_or(LIMIT_MAX);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(ApiError::BadRequest("limit has to lie between 1 and 200".to_owned()));
    }
    let asked = query.rooms.as_deref().map(|rooms| rooms.split(',').map(str::trim));
    if asked.clone().is_some_and(|asked| asked.count() > ROOMS_MAX) {
        return Err(ApiError::BadRequest("rooms may name up to 200".to_owned()));
    }
    let sight = caller.role.sight(&caller.id, asked);
    let page = app.store.call(move |work| catchup::page(work, query.after.as_deref(), &sight, limit)).await?;
    Ok(answer(&page))
}

fn answer(Page { items, next, has_more, reset }: &Page) -> Response {
    let items = items.iter().map(|item| Message::for_page(next.epoch.at(item.seq), item));
    let data = Items { items: items.collect(), next, has_more: *has_more, reset: *reset };
    Reply::new(data, "Events after the cursor").into_response()
}
